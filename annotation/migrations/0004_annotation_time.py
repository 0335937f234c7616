"""Answers of the last hours are found by time: a BRIN index costs the hot path nothing, and answers arrive in its order."""

import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("annotation", "0003_hot_path")]

    operations = [
        migrations.AddIndex(
            model_name="annotation",
            index=django.contrib.postgres.indexes.BrinIndex(
                fields=["submitted_at"], name="annotation_time", pages_per_range=32
            ),
        ),
    ]
