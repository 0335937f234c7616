"""What is promised of batches, and the results that are looked at to show it."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import workforce.models.public_id


class Migration(migrations.Migration):
    dependencies = [
        ("annotation", "0018_audits"),
        ("quality", "0004_trial"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccuracyContract",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    workforce.models.public_id.PublicIdField(
                        "acc", db_default=workforce.models.public_id.NewPublicId(), editable=False, unique=True
                    ),
                ),
                ("error", models.FloatField(default=0.02)),
                ("confidence", models.FloatField(default=0.95)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("promised", "Promised"),
                            ("auditing", "Being audited"),
                            ("reworking", "Being improved"),
                            ("met", "Met"),
                            ("missed", "Missed"),
                        ],
                        default="promised",
                        max_length=9,
                    ),
                ),
                ("attempt", models.PositiveSmallIntegerField(default=0)),
                (
                    "sizes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, size=None
                    ),
                ),
                ("upper", models.FloatField(null=True)),
                ("share", models.FloatField(null=True)),
                ("low", models.FloatField(null=True)),
                ("high", models.FloatField(null=True)),
                ("planned_answers", models.IntegerField()),
                ("planned_s", models.FloatField()),
                ("planned_minor", models.BigIntegerField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "batch",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="contract", to="annotation.batch"
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
            ],
            options={
                "db_table": "accuracy_contract",
            },
        ),
        migrations.CreateModel(
            name="AuditItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("attempt", models.PositiveSmallIntegerField()),
                ("revision", models.PositiveSmallIntegerField()),
                ("stratum", models.PositiveSmallIntegerField()),
                ("pi", models.FloatField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("", "Open"), ("right", "Right"), ("wrong", "Wrong"), ("void", "Void")],
                        default="",
                        max_length=5,
                    ),
                ),
                ("truths", models.JSONField(default=list)),
                (
                    "audit_task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="audits", to="annotation.task"
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="quality.accuracycontract",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="annotation.task",
                    ),
                ),
            ],
            options={
                "db_table": "audit_item",
            },
        ),
        migrations.AddIndex(
            model_name="accuracycontract",
            index=models.Index(
                condition=models.Q(("decided_at__isnull", True)), fields=["id"], name="contract_undecided"
            ),
        ),
        migrations.AddConstraint(
            model_name="accuracycontract",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confidence__gte", 0.5), ("confidence__lt", 1), ("error__gt", 0), ("error__lt", 0.5)
                ),
                name="contract_promise",
            ),
        ),
        migrations.AddConstraint(
            model_name="accuracycontract",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("attempt", 0), ("status", "promised")),
                    models.Q(models.Q(("status", "promised"), _negated=True), ("attempt__range", (1, 3))),
                    _connector="OR",
                ),
                name="contract_attempt",
            ),
        ),
        migrations.AddConstraint(
            model_name="accuracycontract",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", False), ("status__in", ["met", "missed"])),
                    models.Q(models.Q(("status__in", ["met", "missed"]), _negated=True), ("decided_at__isnull", True)),
                    _connector="OR",
                ),
                name="contract_decided_pair",
            ),
        ),
        migrations.AddIndex(
            model_name="audititem",
            index=models.Index(condition=models.Q(("outcome", "")), fields=["contract"], name="audit_item_open"),
        ),
        migrations.AddConstraint(
            model_name="audititem",
            constraint=models.UniqueConstraint(fields=("contract", "attempt", "task"), name="audit_item_once"),
        ),
        migrations.AddConstraint(
            model_name="audititem",
            constraint=models.CheckConstraint(condition=models.Q(("pi__gt", 0), ("pi__lte", 1)), name="audit_item_pi"),
        ),
        migrations.AddConstraint(
            model_name="audititem",
            constraint=models.CheckConstraint(
                condition=models.Q(("stratum__range", (0, 3))), name="audit_item_stratum"
            ),
        ),
        migrations.AddConstraint(
            model_name="audititem",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["", "right", "wrong", "void"])), name="audit_item_outcome"
            ),
        ),
    ]
