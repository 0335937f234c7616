"""What is known of the people of a project, one by one, and what of it needs a look. Not a ranking."""

from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from annotation.domain.routing import MOST_GOLD
from annotation.models import Project
from quality.agreement import cusum, sprt
from quality.agreement.accuracy import Accuracy
from quality.models import Scorecard
from quality.queries import skills
from workforce.models.public_id import encode

MOST = 500
SPAM = 0.05  # answers that depend so little on the task
POOR = sprt.POOR
# What to look at, the most pressing first.
PROBATION, FALLING, CARELESS, WEAK, NEW, NOTHING = LOOKS = ("probation", "falling", "careless", "weak", "new", "")


@dataclass(frozen=True, slots=True)
class Person:
    """By pseudonym. accuracy: 95 % interval from `n` observations; spam: None without a fit; gold_share: of their turns now, 0..1.

    look: one of LOOKS; needed: known answers, all right, until it is clear that they are good enough.
    """

    pseudonym: str
    low: float
    high: float
    n: int
    gold_n: int
    gold_right: float
    standing: str
    drift: float
    spam: float | None
    gold_share: float
    needed: int
    accuracy: Accuracy = field(repr=False)

    @property
    def look(self) -> str:
        """What of it needs a look first."""
        if self.standing == Scorecard.Standing.PROBATION:
            return PROBATION
        if self.drift >= cusum.ALARM / 2:
            return FALLING
        if self.spam is not None and self.spam < SPAM:
            return CARELESS
        if self.accuracy.below(POOR) > 0.5:  # more likely than not
            return WEAK
        return NEW if self.standing == Scorecard.Standing.NEW else NOTHING


CARDS = """
SELECT c.contributor_id, k.public_id, c.alpha, c.beta, c.n, c.gold_n, c.gold_right, c.standing, c.test, c.drift,
       coalesce((SELECT max(q.gold_factor) FROM queue_cursor q
                  WHERE q.contributor_id = c.contributor_id AND q.project_id = c.project_id), 5)
  FROM scorecard c LEFT JOIN contributor_alias k ON k.organization_id = %s AND k.contributor_id = c.contributor_id
 WHERE c.project_id = %s AND c.n > 0 ORDER BY c.updated_at DESC, c.id LIMIT %s
"""


def people(project: Project) -> list[Person]:
    """Everybody of whom something is known, lately first if they are many; what needs a look on top. Two statements."""
    with connection.cursor() as cursor:
        cursor.execute(CARDS, [project.organization_id, project.pk, MOST])
        rows = cursor.fetchall()
    spam = skills.spam_scores(project.pk) if rows else {}
    found = [_person(row, spam.get(row[0], (0, None))[1], project.gold_share) for row in rows]
    return sorted(found, key=lambda each: (LOOKS.index(each.look), each.pseudonym))


def _person(row: tuple[Any, ...], spam: float | None, share: float) -> Person:
    _key, alias, alpha, beta, n, gold_n, gold_right, standing, test, drift, factor = row
    accuracy = Accuracy(alpha, beta)
    low, high = accuracy.interval()
    return Person(
        pseudonym=encode("ctr", alias) if alias else "",
        low=low,
        high=high,
        n=n,
        gold_n=gold_n,
        gold_right=gold_right,
        standing=standing,
        drift=drift,
        spam=spam,
        gold_share=min(MOST_GOLD, share * factor),
        needed=sprt.still_needed(test),
        accuracy=accuracy,
    )


@dataclass(frozen=True, slots=True)
class Alike:
    """Two people, by pseudonym: `equal` equal wrong answers to the `shared` tasks of both; `expected`: if each worked alone."""

    question: str
    first: str
    second: str
    shared: int
    equal: int
    expected: float


ALIKE = """
SELECT r.question, a.public_id, b.public_id, (v.pair ->> 2)::int, (v.pair ->> 3)::int, (v.pair ->> 4)::float8
  FROM estimator_run r CROSS JOIN LATERAL jsonb_array_elements(r.parameters -> 'alike') AS v (pair)
  JOIN contributor_alias a ON a.organization_id = %s AND a.contributor_id = (v.pair ->> 0)::bigint
  JOIN contributor_alias b ON b.organization_id = %s AND b.contributor_id = (v.pair ->> 1)::bigint
 WHERE r.project_id = %s AND r.status = 'fitted' ORDER BY (v.pair ->> 5)::float8, 2, 3
"""


def alike(project: Project) -> list[Alike]:
    """Who errs alike far more often than chance, the clearest first. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(ALIKE, [project.organization_id, project.organization_id, project.pk])
        return [
            Alike(question, encode("ctr", first), encode("ctr", second), *rest)
            for question, first, second, *rest in cursor.fetchall()
        ]
