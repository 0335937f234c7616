"""Indexes go by the phase of a task, which its first lease does not change (docs/adr/0019)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("annotation", "0014_reach"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="task",
            name="task_status",
        ),
        migrations.RemoveIndex(
            model_name="task",
            name="task_deciding",
        ),
        migrations.RemoveIndex(
            model_name="task",
            name="task_batch",
        ),
        migrations.RemoveIndex(
            model_name="task",
            name="task_queued",
        ),
        migrations.AddField(
            model_name="task",
            name="phase",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(
                    models.When(status="collecting", then=models.Value("open")), default=models.F("status")
                ),
                output_field=models.CharField(max_length=10),
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["project", "phase", "id"], name="task_phase"),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("batch__isnull", False)), fields=["batch", "phase"], name="task_batch"
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("phase", "queued")), fields=["project", "batch", "rank"], name="task_queued"
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(condition=models.Q(("phase", "deciding")), fields=["id"], name="task_deciding"),
        ),
    ]
