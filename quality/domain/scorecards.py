"""Scorecards: what each answer shows of its author's accuracy, kept as evidence and summed as a Beta posterior that fades."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection

from annotation.domain.choosing import Skill
from quality.agreement.accuracy import HALF_LIFE_D, PRIOR_RIGHT, PRIOR_WRONG
from quality.agreement.trial import trial
from quality.models import Evidence

WEIGHTS: Mapping[str, float] = {Evidence.Kind.GOLD: 1.0, Evidence.Kind.REVIEW: 1.0, Evidence.Kind.PEER: 0.3}
LEAST, MOST = 0.5, 0.99
HALF_LIFE_S = HALF_LIFE_D * 86_400


@dataclass(frozen=True, slots=True)
class Observation:
    """One answer compared with gold, a review or the consensus: `outcome` 0 (wrong) to 1 (right)."""

    annotation_id: int
    project_id: int
    contributor_id: int
    kind: str
    outcome: float


# The evidence that is new is summed onto the cards, on which older evidence has faded since. Both are written in key order, so that two
# writers never wait in a circle.
OBSERVE = """
WITH seen AS (
    SELECT * FROM unnest(%(annotations)s::bigint[], %(projects)s::bigint[], %(people)s::bigint[], %(kinds)s::text[], %(outcomes)s::float8[],
                         %(weights)s::float8[]) AS s (annotation_id, project_id, contributor_id, kind, outcome, weight)
), fresh AS (
    INSERT INTO evidence (annotation_id, project_id, contributor_id, kind, outcome, weight, created_at)
    SELECT *, now() FROM seen ORDER BY annotation_id, kind ON CONFLICT (annotation_id, kind) DO NOTHING
    RETURNING project_id, contributor_id, kind, outcome, weight
), added AS (
    SELECT project_id, contributor_id, sum(weight * outcome) AS alpha, sum(weight * (1 - outcome)) AS beta, count(*) AS n,
           count(*) FILTER (WHERE kind = 'gold') AS gold_n, coalesce(sum(outcome) FILTER (WHERE kind = 'gold'), 0) AS gold_right
      FROM fresh GROUP BY project_id, contributor_id
)
INSERT INTO scorecard AS c (project_id, contributor_id, alpha, beta, n, gold_n, gold_right, updated_at)
SELECT project_id, contributor_id, %(right)s + alpha, %(wrong)s + beta, n, gold_n, gold_right, now()
  FROM added ORDER BY project_id, contributor_id
ON CONFLICT (project_id, contributor_id) DO UPDATE SET
    alpha = excluded.alpha + (c.alpha - %(right)s) * 2 ^ (-extract(epoch FROM now() - c.updated_at)::float8 / %(half_life)s),
    beta = excluded.beta + (c.beta - %(wrong)s) * 2 ^ (-extract(epoch FROM now() - c.updated_at)::float8 / %(half_life)s),
    n = c.n + excluded.n, gold_n = c.gold_n + excluded.gold_n, gold_right = c.gold_right + excluded.gold_right, updated_at = now()
"""


def observe(*, observations: Sequence[Observation]) -> None:
    """Keep the evidence, once per (answer, kind), and add it to the scorecards. One statement; a repeat changes nothing.

    With known answers among it: whether their authors are good enough is decided anew, by two more.
    """
    if not observations:
        return
    values: dict[str, Any] = {
        "annotations": [row.annotation_id for row in observations],
        "projects": [row.project_id for row in observations],
        "people": [row.contributor_id for row in observations],
        "kinds": [str(row.kind) for row in observations],
        "outcomes": [row.outcome for row in observations],
        "weights": [WEIGHTS[row.kind] for row in observations],
        "right": PRIOR_RIGHT,
        "wrong": PRIOR_WRONG,
        "half_life": HALF_LIFE_S,
    }
    with connection.cursor() as cursor:
        cursor.execute(OBSERVE, values)
    tested = {(row.project_id, row.contributor_id) for row in observations if row.kind == Evidence.Kind.GOLD}
    if tested:
        _try(tested)


# What it weighs on the card by now; the cards are locked in key order.
LOCK = """
SELECT c.id FROM scorecard c
 WHERE (c.project_id, c.contributor_id) IN (SELECT project_id, contributor_id FROM evidence WHERE annotation_id = ANY(%s) AND kind = %s)
 ORDER BY c.project_id, c.contributor_id FOR NO KEY UPDATE
"""
WITHDRAW = """
WITH gone AS (
    DELETE FROM evidence WHERE annotation_id = ANY(%s) AND kind = %s
    RETURNING project_id, contributor_id, kind, outcome, weight, created_at
), lost AS (
    SELECT c.id, sum(v.weight * g.outcome) AS alpha, sum(v.weight * (1 - g.outcome)) AS beta, count(*) AS n,
           count(*) FILTER (WHERE g.kind = 'gold') AS gold_n, coalesce(sum(g.outcome) FILTER (WHERE g.kind = 'gold'), 0) AS gold_right
      FROM gone g JOIN scorecard c USING (project_id, contributor_id)
     CROSS JOIN LATERAL (SELECT g.weight * 2 ^ (-extract(epoch FROM c.updated_at - g.created_at)::float8 / %s) AS weight) v GROUP BY c.id
)
UPDATE scorecard c SET alpha = c.alpha - lost.alpha, beta = c.beta - lost.beta, n = c.n - lost.n, gold_n = c.gold_n - lost.gold_n,
                       gold_right = c.gold_right - lost.gold_right
  FROM lost WHERE c.id = lost.id RETURNING c.project_id, c.contributor_id
"""


def withdraw(*, annotations: Sequence[int], kind: str = Evidence.Kind.GOLD) -> None:
    """What these answers (keys) have shown was wrong: the evidence of this kind goes, and the cards are as if it had never been."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [list(annotations), kind])
        cursor.execute(WITHDRAW, [list(annotations), kind, HALF_LIFE_S])
        changed = set(cursor.fetchall())
    if changed:
        _try(changed)


KNOWN_ANSWERS = """
SELECT project_id, contributor_id, array_agg(outcome ORDER BY id) FROM evidence
 WHERE kind = 'gold' AND (project_id, contributor_id) IN (SELECT * FROM unnest(%s::bigint[], %s::bigint[]))
 GROUP BY project_id, contributor_id
"""
TRIED = """
UPDATE scorecard c SET standing = v.standing, test = v.test, drift = v.drift
  FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::float8[], %s::float8[]) AS v (project_id, contributor_id, standing, test, drift)
 WHERE c.project_id = v.project_id AND c.contributor_id = v.contributor_id
"""


def _try(pairs: Collection[tuple[int, int]]) -> None:
    """Decide from all their known answers where these (project, contributor) stand. The caller's change to the cards has locked them."""
    projects, people = [project for project, _ in pairs], [person for _, person in pairs]
    with connection.cursor() as cursor:
        cursor.execute(KNOWN_ANSWERS, [projects, people])
        given = {(project, person): outcomes for project, person, outcomes in cursor.fetchall()}
        tried = [trial(given.get(pair, ())) for pair in pairs]
        standings = [each.standing for each in tried]
        cursor.execute(
            TRIED, [projects, people, standings, [each.evidence for each in tried], [each.drift for each in tried]]
        )


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


STANDINGS = """
SELECT project_id, contributor_id, alpha, beta, coalesce(reviewed_until > now(), false) FROM scorecard
 WHERE (project_id, contributor_id) IN (SELECT * FROM unnest(%s::bigint[], %s::bigint[]))
"""


class Standing(NamedTuple):
    """How far somebody is to be relied on, and whether a rule has all their work reviewed now."""

    reliability: float
    watched: bool


def standings(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Standing]:
    """Per (project, contributor) with a scorecard; pairs without one are absent."""
    wanted = list(set(pairs))
    with connection.cursor() as cursor:
        cursor.execute(STANDINGS, [[project for project, _ in wanted], [person for _, person in wanted]])
        return {
            (project, person): Standing(reliability(alpha, beta), watched)
            for project, person, alpha, beta, watched in cursor.fetchall()
        }
