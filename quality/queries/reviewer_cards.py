"""How far reviewers can be relied on: what became of their decisions when somebody else looked, in second looks and in appeals."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection

from annotation.models import Project
from quality.agreement.alpha import alpha_of_counts
from quality.agreement.bounds import wilson
from quality.agreement.resampling import bootstrap
from quality.agreement.sampling import NOTHING, Estimate, horvitz_thompson
from quality.models import Review, ReviewerEvidence
from workforce.models import Contributor
from workforce.models.public_id import encode

FINDS_FAULT = (Review.Decision.RETURN, Review.Decision.REJECT)
DECISIONS = (Review.Decision.ACCEPT, Review.Decision.CORRECT, *FINDS_FAULT)
MOST = 200  # people on one page


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with Wilson's 95 % interval."""

    found: int
    n: int

    @property
    def low(self) -> float:
        """Lower end, 0..1."""
        return wilson(self.found, self.n)[0]

    @property
    def high(self) -> float:
        """Upper end, 0..1."""
        return wilson(self.found, self.n)[1]


@dataclass(frozen=True, slots=True)
class Card:
    """One reviewer. `wrong`: the share of all their decisions that would not hold, each look weighted by its probability.

    `false_rejects` of the rejections and returns, `missed` of the other decisions that were looked at; `appeals` granted of those heard.
    """

    pseudonym: str
    decisions: int
    looked: int
    wrong: Estimate
    false_rejects: Share
    missed: Share
    appeals: Share


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of pairs of reviewers on the same task: Krippendorff's alpha of what they decided, with a 95 % interval; nan if undefined."""

    pairs: int
    alpha: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Observed:
    """A decision that was looked at. pi: with which probability a look was asked for."""

    kind: str
    outcome: float
    fault: str
    decision: str
    pi: float
    reasons: Sequence[str]


OBSERVED = """
SELECT e.reviewer_id, e.kind, e.outcome, e.fault, r.decision, CASE WHEN r.second_of_id IS NULL THEN coalesce(r.second_p, 1) ELSE 1 END,
       r.reasons
  FROM reviewer_evidence e JOIN review r ON r.id = e.review_id WHERE {which} ORDER BY e.id
"""
# Second reviews are looked at in any case, by the first.
DECIDED = """
SELECT a.contributor_id, k.public_id, count(*), count(*) FILTER (WHERE r.second_p IS NOT NULL OR r.second_of_id IS NOT NULL)
  FROM review r JOIN assignment a ON a.id = r.assignment_id
  LEFT JOIN contributor_alias k ON k.organization_id = r.organization_id AND k.contributor_id = a.contributor_id
 WHERE r.project_id = %s AND r.decision NOT IN ('', 'escalate')
 GROUP BY a.contributor_id, k.public_id ORDER BY max(r.id) DESC LIMIT %s
"""
OWN = """
SELECT count(*), count(*) FILTER (WHERE r.second_p IS NOT NULL OR r.second_of_id IS NOT NULL)
  FROM review r JOIN assignment a ON a.id = r.assignment_id WHERE a.contributor_id = %s AND r.decision NOT IN ('', 'escalate')
"""
PAIRS = """
SELECT f.decision, s.decision FROM review s JOIN review f ON f.id = s.second_of_id
 WHERE s.project_id = %s AND s.decision NOT IN ('', 'escalate') ORDER BY s.id
"""


def cards(project: Project) -> list[Card]:
    """Everybody who has decided in the project, lately first. Two statements."""
    by_person: dict[int, list[Observed]] = defaultdict(list)
    for person, each in _observed("e.project_id = %s", project.pk):
        by_person[person].append(each)
    rows = _rows(DECIDED, [project.pk, MOST])
    return [_card(alias, decided, drawable, by_person[person]) for person, alias, decided, drawable in rows]


def own(contributor: Contributor) -> Card:
    """Of one's own decisions, over all projects. Two statements."""
    seen = [each for _person, each in _observed("e.reviewer_id = %s", contributor.pk)]
    ((decided, drawable),) = _rows(OWN, [contributor.pk])
    return _card(None, decided, drawable, seen)


def agreement(project: Project) -> Agreement:
    """Among the reviewers of a project; one statement."""
    place = {decision.value: index for index, decision in enumerate(DECISIONS)}
    pairs = _rows(PAIRS, [project.pk])
    counts = np.zeros((len(pairs), len(DECISIONS)))
    for unit, pair in enumerate(pairs):
        for decision in pair:
            counts[unit, place[decision]] += 1
    low, high = bootstrap(lambda drawn: alpha_of_counts(counts[drawn]), len(pairs))
    return Agreement(len(pairs), alpha_of_counts(counts), low, high)


def overturned(project: Project) -> list[tuple[str, Share]]:
    """Per reason code that reviewers gave: appeals granted of those heard, the most heard first; one statement."""
    heard, granted = Counter[str](), Counter[str]()
    for _person, each in _observed("e.project_id = %s", project.pk):
        if each.kind == ReviewerEvidence.Kind.APPEAL:
            heard.update(each.reasons)
            granted.update(each.reasons if not each.outcome else ())
    return [(code, Share(granted[code], n)) for code, n in heard.most_common()]


def _card(alias: Any, decided: int, drawable: int, seen: Sequence[Observed]) -> Card:
    looks = [each for each in seen if each.kind != ReviewerEvidence.Kind.APPEAL]
    wrong = horvitz_thompson([1 - each.outcome for each in looks], [each.pi for each in looks], drawable)
    finding = [each for each in seen if each.decision in FINDS_FAULT]
    return Card(
        pseudonym=encode("ctr", alias) if alias else "",
        decisions=decided,
        looked=len(looks),
        wrong=wrong if looks else NOTHING,
        false_rejects=_share(finding),
        missed=_share(each for each in seen if each.decision not in FINDS_FAULT),
        appeals=_share(each for each in seen if each.kind == ReviewerEvidence.Kind.APPEAL),
    )


def _share(seen: Iterable[Observed]) -> Share:
    """Those that did not hold."""
    outcomes = [each.outcome for each in seen]
    return Share(outcomes.count(0.0), len(outcomes))


def _observed(which: str, key: int) -> list[tuple[int, Observed]]:
    return [(row[0], Observed(*row[1:])) for row in _rows(OBSERVED.format(which=which), [key])]


def _rows(statement: str, values: list[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
