"""Practice: tasks that everybody does first, and whose answer is shown afterwards."""

from django.db import migrations, models

CHOICES = [("work", "Work"), ("gold", "Gold"), ("audit", "Audit"), ("train", "Train")]


class Migration(migrations.Migration):
    dependencies = [("annotation", "0024_recordings")]

    operations = [
        migrations.AlterField(model, "purpose", models.CharField(choices=CHOICES, default="work", max_length=6))
        for model in ("queue", "task")
    ]
