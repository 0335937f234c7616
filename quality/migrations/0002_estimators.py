"""What fits of the estimators leave behind: the runs, and the skills of contributors as the present ones believe."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import workforce.models.public_id


class Migration(migrations.Migration):
    dependencies = [
        ("annotation", "0010_uncertainty"),
        ("quality", "0001_initial"),
        ("workforce", "0002_hot_path"),
    ]

    operations = [
        migrations.CreateModel(
            name="EstimatorRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    workforce.models.public_id.PublicIdField(
                        "est", db_default=workforce.models.public_id.NewPublicId(), editable=False, unique=True
                    ),
                ),
                ("question", models.CharField(max_length=200)),
                (
                    "status",
                    models.CharField(
                        choices=[("fitted", "Fitted"), ("refused", "Refused"), ("replaced", "Replaced")], max_length=8
                    ),
                ),
                ("classes", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("parameters", models.JSONField(default=dict)),
                ("inputs_sha256", models.CharField(max_length=64)),
                ("through", models.BigIntegerField()),
                ("tasks", models.IntegerField()),
                ("contributors", models.IntegerField()),
                ("labels", models.IntegerField()),
                ("golds", models.IntegerField()),
                ("warm", models.BooleanField()),
                ("converged", models.BooleanField()),
                ("seconds", models.FloatField()),
                ("fresh", models.IntegerField(default=0)),
                ("fitted_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "project",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="estimator_runs",
                        to="annotation.project",
                    ),
                ),
            ],
            options={
                "db_table": "estimator_run",
            },
        ),
        migrations.CreateModel(
            name="ContributorSkill",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("expected_right", models.FloatField()),
                ("labels", django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), size=None)),
                ("counts", django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), size=None)),
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
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="skills",
                        to="quality.estimatorrun",
                    ),
                ),
            ],
            options={
                "db_table": "contributor_skill",
            },
        ),
        migrations.AddConstraint(
            model_name="estimatorrun",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["fitted", "refused"])),
                fields=("project", "question"),
                name="estimator_run_present",
            ),
        ),
        migrations.AddConstraint(
            model_name="contributorskill",
            constraint=models.UniqueConstraint(fields=("run", "contributor"), name="contributor_skill_unique"),
        ),
    ]
