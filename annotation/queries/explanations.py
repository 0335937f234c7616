"""Why a task is where it is in its queue, and why somebody has no work: what is read beside verdicts and scores."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from annotation.models import Annotation, DispatchRound, Task
from annotation.queries.rounds import ONLINE_S

MOST = 10_000  # nobody counts further
ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Place:
    """Where a claimable task stands: `ahead` tasks of its queue come before it (MOST: at least so many).

    `online`: people with their workspace open whom its queue is open to, and who have not had the task.
    """

    ahead: int
    online: int


PLACE = """
SELECT (SELECT count(*) FROM (
            SELECT 1 FROM task t WHERE t.project_id = %(project)s AND t.queue_id = %(queue)s AND t.claimable
               AND (t.recycled, -t.rank, -t.id) > (%(recycled)s, -%(rank)s, -%(task)s) LIMIT %(most)s) f),
       (SELECT count(*) FROM presence w JOIN contributor k ON k.id = w.contributor_id
          JOIN queue_cursor c ON c.contributor_id = w.contributor_id AND c.queue_id = %(queue)s AND c.verdict = ''
                             AND c.facts_version = k.facts_version AND (c.eligible_until IS NULL OR c.eligible_until > now())
         WHERE w.last_seen_at > now() - make_interval(secs => %(online)s) AND (w.roams OR w.place = %(place)s)
           AND NOT EXISTS (SELECT FROM assignment a
                            WHERE a.project_id = %(project)s AND a.contributor_id = w.contributor_id AND a.task_id = %(task)s))
"""


def place(task: Task) -> Place:
    """One statement."""
    values: dict[str, Any] = {
        "project": task.project_id,
        "queue": task.queue_id,
        "task": task.pk,
        "rank": task.rank,
        "recycled": task.recycled,
        "most": MOST,
        "online": ONLINE_S,
        "place": task.project.public_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(PLACE, values)
        return Place(*cursor.fetchone())


def last_rounds(queue_id: int) -> list[tuple[DispatchRound, int]]:
    """The latest rounds of the dispatcher, each with how many of its offers came from this queue."""
    rows = DispatchRound.objects.order_by("-at")[:ROUNDS]
    return [(row, row.queues.get(str(queue_id), 0)) for row in rows]


def last_answers(projects: Sequence[int]) -> dict[int, datetime]:
    """{project: when the last answer came in}."""
    rows = Annotation.objects.filter(project__in=projects).order_by("project", "-id").distinct("project")
    return dict(rows.values_list("project", "submitted_at"))
