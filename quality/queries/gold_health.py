"""What is read to keep known answers healthy: who met an item and how they did, in order."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

VIEWED = """
SELECT o.item_id, array_agg(v.passed ORDER BY o.annotation_id),
       array_agg(coalesce(s.alpha / (s.alpha + s.beta), 2 / 3.0) ORDER BY o.annotation_id)
  FROM gold_item g JOIN gold_outcome o ON o.item_id = g.id JOIN annotation n ON n.id = o.annotation_id
  LEFT JOIN scorecard s ON s.project_id = n.project_id AND s.contributor_id = n.contributor_id
 CROSS JOIN LATERAL (SELECT bool_and((q.value ->> 'passed')::boolean) AS passed FROM jsonb_each(o.questions) q) v
 WHERE g.status = 'active' AND NOT g.training AND v.passed IS NOT NULL
 GROUP BY o.item_id HAVING count(*) >= %s ORDER BY o.item_id
"""


@dataclass(frozen=True, slots=True)
class Viewed:
    """An item in use, and all who have answered it, in order: whether they passed, and their accuracy as far as it is known, 0..1."""

    item_id: int
    passed: Sequence[bool]
    skills: Sequence[float]


def viewed(*, least: int) -> list[Viewed]:
    """The items in use, of all projects, that so many people have answered. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(VIEWED, [least])
        return [Viewed(item, passed, list(map(float, skills))) for item, passed, skills in cursor.fetchall()]


# The latest answers of an item that were not as expected, by people of whom enough is known to ask whether they are right.
MISSED = """
SELECT g.id, g.project_id, n.contributor_id, n.schema_version, n.answer, p.body, g.expected, s.alpha, s.beta
  FROM gold_item g JOIN gold_outcome o ON o.item_id = g.id JOIN annotation n ON n.id = o.annotation_id
  JOIN task_payload p ON p.task_id = g.task_id
  JOIN scorecard s ON s.project_id = n.project_id AND s.contributor_id = n.contributor_id AND s.alpha / (s.alpha + s.beta) >= %(bar)s
 WHERE g.status = 'active' AND NOT g.training AND (g.cleared_at IS NULL OR n.submitted_at > g.cleared_at)
   AND EXISTS (SELECT FROM jsonb_each(o.questions) q WHERE NOT (q.value ->> 'passed')::boolean)
 ORDER BY g.id, n.id
"""


@dataclass(frozen=True, slots=True)
class Missed:
    """An answer other than the expected one. right, wrong: what is known of its author, as in `Accuracy`."""

    item_id: int
    project_id: int
    contributor_id: int
    schema_version: int
    value: Mapping[str, Any]
    payload: Mapping[str, Any]
    expected: Mapping[str, Any]
    right: float
    wrong: float


def missed(*, bar: float) -> dict[int, list[Missed]]:
    """By item in use: what people said instead whose accuracy is, as a mean, at least the bar. One statement."""
    found: dict[int, list[Missed]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(MISSED, {"bar": bar})
        for item, project, person, version, answer, payload, expected, right, wrong in cursor.fetchall():
            value = json.loads(answer).get("value", {})
            found[item].append(
                Missed(item, project, person, version, value, json.loads(payload), json.loads(expected), right, wrong)
            )
    return found
