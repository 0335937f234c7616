"""Having somebody's answers done again, and rules that do so."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import workforce.models.public_id


class Migration(migrations.Migration):
    dependencies = [
        ("annotation", "0025_practice"),
        ("quality", "0018_practice"),
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
                    ("redo", "Have their answers of these days done again by others"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="Redo",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    workforce.models.public_id.PublicIdField(
                        "rdo", db_default=workforce.models.public_id.NewPublicId(), editable=False, unique=True
                    ),
                ),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("actor_kind", models.CharField(max_length=12)),
                ("actor", models.CharField(blank=True, max_length=40)),
                (
                    "status",
                    models.CharField(
                        choices=[("running", "Going on"), ("done", "Done")], default="running", max_length=7
                    ),
                ),
                ("reached", models.BigIntegerField(default=0)),
                ("answers", models.PositiveIntegerField(default=0)),
                ("delivered", models.PositiveIntegerField(default=0)),
                ("left", models.JSONField(default=dict)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("updated_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "contributor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="redos", to="workforce.contributor"
                    ),
                ),
                (
                    "hit",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="redo",
                        to="quality.rulehit",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="redos",
                        to="annotation.project",
                    ),
                ),
            ],
            options={
                "db_table": "redo",
                "indexes": [
                    models.Index(fields=["project", "contributor"], name="redo_of_person"),
                    models.Index(condition=models.Q(("status", "running")), fields=["updated_at"], name="redo_running"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "running")),
                        fields=("project", "contributor"),
                        name="redo_running_once",
                    ),
                    models.CheckConstraint(condition=models.Q(("since__lt", models.F("until"))), name="redo_span"),
                    models.CheckConstraint(
                        condition=models.Q(("delivered__lte", models.F("answers"))), name="redo_counts"
                    ),
                ],
            },
        ),
    ]
