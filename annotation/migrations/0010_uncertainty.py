"""How unsure the answers of a task still are: the dispatcher gives first what teaches most. A constant default rewrites no row."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("annotation", "0009_admission")]

    operations = [migrations.AddField("task", "uncertainty", models.SmallIntegerField(db_default=1000))]
