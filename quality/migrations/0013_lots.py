"""Batches whose results are sampled, and pass or not."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("annotation", "0020_appealed"),
        ("quality", "0012_second_looks"),
    ]

    operations = [
        migrations.CreateModel(
            name="Lot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("n", models.PositiveSmallIntegerField()),
                ("accept", models.PositiveSmallIntegerField()),
                ("share", models.FloatField()),
                ("full", models.BooleanField(default=False)),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Being sampled"), ("passed", "Passed"), ("failed", "Failed")],
                        default="open",
                        max_length=6,
                    ),
                ),
                ("bound", models.FloatField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "batch",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lot", to="annotation.batch"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lots", to="annotation.project"
                    ),
                ),
            ],
            options={
                "db_table": "lot",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("bound__isnull", True), ("decided_at__isnull", True), ("status", "open")),
                            models.Q(
                                models.Q(("status", "open"), _negated=True),
                                ("bound__isnull", False),
                                ("decided_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="lot_decided_pair",
                    )
                ],
            },
        ),
    ]
