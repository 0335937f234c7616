"""Runs say with which estimator they were made: so far always with the default."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quality", "0005_contract")]

    operations = [
        migrations.AddField(
            model_name="estimatorrun",
            name="method",
            field=models.CharField(default="auto", max_length=20),
            preserve_default=False,
        ),
    ]
