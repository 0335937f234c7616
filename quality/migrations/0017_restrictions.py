"""Rules that restrict, what they make of their hits, and what the restricted person says to it."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import workforce.models.public_id


class Migration(migrations.Migration):
    dependencies = [
        ("annotation", "0022_restricted_here"),
        ("quality", "0016_rule_actions"),
        ("workforce", "0004_back_pay"),
    ]

    operations = [
        migrations.AlterField(
            model_name="rule",
            name="action",
            field=models.CharField(
                choices=[
                    ("flag", "Show them here, for somebody to look"),
                    ("raise_gold", "Give them more known answers"),
                    ("review_all", "Have all their work reviewed"),
                    ("notify", "Ask them to read the guidelines again"),
                    ("restrict", "Give them no new tasks for a while"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="Restriction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    workforce.models.public_id.PublicIdField(
                        "rst", db_default=workforce.models.public_id.NewPublicId(), editable=False, unique=True
                    ),
                ),
                (
                    "grounds",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), size=None),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("asked", "Waits for a decision"),
                            ("imposed", "Restricted"),
                            ("left", "Left as it is"),
                            ("lifted", "Lifted"),
                        ],
                        default="asked",
                        max_length=7,
                    ),
                ),
                ("since", models.DateTimeField(null=True)),
                ("until", models.DateTimeField(null=True)),
                ("decider", models.CharField(blank=True, max_length=40)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("objection", models.TextField(blank=True)),
                ("objected_at", models.DateTimeField(null=True)),
                ("reply", models.TextField(blank=True)),
                ("replied_at", models.DateTimeField(null=True)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "contributor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="restrictions",
                        to="workforce.contributor",
                    ),
                ),
                (
                    "hit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="restriction", to="quality.rulehit"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="restrictions",
                        to="annotation.project",
                    ),
                ),
            ],
            options={
                "db_table": "restriction",
                "indexes": [models.Index(fields=["project", "contributor"], name="restriction_of_person")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "asked")),
                        fields=("project", "contributor"),
                        name="restriction_asked_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "imposed"), _negated=True),
                            ("grounds__len__gte", 2),
                            models.Q(("decider", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="restriction_two_grounds",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("since__isnull", True), ("status__in", ["asked", "left"]), ("until__isnull", True)
                            ),
                            models.Q(
                                ("since__isnull", False),
                                ("status__in", ["imposed", "lifted"]),
                                ("until__gt", models.F("since")),
                                ("until__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="restriction_has_an_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "lifted"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            ("decider", ""),
                            _connector="OR",
                        ),
                        name="restriction_lifted_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("objected_at__isnull", True), ("objection", "")),
                            models.Q(
                                models.Q(("objection", ""), _negated=True),
                                ("objected_at__isnull", False),
                                ("since__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="restriction_objection_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("replied_at__isnull", True), ("reply", "")),
                            models.Q(
                                models.Q(("reply", ""), _negated=True),
                                ("objected_at__isnull", False),
                                ("replied_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="restriction_reply_pair",
                    ),
                ],
            },
        ),
    ]
