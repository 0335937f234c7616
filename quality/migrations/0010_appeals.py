"""Appeals, and what they show of reviewers."""

import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import workforce.models.public_id


class Migration(migrations.Migration):
    dependencies = [
        ("annotation", "0020_appealed"),
        ("quality", "0009_rules"),
        ("workforce", "0004_back_pay"),
    ]

    operations = [
        migrations.CreateModel(
            name="Appeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    workforce.models.public_id.PublicIdField(
                        "apl", db_default=workforce.models.public_id.NewPublicId(), editable=False, unique=True
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("rejected", "The answer was not accepted"),
                            ("not_returned", "The returned work was not corrected in time"),
                        ],
                        max_length=12,
                    ),
                ),
                ("words", models.TextField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Waiting"),
                            ("in_hearing", "Being looked at"),
                            ("granted", "Granted"),
                            ("dismissed", "Not granted"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("opened_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("due_at", models.DateTimeField()),
                ("held_until", models.DateTimeField(null=True)),
                ("note", models.TextField(blank=True)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "annotation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="appeal", to="annotation.annotation"
                    ),
                ),
                (
                    "contributor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="appeals", to="workforce.contributor"
                    ),
                ),
                (
                    "hearer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workforce.contributor",
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
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="appeals",
                        to="annotation.project",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeals",
                        to="quality.review",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="appeals", to="annotation.task"
                    ),
                ),
            ],
            options={
                "db_table": "appeal",
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ["open", "in_hearing"])),
                        fields=["project", "due_at"],
                        name="appeal_waiting",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("status__in", ["open", "in_hearing"])),
                            models.Q(("decided_at__isnull", False), ("status__in", ["granted", "dismissed"])),
                            _connector="OR",
                        ),
                        name="appeal_decided_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "in_hearing"), _negated=True),
                            models.Q(("hearer__isnull", False), ("held_until__isnull", False)),
                            _connector="OR",
                        ),
                        name="appeal_heard_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "dismissed"), _negated=True),
                            models.Q(("hearer__isnull", False), models.Q(("note", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="appeal_dismissed_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewerEvidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("appeal", "Appeal")], max_length=12)),
                ("outcome", models.FloatField()),
                (
                    "fault",
                    models.CharField(blank=True, choices=[("false_reject", "Rejected what was right")], max_length=12),
                ),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "project",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="annotation.project",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="evidence", to="quality.review"
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="workforce.contributor",
                    ),
                ),
            ],
            options={
                "db_table": "reviewer_evidence",
                "indexes": [models.Index(fields=["project", "reviewer"], name="reviewer_evidence_of_person")],
                "constraints": [models.UniqueConstraint(fields=("review", "kind"), name="reviewer_evidence_once")],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reviewerevidence",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="309e08bb4cd475649461cb7c3c84c937b0bd53c6",
                    operation="UPDATE",
                    pgid="pgtrigger_append_only_af480",
                    table="reviewer_evidence",
                    when="BEFORE",
                ),
            ),
        ),
    ]
