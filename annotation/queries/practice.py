"""Practice: which of a project's tasks whose answer is shown afterwards come before somebody's other work.

Everybody meets them in one order, by age, which is their rank. So what is to be done first ends at a rank: of the project's first so many,
and, of whom practice was asked again, of the last one of these.
"""

# ruff: noqa: S608  every part of these statements is a constant of this file
import json
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from annotation.models.project import NO_END

FIRST = "(p.quality -> 'gold' ->> 'first')::bigint"  # so many come first; NULL: all
OPEN = "queue k JOIN task t ON t.project_id = k.project_id AND t.queue_id = k.id AND t.claimable"
OF_PROJECT = "k.project_id = p.id AND k.purpose = 'train'"
# What somebody has in hand or has given back, or what is kept for them, they have had; of the last they do not know yet.
NOT_HAD = (
    "NOT EXISTS (SELECT FROM assignment a WHERE a.project_id = p.id AND a.contributor_id = w.id AND a.task_id = t.id)"
)
NOT_BEGUN = NOT_HAD.replace("a.task_id = t.id", "a.task_id = t.id AND a.status <> 'offered'")
# The rank at which practice ends that comes first, over p (project) and x (what it says of the person); -1: there is none. Where a project
# has all of it done first, no task is read.
END = f"""coalesce(greatest(x.practice_end, CASE WHEN {FIRST} IS NULL THEN {NO_END} ELSE (
    SELECT max(f.rank) FROM (SELECT t.rank FROM {OPEN} WHERE {OF_PROJECT} ORDER BY t.rank LIMIT {FIRST}) f) END), -1)"""


def due(end: str = END, still: str = NOT_HAD) -> str:
    """SQL: the rows of practice that the person has still to do, up to a rank."""
    return f"FROM {OPEN} WHERE {OF_PROJECT} AND t.rank <= {end} AND {still}"


@dataclass(frozen=True, slots=True)
class Practice:
    """How much practice comes after a task and before other work; and why, if this task was asked for again."""

    left: int = 0
    why: dict[str, Any] = field(default_factory=dict)


LEFT = f"""
SELECT (SELECT count(*) {due(still=NOT_BEGUN)}), CASE WHEN h.rank <= x.practice_end THEN x.practice::text ELSE '{{}}' END
  FROM task h JOIN project p ON p.id = h.project_id CROSS JOIN contributor w
  LEFT JOIN project_contributor x ON x.project_id = p.id AND x.contributor_id = w.id
 WHERE h.id = %s AND w.id = %s
"""


def standing(*, task_id: int, contributor_id: int) -> Practice:
    """Where somebody stands who has this task for practice in hand. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(LEFT, [task_id, contributor_id])
        left, why = cursor.fetchone()
    return Practice(left, json.loads(why))


# What was asked of them before, and is not done, stays asked.
AHEAD = f"""
SELECT w.id, n.last, (SELECT count(*) {due("n.last")})
  FROM project p CROSS JOIN contributor w LEFT JOIN project_contributor x ON x.project_id = p.id AND x.contributor_id = w.id
 CROSS JOIN LATERAL (
    SELECT greatest(max(f.rank), x.practice_end) AS last
      FROM (SELECT t.rank FROM {OPEN} WHERE {OF_PROJECT} AND {NOT_HAD} ORDER BY t.rank LIMIT %s) f) n
 WHERE p.id = %s AND w.id = ANY(%s)
"""


def ahead(*, project_id: int, people: Collection[int], count: int) -> dict[int, tuple[int, int]]:
    """{person: the rank at which so much practice ends that they have not had, and how much it is}; without those who have had all.

    One statement.
    """
    with connection.cursor() as cursor:
        cursor.execute(AHEAD, [count, project_id, list(people)])
        return {person: (end, number) for person, end, number in cursor.fetchall() if number}


UNDONE = f"""
SELECT (SELECT count(*) FROM {OPEN} WHERE {OF_PROJECT} AND {NOT_HAD}) FROM project p CROSS JOIN contributor w WHERE p.id = %s AND w.id = %s
"""


def not_had(*, project_id: int, contributor_id: int) -> int:
    """How much of it somebody has not had. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(UNDONE, [project_id, contributor_id])
        return int(cursor.fetchone()[0])
