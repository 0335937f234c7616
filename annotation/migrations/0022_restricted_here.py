"""For how long a project gives somebody no new tasks, and what they are told of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("annotation", "0021_gangs"),
    ]

    operations = [
        migrations.AddField(
            model_name="projectcontributor",
            name="restricted_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="projectcontributor",
            name="restriction",
            field=models.JSONField(db_default={}, default=dict),
        ),
    ]
