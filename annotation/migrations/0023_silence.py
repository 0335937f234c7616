"""By when an answer must be judged: what its lease has promised, kept with the answer, so that silence can be found by one index.

Answers that wait already are given their whole time from now on: nobody had been told that it was running.
"""

from datetime import timedelta

import django.db.models.expressions
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

WAITS = """
UPDATE project SET lease_terms = lease_terms || jsonb_build_object('auto_accept_s', coalesce((terms ->> 'auto_accept_s')::int, 604800));
UPDATE annotation n SET judge_by = now() + make_interval(secs => (p.lease_terms ->> 'auto_accept_s')::int)
  FROM project p WHERE p.id = n.project_id AND n.status = 'pending';
"""
WAITS_BACK = "UPDATE project SET lease_terms = lease_terms - 'auto_accept_s'"

# `store_answer` (0003_hot_path) writes one column more; the rest of it stays as it is.
STORE = """
DO $do$
DECLARE
    v_old text := pg_get_functiondef('store_answer'::regproc);
    v_new text := replace(replace(v_old, {names}), {values});
BEGIN
    ASSERT v_new <> v_old, 'store_answer does not insert as expected';
    EXECUTE v_new;
END $do$
"""
NAMES = ["'exit, sha256, active_ms, status)'", "'exit, sha256, active_ms, status, judge_by)'"]
VALUES = [
    "'p_sha256, p_active_ms, status)'",
    "'p_sha256, p_active_ms, status, now() + make_interval(secs => coalesce((s.terms ->> ''auto_accept_s'')::int, 604800)))'",
]


class Migration(migrations.Migration):
    dependencies = [
        ("annotation", "0022_restricted_here"),
        ("workforce", "0004_back_pay"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="annotation",
            name="answer_is_frozen",
        ),
        migrations.AddField(
            model_name="annotation",
            name="judge_by",
            field=models.DateTimeField(
                db_default=django.db.models.expressions.CombinedExpression(
                    django.db.models.functions.datetime.Now(), "+", models.Value(timedelta(days=7))
                )
            ),
        ),
        migrations.RunSQL(WAITS, WAITS_BACK),
        migrations.AddIndex(
            model_name="annotation",
            index=models.Index(
                condition=models.Q(("exit", ""), ("status", "pending")),
                fields=["judge_by"],
                name="annotation_unjudged",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="annotation",
            trigger=pgtrigger.compiler.Trigger(
                name="answer_is_frozen",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='RAISE EXCEPTION \'pgtrigger: Cannot update of "answer", "exit", "sha256", "task_id", "contributor_id", "assignment_id", "client_key", "epoch", "submitted_at", "judge_by" rows from % table\', TG_TABLE_NAME;',
                    hash="cea69e4f0b62908164456a4c6df9dbdeae7ac5db",
                    operation='UPDATE OF "answer", "exit", "sha256", "task_id", "contributor_id", "assignment_id", "client_key", "epoch", "submitted_at", "judge_by"',
                    pgid="pgtrigger_answer_is_frozen_49955",
                    table="annotation",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(
            STORE.format(names=", ".join(NAMES), values=", ".join(VALUES)),
            STORE.format(names=", ".join(NAMES[::-1]), values=", ".join(VALUES[::-1])),
        ),
    ]
