"""Tasks that copy another, and queues whose work somebody else pays for: the claim gives nobody a copy of what they have had, and the
lease freezes the payer."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

GOLD = import_module("annotation.migrations.0017_gold_factor")
BEFORE, DROP = GOLD.after(), GOLD.DROP.format(type="double precision")
CHANGES = (
    ("that one near to them has had.", "that one near to them has had. Nor a copy of one\n-- they have had. `terms`: what the lease says differently from the project's."),
    ("a.task_id = t.id OFFSET 0)", "a.task_id IN (t.id, t.copy_of_id) OFFSET 0)"),
    ("OUT task_key uuid, OUT first boolean)\n", "OUT task_key uuid, OUT first boolean, OUT terms jsonb)\n"),
    (
        "AS apart,\n",
        "AS apart,\n               CASE WHEN k.payer = '' THEN '{}'::jsonb ELSE jsonb_build_object('payer', k.payer) END AS terms,\n",
    ),
    ("            outcome := 'claimed';\n", "            terms := q.terms;\n            outcome := 'claimed';\n"),
    ("ORDER BY k.purpose = 'work',", "ORDER BY k.purpose <> 'gold',"),
    ("AND (k.purpose = 'work' OR p_gold <", "AND (k.purpose <> 'gold' OR p_gold <"),
    ("k.service_class::text), k.id\n", "k.service_class::text), k.purpose = 'work', k.id\n"),
    ("    v_task bigint;\nBEGIN\n    PERFORM set_config('synchronous_commit', 'off', true);\n    IF NOT", "    v_task bigint;\n    v_terms jsonb;\nBEGIN\n    PERFORM set_config('synchronous_commit', 'off', true);\n    IF NOT"),
    ("SELECT s.outcome, s.task INTO outcome, v_task\n", "SELECT s.outcome, s.task, s.terms INTO outcome, v_task, v_terms\n"),
    ("'', 0, '{}'::jsonb FROM task t", "'', 0, v_terms FROM task t"),
    ("'', 0, v.terms)\n", "'', 0, v.terms || s.terms)\n"),
)  # fmt: skip


def after() -> str:
    """The functions as they are from now on."""
    return GOLD.changed(BEFORE, CHANGES)


class Migration(migrations.Migration):
    dependencies = [("annotation", "0017_gold_factor")]

    operations = [
        migrations.AddField(
            model_name="task",
            name="copy_of",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="annotation.task",
            ),
        ),
        migrations.AddField(
            model_name="queue",
            name="payer",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AddField(model_name="quote", name="accuracy", field=models.JSONField(null=True)),
        *(
            migrations.AlterField(
                model_name=model,
                name="purpose",
                field=models.CharField(
                    choices=[("work", "Work"), ("gold", "Gold"), ("audit", "Audit")], default="work", max_length=6
                ),
            )
            for model in ("queue", "task")
        ),
        migrations.RemoveConstraint(model_name="queue", name="queue_unique"),
        migrations.AddConstraint(
            model_name="queue",
            constraint=models.UniqueConstraint(
                fields=("project", "stage", "service_class", "purpose", "payer", "requirements_sha256"),
                name="queue_unique",
            ),
        ),
        migrations.RunSQL(DROP + after(), DROP + BEFORE),
    ]
