"""The claim reads a few rows by index, however many tasks there are: its plan is pinned."""

import pytest
from django.db import connection, transaction

from annotation.domain import leases
from tests.factories import make_contributor, make_project, make_tasks
from workforce.domain.actor import SYSTEM

pytestmark = pytest.mark.races
READ = """
SELECT relname, seq_scan, coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables
 WHERE relname IN ('task', 'assignment', 'queue_cursor', 'task_payload', 'event')
"""


def reads():
    with connection.cursor() as cursor:
        cursor.execute(READ)
        return {name: (scans, rows) for name, scans, rows in cursor.fetchall()}


@pytest.mark.parametrize("analyzed", ["ANALYZE", "SELECT 1"])
def test_next_scans_no_table(analyzed):
    project, person = make_project(), make_contributor()
    make_tasks(project, 5000)
    with connection.cursor() as cursor:
        cursor.execute(analyzed)
    for _ in range(3):
        leases.take(project_id=project.pk, contributor_id=make_contributor().pk, by=SYSTEM)
    leases.take(project_id=project.pk, contributor_id=person.pk, by=SYSTEM)  # from now on with a verdict and a cursor
    with transaction.atomic():
        before = reads()
        leases.take(project_id=project.pk, contributor_id=person.pk, by=SYSTEM)
        after = reads()
    for name, (scans, rows) in after.items():
        scans_before, rows_before = before.get(name, (0, 0))
        assert scans == scans_before, name
        assert rows - rows_before < 20, name
