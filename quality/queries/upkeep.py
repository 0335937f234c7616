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
    """Reviews that wait, by cause, since when, and how long one takes: median seconds of the latest hundred.

    stuck: so many of them for which nobody is left who may decide, and has had nothing to do with the task.
    """

    waiting: dict[str, int]
    oldest: datetime | None
    seconds: float | None
    stuck: int = 0

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
         WHERE g.project_id = %(project)s AND NOT g.training) items
"""
WAITING = """
SELECT r.cause, count(*)::int, min(r.created_at), count(*) FILTER (WHERE NOT EXISTS (
           SELECT FROM skill s JOIN skill_grant g ON g.skill_id = s.id JOIN contributor c ON c.id = g.contributor_id
            WHERE lower(s.name) = r.stage AND s.owner_key IN ('platform', %(owner)s) AND c.status = 'active'
              AND g.revoked_at IS NULL AND (g.expires_at IS NULL OR g.expires_at > now())
              AND NOT EXISTS (SELECT FROM assignment a
                               WHERE a.project_id = r.project_id AND a.contributor_id = c.id AND a.task_id = r.task_id)))::int
  FROM review r WHERE r.project_id = %(project)s AND r.status = 'requested' GROUP BY r.cause ORDER BY r.cause
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
        cursor.execute(WAITING, {"project": project.pk, "owner": f"org:{project.organization.public_id}"})
        rows = cursor.fetchall()
        cursor.execute(PACE, [project.pk])
        (seconds,) = cursor.fetchone()
    waiting = {cause: n for cause, n, *_ in rows}
    oldest = min((since for _, _, since, _ in rows), default=None)
    return Backlog(waiting, oldest, seconds, sum(stuck for *_, stuck in rows))
