"""The tables of quality."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import workforce.models.public_id


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("annotation", "0001_initial"),
        ("workforce", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Consensus",
            fields=[
                (
                    "task",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="consensus",
                        serialize=False,
                        to="annotation.task",
                    ),
                ),
                ("revision", models.PositiveSmallIntegerField()),
                ("answers", models.JSONField()),
                ("n", models.PositiveSmallIntegerField()),
                ("confidence", models.FloatField(null=True)),
                ("agreement", models.FloatField(null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[("settled", "Settled"), ("more", "More"), ("review", "Review"), ("plural", "Plural")],
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=60)),
                ("inputs_sha256", models.CharField(max_length=64)),
                ("updated_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "project",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="annotation.project",
                    ),
                ),
            ],
            options={
                "db_table": "consensus",
            },
        ),
        migrations.CreateModel(
            name="GoldItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    workforce.models.public_id.PublicIdField(
                        "gld", db_default=workforce.models.public_id.NewPublicId(), editable=False, unique=True
                    ),
                ),
                ("expected", models.JSONField()),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "Active"), ("retired", "Retired")], default="active", max_length=8
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="annotation.organization",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="gold", to="annotation.project"
                    ),
                ),
                (
                    "task",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="gold", to="annotation.task"
                    ),
                ),
            ],
            options={
                "db_table": "gold_item",
            },
        ),
        migrations.CreateModel(
            name="GoldOutcome",
            fields=[
                (
                    "annotation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="gold_outcome",
                        serialize=False,
                        to="annotation.annotation",
                    ),
                ),
                ("score", models.FloatField()),
                ("questions", models.JSONField()),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="outcomes", to="quality.golditem"
                    ),
                ),
            ],
            options={
                "db_table": "gold_outcome",
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    workforce.models.public_id.PublicIdField(
                        "rev", db_default=workforce.models.public_id.NewPublicId(), editable=False, unique=True
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[("label", "Label"), ("review", "Review"), ("adjudicate", "Adjudicate")],
                        default="review",
                        max_length=12,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("requested", "Requested"),
                            ("decided", "Decided"),
                            ("escalated", "Escalated"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="requested",
                        max_length=10,
                    ),
                ),
                ("cause", models.CharField(max_length=40)),
                ("risk", models.FloatField(default=0)),
                ("inclusion_p", models.FloatField(default=1)),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("accept", "Accept"),
                            ("correct", "Correct"),
                            ("return", "Return"),
                            ("reject", "Reject"),
                            ("escalate", "Escalate"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("comments", models.JSONField(default=list)),
                ("note", models.TextField(blank=True)),
                ("value", models.JSONField(blank=True, null=True)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "annotation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="annotation.annotation",
                    ),
                ),
                (
                    "assignment",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="review",
                        to="annotation.assignment",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="annotation.organization",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reviews", to="annotation.project"
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reviews", to="annotation.task"
                    ),
                ),
            ],
            options={
                "db_table": "review",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "requested")), fields=("task", "stage"), name="review_one_open"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decision", "")),
                            models.Q(models.Q(("decision", ""), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="review_decision_pair",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Scorecard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("alpha", models.FloatField(default=4.0)),
                ("beta", models.FloatField(default=2.0)),
                ("n", models.IntegerField(default=0)),
                ("gold_n", models.IntegerField(default=0)),
                ("gold_right", models.FloatField(default=0)),
                ("updated_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "contributor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scorecards",
                        to="workforce.contributor",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="scorecards", to="annotation.project"
                    ),
                ),
            ],
            options={
                "db_table": "scorecard",
                "constraints": [models.UniqueConstraint(fields=("project", "contributor"), name="scorecard_unique")],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("gold", "Known answer"), ("review", "Review"), ("peer", "Consensus")], max_length=8
                    ),
                ),
                ("outcome", models.FloatField()),
                ("weight", models.FloatField()),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "annotation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="evidence", to="annotation.annotation"
                    ),
                ),
                (
                    "contributor",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="workforce.contributor",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="annotation.project",
                    ),
                ),
            ],
            options={
                "db_table": "evidence",
                "indexes": [models.Index(fields=["project", "contributor", "id"], name="evidence_of_person")],
                "constraints": [models.UniqueConstraint(fields=("annotation", "kind"), name="evidence_once")],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="evidence",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="f39d24b4e09e2188a7181ce114314b6147fe1e3d",
                    operation="UPDATE",
                    pgid="pgtrigger_append_only_6313c",
                    table="evidence",
                    when="BEFORE",
                ),
            ),
        ),
    ]
