"""Known answers for practice: shown after the answer, with the reason."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quality", "0017_restrictions")]

    operations = [
        migrations.AddField("golditem", "training", models.BooleanField(default=False, db_default=False)),
        migrations.AddField("golditem", "why", models.TextField(blank=True, default="", db_default="")),
    ]
