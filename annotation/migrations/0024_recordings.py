"""Recordings in the media store: how long they are, and the wave that is drawn of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("annotation", "0023_silence")]

    operations = [
        migrations.AddField("file", "seconds", models.FloatField(null=True)),
        migrations.AddField("file", "sample_rate", models.IntegerField(null=True)),
        migrations.AddField("file", "peaks", models.BinaryField(default=b"", db_default=b"")),
    ]
