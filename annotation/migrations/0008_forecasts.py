"""Hours that people have worked, and forecasts of when batches end."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("annotation", "0007_pace"),
        ("workforce", "0002_hot_path"),
    ]

    operations = [
        migrations.CreateModel(
            name="Forecast",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("step", models.PositiveSmallIntegerField()),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("basis", models.CharField(choices=[("estimate", "Estimate"), ("history", "History")], max_length=8)),
                ("tasks", models.IntegerField()),
                ("answers", models.IntegerField()),
                ("wanted", models.FloatField()),
                ("need_s", models.FloatField()),
                ("people", models.IntegerField()),
                (
                    "made_s",
                    django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), null=True, size=None),
                ),
                ("p50_at", models.DateTimeField(null=True)),
                ("p80_at", models.DateTimeField(null=True)),
                ("p95_at", models.DateTimeField(null=True)),
                ("advice", models.JSONField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="forecasts",
                        to="annotation.batch",
                    ),
                ),
            ],
            options={
                "db_table": "forecast",
            },
        ),
        migrations.AddField(
            model_name="batch",
            name="forecast",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="annotation.forecast"
            ),
        ),
        migrations.CreateModel(
            name="WorkedHour",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "contributor_id",
                        "hour",
                        "project_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("hour", models.DateTimeField()),
                ("seconds", models.FloatField()),
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
                "db_table": "worked_hour",
            },
        ),
        migrations.AddIndex(
            model_name="forecast",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", False)), fields=["-ended_at"], name="forecast_ended"
            ),
        ),
        migrations.AddConstraint(
            model_name="forecast",
            constraint=models.UniqueConstraint(fields=("batch", "step"), name="forecast_step"),
        ),
        migrations.AddIndex(
            model_name="workedhour",
            index=models.Index(fields=["hour"], name="worked_hour_time"),
        ),
    ]
