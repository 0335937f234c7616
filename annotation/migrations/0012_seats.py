"""A seat is made from a task and a person that the claim has just locked or read: nothing is looked up again (docs/adr/0013)."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("annotation", "0011_scheduler"),
        ("workforce", "0003_wishes"),
    ]

    operations = [
        migrations.AlterField(
            model_name="assignment",
            name="contributor",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assignments",
                to="workforce.contributor",
            ),
        ),
        migrations.AlterField(
            model_name="assignment",
            name="task",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="assignments",
                to="annotation.task",
            ),
        ),
    ]
