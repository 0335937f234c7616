"""What a fit leaves behind: how each contributor answers. Enough to weigh the votes of one more task in microseconds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from quality.aggregation import one_coin, pooled
from quality.aggregation.calibration import Calibration
from quality.aggregation.confusions import Crowd, Pairs
from quality.aggregation.em import Floats, Integers, normalised
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


def update(ballots: Sequence[Ballot], skills: Skills, calibration: Calibration) -> Floats:
    """f8[K]: posterior of one task from its votes, each weighed by what its author's other labels show. O(votes x K)."""
    votes = _Votes.of(ballots, skills)
    share = calibration.share
    other = _posterior(votes, np.log(skills.prior), _by_confusion) if share < 1 else None
    one = _posterior(votes, np.zeros(votes.classes), _by_accuracy) if share > 0 or other is None else other
    return calibration.mix(one, one if other is None else other)


@dataclass(frozen=True, slots=True)
class _Votes:
    """The votes on a task as columns. label i8[V]; seen f8[V]: 1 or 0; right f8[V], counts f8[V, K], total f8[V, K]: of their authors.

    pull f8[V, K]: of the crowd on each label; strength: the sum of it.
    """

    label: Integers
    seen: Floats
    right: Floats
    counts: Floats
    total: Floats
    pull: Floats
    strength: float

    @classmethod
    def of(cls, ballots: Sequence[Ballot], skills: Skills) -> "_Votes":
        """With what is known of their authors."""
        label = np.array([each.label for each in ballots], dtype=np.int64)
        people, nothing = [skills.of(each.person) for each in ballots], np.zeros(len(skills.prior))
        counts = [skill.counts.get(each.label, nothing) for skill, each in zip(people, ballots, strict=True)]
        return cls(
            label,
            seen=np.array([each.seen for each in ballots], dtype=np.float64),
            right=np.array([skill.right for skill in people]),
            counts=np.array(counts).reshape(-1, len(nothing)),
            total=np.array([skill.total if skill.counts else nothing for skill in people]).reshape(-1, len(nothing)),
            pull=skills.crowd.strength * skills.crowd.phi.T[label],
            strength=skills.crowd.strength,
        )

    @property
    def classes(self) -> int:
        """How many there are."""
        return int(self.pull.shape[1])


def _posterior(votes: _Votes, prior: Floats, weigh: Callable[[_Votes, Floats], Floats]) -> Floats:
    """What the fit believed of the task goes out of the skills of those whom it has taught."""
    believed = np.zeros_like(prior)
    if votes.seen.any():
        believed = normalised(votes.seen @ weigh(votes, believed) + prior)
    return normalised(weigh(votes, believed).sum(axis=0) + prior)


def _by_accuracy(votes: _Votes, own: Floats) -> Floats:
    """f8[V, K]: log-odds for the class of each vote, by the one-coin model. own f8[K]: what was believed of the task."""
    right = np.maximum(votes.right - votes.seen * own[votes.label], 0)
    accuracy = one_coin.mode(right, votes.total.sum(axis=1) - votes.seen * own.sum())
    odds = np.zeros_like(votes.counts)
    odds[np.arange(len(odds)), votes.label] = np.log(accuracy * max(votes.classes - 1, 1) / (1 - accuracy))
    return odds


def _by_confusion(votes: _Votes, own: Floats) -> Floats:
    """f8[V, K]: log-probability of each vote if each class were true, by the pooled model. own f8[K]: what was believed of the task."""
    mine = votes.seen[:, None] * own
    counts, total = np.maximum(votes.counts - mine, 0), np.maximum(votes.total - mine, 0)
    weight: Floats = np.log((counts + votes.pull) / (total + votes.strength))
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
