"""Silence is acceptance: answers that nobody has judged in the time that their authors were promised are accepted and paid.

The result of the task is not touched: they count as before, and a reviewer may still find that another answer is right.
"""

from datetime import datetime

from django.db import connection, transaction

from annotation.domain import judgements
from workforce.domain.actor import SYSTEM

CHUNK = 100

# Two kinds wait on: where a decision was given in time and another reviewer looks at it, for a day at most (`second_looks`); and answers to
# known tasks in use, which the pipeline scores and pays. Exits are paid when somebody confirms them, which silence does not. An appeal is
# about an answer that was judged: the others of its task are due as any.
DUE = """
SELECT n.id, n.task_id FROM annotation n JOIN task t ON t.id = n.task_id
 WHERE n.status = 'pending' AND n.exit = '' AND n.judge_by < %(now)s
   AND NOT EXISTS (SELECT FROM review r WHERE r.task_id = n.task_id AND r.status = 'held')
   AND NOT EXISTS (SELECT FROM gold_item g WHERE g.task_id = n.task_id AND g.status <> 'retired') {more}
"""
# Tasks at which somebody is just now are left to the next sweep.
LOCK = DUE.format(more="ORDER BY n.judge_by LIMIT %(most)s FOR NO KEY UPDATE OF t SKIP LOCKED")
# Once more, under the locks: somebody may have judged since.
STILL_DUE = DUE.format(more="AND n.task_id = ANY(%(tasks)s)")


def accept_unjudged(*, now: datetime) -> int:
    """Sweep: accept and pay what is due, in chunks, each a transaction of its own; how many. Safe anywhere, any number of times at once."""
    total = 0
    while moved := _accept_some(now):
        total += moved
    return total


@transaction.atomic
def _accept_some(now: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(LOCK, {"now": now, "most": CHUNK})
        tasks = sorted({task_id for _, task_id in cursor.fetchall()})
        if not tasks:
            return 0
        cursor.execute(STILL_DUE, {"tasks": tasks, "now": now})
        due = [pk for pk, _ in cursor.fetchall()]
    return len(judgements.accept(annotations=due, by=SYSTEM, how="auto"))
