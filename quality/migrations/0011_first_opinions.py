"""What a reviewer said first, before the merged value was shown."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quality", "0010_appeals")]

    operations = [
        migrations.AddField(
            model_name="review",
            name="first",
            field=models.JSONField(blank=True, null=True),
        ),
    ]
