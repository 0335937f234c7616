"""Rules as data, each time that one hit somebody, and until when one gives somebody more known answers."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import workforce.models.public_id


class Migration(migrations.Migration):
    dependencies = [
        ("annotation", "0018_audits"),
        ("quality", "0008_contract_canceled"),
        ("workforce", "0003_wishes"),
    ]

    operations = [
        migrations.AddField(
            model_name="scorecard",
            name="raised_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name="Rule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    workforce.models.public_id.PublicIdField(
                        "rul", db_default=workforce.models.public_id.NewPublicId(), editable=False, unique=True
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("window_d", models.PositiveSmallIntegerField()),
                ("least", models.PositiveSmallIntegerField()),
                ("condition", models.JSONField()),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("flag", "Show them here, for somebody to look"),
                            ("raise_gold", "Give them more known answers"),
                        ],
                        max_length=10,
                    ),
                ),
                ("days", models.PositiveSmallIntegerField(default=7)),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Not in force"), ("enabled", "In force")], default="draft", max_length=7
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("tried", models.JSONField(null=True)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rules", to="annotation.project"
                    ),
                ),
            ],
            options={
                "db_table": "rule",
            },
        ),
        migrations.CreateModel(
            name="RuleHit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField()),
                ("bucket", models.IntegerField()),
                ("facts", models.JSONField()),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "contributor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="workforce.contributor"
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hits",
                        to="quality.rule",
                    ),
                ),
            ],
            options={
                "db_table": "rule_hit",
            },
        ),
        migrations.AddConstraint(
            model_name="rule",
            constraint=models.UniqueConstraint(fields=("project", "name"), name="rule_name_unique"),
        ),
        migrations.AddConstraint(
            model_name="rule",
            constraint=models.CheckConstraint(
                condition=models.Q(("status", "draft"), ("tried__isnull", False), _connector="OR"), name="rule_tried"
            ),
        ),
        migrations.AddConstraint(
            model_name="rulehit",
            constraint=models.UniqueConstraint(
                fields=("rule", "version", "contributor", "bucket"), name="rule_hit_once"
            ),
        ),
    ]
