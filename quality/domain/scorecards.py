"""Scorecards: what each answer shows of its author's accuracy, kept as evidence and summed as a Beta posterior."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from annotation.domain.choosing import Skill
from quality.agreement.accuracy import PRIOR_RIGHT, PRIOR_WRONG
from quality.models import Evidence

WEIGHTS: Mapping[str, float] = {Evidence.Kind.GOLD: 1.0, Evidence.Kind.REVIEW: 1.0, Evidence.Kind.PEER: 0.3}
LEAST, MOST = 0.5, 0.99


@dataclass(frozen=True, slots=True)
class Observation:
    """One answer compared with gold, a review or the consensus: `outcome` 0 (wrong) to 1 (right)."""

    annotation_id: int
    project_id: int
    contributor_id: int
    kind: str
    outcome: float


# The evidence that is new is summed onto the cards. Both are written in key order, so that two writers never wait in a circle.
OBSERVE = """
WITH seen AS (
    SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::float8[], %s::float8[])
        AS s (annotation_id, project_id, contributor_id, kind, outcome, weight)
), fresh AS (
    INSERT INTO evidence (annotation_id, project_id, contributor_id, kind, outcome, weight)
    SELECT * FROM seen ORDER BY annotation_id, kind ON CONFLICT (annotation_id, kind) DO NOTHING
    RETURNING project_id, contributor_id, kind, outcome, weight
), added AS (
    SELECT project_id, contributor_id, sum(weight * outcome) AS alpha, sum(weight * (1 - outcome)) AS beta, count(*) AS n,
           count(*) FILTER (WHERE kind = 'gold') AS gold_n, coalesce(sum(outcome) FILTER (WHERE kind = 'gold'), 0) AS gold_right
      FROM fresh GROUP BY project_id, contributor_id
)
INSERT INTO scorecard AS c (project_id, contributor_id, alpha, beta, n, gold_n, gold_right, updated_at)
SELECT project_id, contributor_id, %s + alpha, %s + beta, n, gold_n, gold_right, now() FROM added ORDER BY project_id, contributor_id
ON CONFLICT (project_id, contributor_id) DO UPDATE SET
    alpha = c.alpha + excluded.alpha - %s, beta = c.beta + excluded.beta - %s, n = c.n + excluded.n,
    gold_n = c.gold_n + excluded.gold_n, gold_right = c.gold_right + excluded.gold_right, updated_at = now()
"""


def observe(*, observations: Sequence[Observation]) -> None:
    """Keep the evidence, once per (answer, kind), and add it to the scorecards. One statement; a repeat changes nothing."""
    if not observations:
        return
    columns: list[Any] = [
        [row.annotation_id for row in observations],
        [row.project_id for row in observations],
        [row.contributor_id for row in observations],
        [str(row.kind) for row in observations],
        [row.outcome for row in observations],
        [WEIGHTS[row.kind] for row in observations],
    ]
    with connection.cursor() as cursor:
        cursor.execute(OBSERVE, [*columns, PRIOR_RIGHT, PRIOR_WRONG, PRIOR_RIGHT, PRIOR_WRONG])


def reliability(alpha: float = PRIOR_RIGHT, beta: float = PRIOR_WRONG) -> float:
    """The mode of Beta(alpha, beta), the one-coin estimate (3 + right) / (4 + n) under the prior Beta(4, 2); clipped to 0.5 .. 0.99.

    0.75 for somebody of whom nothing is known. Below a half is as good as no vote, never a vote for the opposite.
    """
    return min(max((alpha - 1) / (alpha + beta - 2), LEAST), MOST)


KNOWN = """
SELECT contributor_id, project_id, alpha, beta, n FROM scorecard WHERE contributor_id = ANY(%s) AND project_id = ANY(%s)
"""


def skills(people: Sequence[int], projects: Sequence[int]) -> list[Skill]:
    """What is known of these people in these projects: for the scheduler."""
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [list(people), list(projects)])
        return [Skill(*row) for row in cursor.fetchall()]


RELIABILITIES = """
SELECT project_id, contributor_id, alpha, beta FROM scorecard
 WHERE (project_id, contributor_id) IN (SELECT * FROM unnest(%s::bigint[], %s::bigint[]))
"""


def reliabilities(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], float]:
    """Reliability per (project, contributor) with a scorecard; pairs without one are absent."""
    wanted = list(set(pairs))
    with connection.cursor() as cursor:
        cursor.execute(RELIABILITIES, [[project for project, _ in wanted], [person for _, person in wanted]])
        return {(project, person): reliability(alpha, beta) for project, person, alpha, beta in cursor.fetchall()}
