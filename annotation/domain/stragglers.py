"""Stragglers at the end of a batch: a task that takes somebody very long is given to another person as well.

The first lease becomes a spare one: it runs on and holds no seat, so that the seat is free for somebody who is waiting for work.
The first answer of the two counts; the other is kept, paid in full, and not used. Nobody's work is taken away.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from django.db import connection, transaction

from annotation.scheduling.stragglers import left_s

TIMES = 2.0  # the median of an answer: who is expected to take longer still is a straggler
MOST_SHARE = 0.05  # of a batch's tasks are given to a second person; at least one is

# Nothing of the batch is free any more, and somebody who may is idle. Batches with a budget are left alone: they hold no money for it.
SLOW = """
WITH slow AS (
    SELECT a.id, t.batch_id AS batch, t.project_id AS project, t.queue_id AS queue, t.id AS task, q.pace_median_s, q.pace_sigma,
           extract(epoch FROM now() - a.leased_at)::float8 AS passed
      FROM assignment a JOIN task t ON t.id = a.task_id JOIN queue q ON q.id = t.queue_id
      JOIN batch b ON b.id = t.batch_id AND b.status = 'in_progress' AND b.budget_minor IS NULL
     WHERE a.status = 'leased' AND a.stage = 'label' AND a.origin NOT IN ('return', 'gang') AND NOT a.spare AND a.leased_until > now()
       AND t.status = 'collecting' AND t.purpose = 'work' AND a.leased_at < now() - make_interval(secs => %(times)s * q.pace_median_s)
)
SELECT s.id, s.batch, s.passed, s.pace_median_s, s.pace_sigma, i.n,
       (SELECT ceil(%(share)s * count(*))::int FROM task t WHERE t.batch_id = s.batch)
       - (SELECT count(*)::int FROM assignment o JOIN task t ON t.id = o.task_id WHERE o.spare AND t.batch_id = s.batch)
  FROM slow s CROSS JOIN LATERAL (
    SELECT count(*)::int AS n FROM presence w JOIN queue_cursor c ON c.contributor_id = w.contributor_id AND c.queue_id = s.queue
     WHERE w.last_seen_at > now() - interval '90 seconds' AND c.verdict = ''
       AND NOT EXISTS (SELECT FROM assignment a WHERE a.contributor_id = w.contributor_id AND a.status IN ('offered', 'leased'))
       AND NOT EXISTS (SELECT FROM assignment a
                        WHERE a.project_id = s.project AND a.contributor_id = w.contributor_id AND a.task_id = s.task)) i
 WHERE i.n > 0 AND NOT EXISTS (SELECT FROM assignment o WHERE o.task_id = s.task AND o.spare)
   AND NOT EXISTS (SELECT FROM task t WHERE t.batch_id = s.batch AND t.phase = 'open' AND t.claimable)
"""


@dataclass(frozen=True, slots=True)
class Straggler:
    """A lease (by key) that takes long: expected seconds left; who could step in; how many more of its batch may be given twice."""

    assignment: int
    batch: int
    left_s: float
    idle: int
    room: int


def ask_others() -> int:
    """Free the seats of the worst stragglers, as many as there are people idle; how many. Safe anywhere, any number of times."""
    done = Counter[int]()
    for each in sorted(_stragglers(), key=lambda each: -each.left_s):
        if sum(done.values()) < each.idle and done[each.batch] < each.room and free_seat(assignment_id=each.assignment):
            done[each.batch] += 1
    return sum(done.values())


def _stragglers() -> list[Straggler]:
    with connection.cursor() as cursor:
        cursor.execute(SLOW, {"times": TIMES, "share": MOST_SHARE})
        rows = cursor.fetchall()
    if not rows:
        return []
    keys, batches, passed, median, sigma, idle, room = zip(*rows, strict=True)
    left = left_s(passed_s=np.array(passed), median_s=np.array(median), sigma=np.array(sigma))
    found = zip(keys, batches, left.tolist(), median, idle, room, strict=True)
    return [Straggler(key, batch, s, n, free) for key, batch, s, usual, n, free in found if s > TIMES * usual]


FREE = """
WITH spared AS (
    UPDATE assignment a SET spare = true
     WHERE a.id = (SELECT l.id FROM assignment l WHERE l.id = %s AND l.status = 'leased' AND l.stage = 'label' AND l.origin <> 'return'
                      AND NOT l.spare
                      FOR NO KEY UPDATE SKIP LOCKED)
    RETURNING a.task_id
)
UPDATE task t SET seats_taken = t.seats_taken - 1, recycled = true FROM spared WHERE t.id = spared.task_id AND t.status = 'collecting'
"""


@transaction.atomic
def free_seat(*, assignment_id: int) -> bool:
    """Let a lease run on without its seat; false if it has ended, is just being sent, or is returned work."""
    with connection.cursor() as cursor:
        cursor.execute(FREE, [assignment_id])
        return bool(cursor.rowcount)
