"""What was taken back may be paid after all."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workforce", "0003_wishes"),
    ]

    operations = [
        migrations.AlterField(
            model_name="earning",
            name="kind",
            field=models.CharField(
                choices=[("work", "Work"), ("review", "Review"), ("appeal", "Appeal")], default="work", max_length=12
            ),
        ),
    ]
