"""Missed known answers can be looked at again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("quality", "0013_lots"),
    ]

    operations = [
        migrations.AlterField(
            model_name="appeal",
            name="cause",
            field=models.CharField(
                choices=[
                    ("rejected", "The answer was not accepted"),
                    ("not_returned", "The returned work was not corrected in time"),
                    ("known", "A known answer was missed"),
                ],
                max_length=12,
            ),
        ),
    ]
