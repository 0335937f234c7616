"""Whether somebody has had what a task copies is asked of copies only: no other claim looks twice."""

from importlib import import_module

from django.db import migrations

AUDITS = import_module("annotation.migrations.0018_audits")
BEFORE = AUDITS.after()
HAD = "WHERE a.project_id = t.project_id AND a.contributor_id = p_contributor AND a.task_id {which} OFFSET 0)"
ONCE, TWICE = HAD.format(which="= t.id"), HAD.format(which="IN (t.id, t.copy_of_id)")
OF_COPIES = f"""{ONCE}
                   AND (t.copy_of_id IS NULL OR NOT EXISTS (SELECT 1 FROM assignment a
                        {HAD.format(which="= t.copy_of_id")})"""


def after() -> str:
    """The functions as they are from now on."""
    return AUDITS.GOLD.changed(BEFORE, [(TWICE, OF_COPIES)])


class Migration(migrations.Migration):
    dependencies = [("annotation", "0018_audits")]

    operations = [migrations.RunSQL(AUDITS.DROP + after(), AUDITS.DROP + BEFORE)]
