"""A lease may run on without its seat (docs/adr/0020)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("annotation", "0015_phase"),
        ("workforce", "0003_wishes"),
    ]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="spare",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(condition=models.Q(("spare", True)), fields=["task"], name="assignment_spare"),
        ),
    ]
