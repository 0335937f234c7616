"""Which queue is next for whom: the terms of the score, read from rows and computed by `annotation.scheduling.score`.

The dispatcher decides with these numbers, and the explanation shows them.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotation.queries import rounds
from annotation.queries.rounds import Line, Waiting
from annotation.scheduling import fairshare, score
from annotation.scheduling.rank import SLACK_TAILS
from workforce.models.public_id import encode

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PRIOR_RIGHT, PRIOR_WRONG = 4.0, 2.0  # of whom nothing is known


@dataclass(frozen=True, slots=True)
class Skill:
    """Beta posterior of a person's accuracy in a project, and how many scored answers it rests on."""

    person: int
    project: int
    alpha: float
    beta: float
    scored: int


Skills = Callable[[Sequence[int], Sequence[int]], Sequence[Skill]]
_skills: Skills = lambda _people, _projects: ()  # noqa: E731  nothing is known until the floor above says so


def on_skills(read: Skills) -> None:
    """Register who knows how good people are: called with people and projects, by key."""
    global _skills  # noqa: PLW0603  set once, when the apps are ready
    _skills = read


@dataclass(frozen=True, slots=True)
class Choice:
    """p people, q queues. classes i8[q]; terms: each f8[q] or f8[p, q]; score f8[p, q]; accuracy f8[p, q]: posterior means."""

    classes: Ints
    terms: dict[str, Floats]
    score: Floats
    accuracy: Floats


def weigh(*, people: Sequence[Waiting], lines: Sequence[Line], seed: int | None) -> Choice:
    """Every person against every queue. `seed`: of the draws of skill; without it the posterior means stand."""
    classes = np.array([score.CLASSES.index(line.service_class) for line in lines], np.int64)
    alpha, beta, scored = _known(people, lines)
    rng = None if seed is None else np.random.default_rng(seed)
    terms = score.of_queues(
        classes=classes,
        slack_s=np.array([_slack(line) for line in lines]),
        age_s=np.array([(line.now - line.created_at).total_seconds() for line in lines]),
        priority=np.array([line.priority for line in lines], np.float64),
        fair_share=_fair_shares(lines),
        reach=np.array([line.reach for line in lines]),
        pay_hour=np.array([line.pay_hour for line in lines]),
    ) | score.of_people(alpha=alpha, beta=beta, scored=scored, streak=_streaks(people, lines), rng=rng)
    return Choice(classes, terms, score.total(terms), alpha / (alpha + beta))


def _slack(line: Line) -> float:
    """Seconds to the first task's deadline less what it needs; NaN without a deadline."""
    if line.deadline is None:
        return float("nan")
    return (line.deadline - line.now).total_seconds() - SLACK_TAILS * line.tail_s


def _fair_shares(lines: Sequence[Line]) -> Floats:
    """f8[q]: the factor of each queue's customer. Only customers with open work have a share due; the others lend theirs."""
    used = rounds.used(kind="org", half_life_s=fairshare.HALF_LIFE_S)
    owners = sorted({line.organization for line in lines} | {int(key) for key in used})
    backlogged = Counter(line.organization for line in lines)
    use = np.array([used.get(str(owner), 0.0) for owner in owners])
    weight = np.array([1.0 if backlogged[owner] else 0.0 for owner in owners])
    factor = dict(zip(owners, fairshare.factor(use, weight), strict=True))
    return np.array([factor[line.organization] for line in lines])


def _known(people: Sequence[Waiting], lines: Sequence[Line]) -> tuple[Floats, Floats, Floats]:
    """alpha, beta, scored: f8[p, q] each."""
    shape = (len(people), len(lines))
    alpha, beta, scored = np.full(shape, PRIOR_RIGHT), np.full(shape, PRIOR_WRONG), np.zeros(shape)
    row = {person.id: place for place, person in enumerate(people)}
    columns: dict[int, list[int]] = {}
    for place, line in enumerate(lines):
        columns.setdefault(line.project, []).append(place)
    for each in _skills(list(row), list(columns)):
        at = row[each.person], columns[each.project]
        alpha[at], beta[at], scored[at] = each.alpha, each.beta, each.scored
    return alpha, beta, scored


def _streaks(people: Sequence[Waiting], lines: Sequence[Line]) -> Ints:
    """i8[p, q]: answers in a row in the queue's project."""
    keys = np.array([encode("prj", line.project_key) for line in lines])
    served = np.array([person.served_in for person in people])
    streak = np.array([person.streak for person in people], np.int64)
    found: Ints = np.where(served[:, None] == keys[None, :], streak[:, None], 0)
    return found
