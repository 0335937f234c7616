"""What a fit leaves behind: how each contributor answers. Enough to weigh the votes of one more task in microseconds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from quality.aggregation import one_coin, pooled
from quality.aggregation.em import Floats, normalised
from quality.aggregation.pooled import Crowd, Pairs
from quality.aggregation.store import LabelStore


@dataclass(frozen=True, slots=True)
class Skill:
    """One contributor, as a fit believes. right: how many of their labels are expected to be right, by the one-coin model.

    counts: per label that they gave, f8[K]: how many of these are expected to be of tasks of each true class, by the pooled model.
    total: the sum of these.
    """

    right: float = 0.0
    counts: Mapping[int, Floats] = field(default_factory=dict)
    total: Floats = field(default_factory=lambda: np.zeros(1))

    @classmethod
    def of(cls, right: float, counts: Mapping[int, Floats]) -> "Skill":
        """With the sum worked out."""
        return cls(right, counts, np.sum(list(counts.values()), axis=0))


UNKNOWN = Skill()


@dataclass(frozen=True, slots=True)
class Skills:
    """All contributors of a question, by key; who is absent is taken as one of the crowd. prior f8[K]: of the classes, pooled model."""

    crowd: Crowd
    prior: Floats
    people: Mapping[int, Skill]

    def of(self, person: int) -> Skill:
        """What is known of somebody."""
        return self.people.get(person, UNKNOWN)


@dataclass(frozen=True, slots=True)
class Ballot:
    """One vote on a task. seen: it was among the labels of the fit, so its author's skill has been learned from it too."""

    label: int
    person: int
    seen: bool = False


def update(ballots: Sequence[Ballot], skills: Skills, share: float) -> Floats:
    """f8[K]: posterior of one task from its votes, each weighed by what its author's other labels show. O(votes x K).

    share: weight of the one-coin model against the pooled one, 1 = alone, 0 = not at all.
    """
    belief = np.zeros(len(skills.prior))
    if share > 0:
        belief += share * _posterior(ballots, skills, np.zeros(len(skills.prior)), _by_accuracy)
    if share < 1:
        belief += (1 - share) * _posterior(ballots, skills, np.log(skills.prior), _by_confusion)
    return belief


Weigh = Callable[[Ballot, Skills, Floats], Floats]


def _posterior(ballots: Sequence[Ballot], skills: Skills, prior: Floats, weigh: Weigh) -> Floats:
    """What the fit believed of the task goes out of the skills of those whom it has taught."""
    nothing = np.zeros(len(prior))
    seen = [weigh(ballot, skills, nothing) for ballot in ballots if ballot.seen]
    own = normalised(np.sum(seen, axis=0) + prior) if seen else nothing
    return normalised(sum((weigh(each, skills, own if each.seen else nothing) for each in ballots), prior))


def _by_accuracy(ballot: Ballot, skills: Skills, own: Floats) -> Floats:
    """f8[K]: log-odds for the class of a vote, by the one-coin model."""
    skill = skills.of(ballot.person)
    accuracy = one_coin.mode(max(float(skill.right - own[ballot.label]), 0.0), float(skill.total.sum() - own.sum()))
    odds = np.zeros(len(own))
    odds[ballot.label] = np.log(accuracy * max(len(own) - 1, 1) / (1 - accuracy))
    return odds


def _by_confusion(ballot: Ballot, skills: Skills, own: Floats) -> Floats:
    """f8[K]: log-probability of a vote if each class were true, by the pooled model."""
    skill, crowd = skills.of(ballot.person), skills.crowd
    pull = crowd.strength * crowd.phi[:, ballot.label]
    counts = np.maximum(skill.counts.get(ballot.label, 0.0) - own, 0)
    weight: Floats = np.log((counts + pull) / (np.maximum(skill.total - own, 0) + crowd.strength))
    return weight


def beliefs(store: LabelStore, skills: Skills) -> tuple[Floats, Floats]:
    """f8[I, K] twice: where an earlier fit left off, by the one-coin and by the pooled model."""
    pairs = Pairs.of(store)
    known = [skills.of(int(worker)) for worker in store.workers]
    right, total = (
        np.array(column) for column in zip(*((each.right, each.total.sum()) for each in known), strict=True)
    )
    nothing = np.zeros(store.classes)
    cells = zip(pairs.worker.tolist(), pairs.label.tolist(), strict=True)
    counts = np.array([known[worker].counts.get(label, nothing) for worker, label in cells])
    totals = np.array([each.total + nothing for each in known])
    log_theta = pooled.log_likelihood(skills.crowd, pairs.label, counts, totals[pairs.worker])
    return (
        normalised(one_coin.log_likelihood(store, one_coin.mode(right, total)[store.worker])),
        normalised(pairs.table @ log_theta + np.log(skills.prior)),
    )
