"""People who do a task at the same time: their offers are taken where only that keeps them from the queue."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

COPIES, AUDITS = (import_module(f"annotation.migrations.{name}") for name in ("0019_copies", "0018_audits"))
BEFORE = COPIES.after()
OPEN = "c.verdict = {verdict} AND c.facts_version = v.facts"
CALLED = "CASE a.origin WHEN 'gang' THEN 'together' ELSE '' END"


def after() -> str:
    """The functions as they are from now on."""
    return AUDITS.GOLD.changed(BEFORE, [(OPEN.format(verdict="''"), OPEN.format(verdict=CALLED))])


class Migration(migrations.Migration):
    dependencies = [("annotation", "0020_appealed")]

    operations = [
        migrations.CreateModel(
            name="Gang",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("size", models.PositiveSmallIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("forming", "Forming"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("lapsed", "Lapsed"),
                        ],
                        default="forming",
                        max_length=8,
                    ),
                ),
                ("formed_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="gangs", to="annotation.task"
                    ),
                ),
            ],
            options={"db_table": "gang"},
        ),
        migrations.AddConstraint(
            model_name="gang",
            constraint=models.UniqueConstraint(
                condition=Q(("status__in", ["forming", "running"])), fields=("task",), name="gang_one_live"
            ),
        ),
        migrations.AlterField(
            model_name="assignment",
            name="origin",
            field=models.CharField(
                choices=[
                    ("offer", "Offer"),
                    ("claim", "Claim"),
                    ("return", "Return"),
                    ("recall", "Recall"),
                    ("gang", "Gang"),
                ],
                max_length=8,
            ),
        ),
        migrations.RunSQL(AUDITS.DROP + after(), AUDITS.DROP + BEFORE),
    ]
