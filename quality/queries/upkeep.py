"""What a project's quality rests on: the health of its known answers, and the reviews that wait."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from annotation.models import Project

MISSED_N, MISSED = 5, 0.5  # a known answer that more than half of at least so many answers miss


@dataclass(frozen=True, slots=True)
class Gold:
    """Known answers: in use, set aside until a person has looked, retired; met `n` times and passed so often; `missed`: by most."""

    active: int
    disputed: int
    retired: int
    n: int
    passed: int
    missed: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Backlog:
    """Reviews that wait, by cause, since when, and how long one takes: median seconds of the latest hundred."""

    waiting: dict[str, int]
    oldest: datetime | None
    seconds: float | None

    @property
    def n(self) -> int:
        """How many."""
        return sum(self.waiting.values())

    @property
    def work_s(self) -> float | None:
        """How long they take together; None before any has been done."""
        return None if self.seconds is None else self.n * self.seconds


GOLD = """
SELECT count(*) FILTER (WHERE status = 'active'), count(*) FILTER (WHERE status = 'quarantined'),
       count(*) FILTER (WHERE status = 'retired'), coalesce(sum(n), 0)::int, coalesce(sum(passed), 0)::int,
       count(*) FILTER (WHERE status = 'active' AND n >= %(least)s AND score < %(bar)s), min(created_at) FILTER (WHERE status = 'active')
  FROM (SELECT g.status, g.created_at, o.n, o.passed, o.score FROM gold_item g CROSS JOIN LATERAL (
            SELECT count(*) AS n, avg(score) AS score, count(*) FILTER (WHERE v.passed) AS passed
              FROM gold_outcome m
             CROSS JOIN LATERAL (SELECT bool_and((q.value ->> 'passed')::boolean) AS passed FROM jsonb_each(m.questions) q) v
             WHERE m.item_id = g.id) o
         WHERE g.project_id = %(project)s) items
"""
WAITING = """
SELECT cause, count(*)::int, min(created_at) FROM review WHERE project_id = %s AND status = 'requested' GROUP BY cause ORDER BY cause
"""
PACE = """
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY active_ms) / 1000 FROM (
    SELECT a.active_ms FROM review r JOIN assignment a ON a.id = r.assignment_id
     WHERE r.project_id = %s AND a.active_ms > 0 ORDER BY r.id DESC LIMIT 100) latest
"""


def gold(project: Project) -> Gold:
    """One statement."""
    with connection.cursor() as cursor:
        cursor.execute(GOLD, {"project": project.pk, "least": MISSED_N, "bar": MISSED})
        return Gold(*cursor.fetchone())


def backlog(project: Project) -> Backlog:
    """Two statements."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [project.pk])
        rows = cursor.fetchall()
        cursor.execute(PACE, [project.pk])
        (seconds,) = cursor.fetchone()
    return Backlog({cause: n for cause, n, _ in rows}, min((since for *_, since in rows), default=None), seconds)
