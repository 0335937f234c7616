"""Some decisions of reviewers are looked at again by another."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("quality", "0011_first_opinions"),
    ]

    operations = [
        migrations.AddField(
            model_name="review",
            name="second_of",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="second", to="quality.review"
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="second_p",
            field=models.FloatField(null=True),
        ),
        migrations.AlterField(
            model_name="review",
            name="status",
            field=models.CharField(
                choices=[
                    ("requested", "Requested"),
                    ("held", "Held"),
                    ("decided", "Decided"),
                    ("escalated", "Escalated"),
                    ("withdrawn", "Withdrawn"),
                ],
                default="requested",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="reviewerevidence",
            name="fault",
            field=models.CharField(
                blank=True,
                choices=[("false_reject", "False reject"), ("missed_error", "Missed error")],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="reviewerevidence",
            name="kind",
            field=models.CharField(
                choices=[
                    ("second", "Second look"),
                    ("adjudication", "Decided by a third person"),
                    ("appeal", "Appeal"),
                ],
                max_length=12,
            ),
        ),
    ]
