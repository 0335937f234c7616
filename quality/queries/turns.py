"""Who has just answered, and what decides how many known answers they get from now on."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from quality.agreement.accuracy import Accuracy

KNOWN_FROM = 201  # answers: the count goes no further
RECENT = 20


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody in a project where known answers are planted. factor: the present one; answers: given so far, as far as they are counted.

    golden: known answers among the last 20. Whoever has a lasting factor is not counted any more: they have answered often enough.
    """

    project_id: int
    contributor_id: int
    factor: float
    answers: int
    golden: int
    standing: str
    raised: bool  # by a rule
    accuracy: Accuracy


TURNS = """
WITH who AS MATERIALIZED (
    SELECT DISTINCT n.project_id, n.contributor_id
      FROM task t JOIN project p ON p.id = t.project_id AND (p.quality -> 'gold' ->> 'share')::float8 > 0
      JOIN annotation n ON n.task_id = t.id AND n.submitted_at > now() - interval '10 minutes'
     WHERE t.public_id = ANY(%(keys)s)
)
SELECT w.project_id, w.contributor_id, c.factor, CASE WHEN c.settled THEN %(known_from)s ELSE a.answers END, a.golden,
       coalesce(s.standing, 'new'), coalesce(s.raised_until > now(), false), coalesce(s.alpha, 4), coalesce(s.beta, 2)
  FROM who w
 CROSS JOIN LATERAL (
    SELECT max(gold_factor) AS factor, min(gold_factor) > 0 AND max(gold_factor) <= 1 AS settled FROM queue_cursor
     WHERE contributor_id = w.contributor_id AND project_id = w.project_id) c
 CROSS JOIN LATERAL (
    SELECT count(*) AS answers, count(*) FILTER (WHERE place <= %(recent)s AND t.purpose = 'gold') AS golden
      FROM (SELECT g.task_id, row_number() OVER (ORDER BY g.id DESC) AS place
              FROM (SELECT id, task_id FROM assignment
                     WHERE NOT c.settled AND project_id = w.project_id AND contributor_id = w.contributor_id
                       AND stage = 'label' AND status = 'submitted' LIMIT %(known_from)s) g) k
      JOIN task t ON t.id = k.task_id) a
  LEFT JOIN scorecard s ON s.project_id = w.project_id AND s.contributor_id = w.contributor_id
 WHERE c.factor IS NOT NULL
"""


def turns(keys: Sequence[UUID]) -> list[Turn]:
    """Of everybody who has answered one of these tasks in the last minutes. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(TURNS, {"keys": list(keys), "known_from": KNOWN_FROM, "recent": RECENT})
        rows = cursor.fetchall()
    return [
        Turn(project, person, factor, answers, golden, standing, raised, Accuracy(right, wrong))
        for project, person, factor, answers, golden, standing, raised, right, wrong in rows
    ]
