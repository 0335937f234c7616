"""A known answer says where it came from, why it is no longer used, and what is said against it while it is disputed."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("annotation", "0017_gold_factor"),
        ("quality", "0006_calibration"),
    ]

    operations = [
        migrations.AlterField(
            model_name="golditem",
            name="status",
            field=models.CharField(
                choices=[("active", "Active"), ("quarantined", "Quarantined"), ("retired", "Retired")],
                default="active",
                max_length=11,
            ),
        ),
        migrations.AddField(
            model_name="golditem",
            name="retired_for",
            field=models.CharField(blank=True, db_default="", default="", max_length=8),
        ),
        migrations.AddField(
            model_name="golditem",
            name="source",
            field=models.CharField(
                choices=[
                    ("planted", "Planted"),
                    ("reviewed", "From a reviewed task"),
                    ("agreed", "From answers that agree"),
                ],
                db_default="planted",
                default="planted",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="golditem",
            name="origin",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="promoted",
                to="annotation.task",
            ),
        ),
        migrations.AddField(
            model_name="golditem",
            name="rival",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="golditem",
            name="cleared_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name="golditem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("rival__isnull", False), ("status", "quarantined")),
                    models.Q(
                        models.Q(("status", "quarantined"), _negated=True),
                        ("rival__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="gold_item_rival",
            ),
        ),
    ]
