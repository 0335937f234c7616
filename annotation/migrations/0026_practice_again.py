"""Practice ends at a rank, for everybody at their own: the claim goes no further. Its order is by age, and a lease says that it is practice."""

from importlib import import_module

from django.db import migrations, models

from annotation.models.project import NO_END

GANGS, AUDITS = (import_module(f"annotation.migrations.{name}") for name in ("0021_gangs", "0018_audits"))
BEFORE = GANGS.after()
CHANGES = (
    ("what the lease says differently from the project's.", "what the lease says differently from the project's.\n-- Practice is walked through by age up to the end that is kept with the person's verdict, whatever seats came back."),
    ("c.exhausted_changes, c.ctid AS at,\n", "c.exhausted_changes, c.end_rank, c.ctid AS at,\n               k.purpose = 'train' AS practice,\n"),
    ("jsonb_build_object('payer', k.payer) END AS terms,\n", "jsonb_build_object('payer', k.payer) END\n               || CASE WHEN k.purpose = 'train' THEN '{\"practice\": true}'::jsonb ELSE '{}'::jsonb END AS terms,\n"),
    ("AND t.claimable AND t.recycled\n", "AND t.claimable AND t.recycled AND NOT q.practice\n"),
    ("AND (t.rank, t.id) > (v_from_rank, v_from_id)\n", "AND (t.rank, t.id) > (v_from_rank, v_from_id) AND t.rank <= q.end_rank\n"),
    ("AND (t.rank, t.id) > (q.head_rank, q.head_id)\n", "AND (t.rank, t.id) > (q.head_rank, q.head_id) AND t.rank <= q.end_rank\n"),
)  # fmt: skip
# What is there was in no order.
BY_AGE = """
UPDATE task t SET rank = t.id FROM queue q WHERE q.purpose = 'train' AND t.project_id = q.project_id AND t.queue_id = q.id AND t.claimable;
UPDATE queue SET head_rank = -1, head_id = 0, epoch = epoch + 1, changes = changes + 1 WHERE purpose = 'train';
"""


def after() -> str:
    """The functions as they are from now on."""
    return str(AUDITS.GOLD.changed(BEFORE, CHANGES))


class Migration(migrations.Migration):
    dependencies = [("annotation", "0025_practice")]

    operations = [
        migrations.AddField("projectcontributor", "practice_end", models.BigIntegerField(null=True)),
        migrations.AddField("projectcontributor", "practice", models.JSONField(db_default={}, default=dict)),
        migrations.AddField("queuecursor", "end_rank", models.BigIntegerField(db_default=NO_END, default=NO_END)),
        migrations.RunSQL(AUDITS.DROP + after(), AUDITS.DROP + BEFORE),
        migrations.RunSQL(BY_AGE, migrations.RunSQL.noop),
    ]
