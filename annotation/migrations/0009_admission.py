"""Quotes before the work; budgets of batches, limits of organizations, and tasks that wait for them."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import workforce.models.public_id

# Before the column goes: what waits is opened, and everybody looks for it from the head of the line.
BACK = """
UPDATE queue SET head_rank = -1, head_id = 0, changes = changes + 1, epoch = epoch + 1
 WHERE id IN (SELECT queue_id FROM task WHERE status = 'queued');
UPDATE task SET status = 'open', waits_for = '' WHERE status = 'queued';
"""


class Migration(migrations.Migration):
    dependencies = [
        ("annotation", "0008_forecasts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Quote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    workforce.models.public_id.PublicIdField(
                        "quo", db_default=workforce.models.public_id.NewPublicId(), editable=False, unique=True
                    ),
                ),
                ("schema_version", models.IntegerField()),
                ("tasks", models.IntegerField()),
                ("overlap", models.JSONField()),
                (
                    "service_class",
                    models.CharField(
                        choices=[("urgent", "Urgent"), ("standard", "Standard"), ("bulk", "Bulk")], max_length=10
                    ),
                ),
                ("deadline", models.DateTimeField(null=True)),
                ("price_minor", models.BigIntegerField()),
                ("per_task_minor", models.BigIntegerField()),
                ("fee_minor", models.BigIntegerField(default=0)),
                ("total_minor", models.BigIntegerField()),
                ("answers_expected", models.FloatField()),
                ("need_s", models.FloatField()),
                ("basis", models.CharField(choices=[("estimate", "Estimate"), ("history", "History")], max_length=8)),
                ("p50_at", models.DateTimeField(null=True)),
                ("p80_at", models.DateTimeField(null=True)),
                ("p95_at", models.DateTimeField(null=True)),
                ("earliest_deadline", models.DateTimeField(null=True)),
                ("used_tasks", models.IntegerField(default=0)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("expires_at", models.DateTimeField()),
            ],
            options={
                "db_table": "quote",
            },
        ),
        migrations.AddField(
            model_name="batch",
            name="budget_minor",
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="batch",
            name="held_minor",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="batch",
            name="promise",
            field=models.CharField(
                choices=[("firm", "Promised"), ("best_effort", "Best effort")], default="best_effort", max_length=12
            ),
        ),
        migrations.AddField(
            model_name="batch",
            name="promised_s",
            field=models.FloatField(default=0.0),
        ),
        migrations.AddField(
            model_name="organization",
            name="limits",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="task",
            name="waits_for",
            field=models.CharField(blank=True, db_default="", max_length=20),
        ),
        migrations.AlterField(
            model_name="task",
            name="status",
            field=models.CharField(
                choices=[
                    ("queued", "Waiting"),
                    ("open", "Open"),
                    ("collecting", "In progress"),
                    ("deciding", "Being decided"),
                    ("in_review", "In review"),
                    ("completed", "Completed"),
                    ("failed", "Failed"),
                    ("canceled", "Canceled"),
                ],
                default="open",
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("status", "queued")), fields=["project", "batch", "rank"], name="task_queued"
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("seats_taken", 0), ("status", "queued"), models.Q(("waits_for", ""), _negated=True)),
                    models.Q(models.Q(("status", "queued"), _negated=True), ("waits_for", "")),
                    _connector="OR",
                ),
                name="task_waits_for",
            ),
        ),
        migrations.AddField(
            model_name="quote",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="annotation.organization",
            ),
        ),
        migrations.AddField(
            model_name="quote",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="quotes", to="annotation.project"
            ),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, BACK),
    ]
