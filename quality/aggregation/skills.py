"""What a fit leaves behind: how each contributor answers. Enough to weigh the votes of one more task in microseconds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np

from quality.aggregation import one_coin, pooled
from quality.aggregation.calibration import Calibration
from quality.aggregation.confusions import Crowd, Pairs
from quality.aggregation.em import Floats, Integers, normalised
from quality.aggregation.ordinal import Readers
from quality.aggregation.store import LabelStore


@dataclass(frozen=True, slots=True)
class Skill:
    """One contributor, as a fit believes. right: how many of their labels are expected to be right, by the one-coin model.

    labels: those that they gave; counts f8[n, K]: how many of each are expected to be of tasks of each true class, by the pooled model;
    total f8[K]: the sum of these.
    """

    right: float
    labels: Sequence[int]
    counts: Floats
    total: Floats

    def said(self, label: int) -> Floats:
        """f8[K]: the counts of a label."""
        return self.counts[self.labels.index(label)] if label in self.labels else np.zeros_like(self.total)


def by_person(
    people: Sequence[int], right: Sequence[float], labels: Sequence[Sequence[int]], counts: Floats
) -> dict[int, Skill]:
    """Skills from columns, by key. labels: of each person, at least one; counts f8[P, K]: a row for each of these, one after the other."""
    ends = np.cumsum([len(each) for each in labels], dtype=np.int64)
    starts = np.concatenate([[0], ends[:-1]]).astype(np.int64) if people else ends
    totals = np.add.reduceat(counts, starts) if people else counts
    columns = zip(people, right, labels, starts.tolist(), ends.tolist(), totals, strict=True)
    return {person: Skill(number, own, counts[start:end], total) for person, number, own, start, end, total in columns}


@dataclass(frozen=True, slots=True)
class Skills:
    """All contributors of a question, by key; who is absent is taken as one of the crowd. prior f8[K]: of the classes, pooled model."""

    crowd: Crowd
    prior: Floats
    people: Mapping[int, Skill]

    def of(self, person: int) -> Skill:
        """What is known of somebody."""
        known = self.people.get(person)
        return known or Skill(0.0, (), np.empty((0, len(self.prior))), np.zeros(len(self.prior)))


class Ballot(NamedTuple):
    """One vote on a task. seen: it was among the labels of the fit, so its author's skill has been learned from it too."""

    label: int
    person: int
    seen: bool = False


def update(ballots: Sequence[Ballot], skills: Skills, calibration: Calibration) -> Floats:
    """f8[K]: posterior of one task from its votes, each weighed by what its author's other labels show. O(votes x K)."""
    one, other = _of_both([ballots], skills, calibration)
    return calibration.mix(one[0], other[0])


def updates(tasks: Sequence[Sequence[Ballot]], skills: Skills, calibration: Calibration) -> Floats:
    """f8[T, K]: of several tasks at once, which takes a tenth of the time of one after the other."""
    return calibration.mix(*_of_both(tasks, skills, calibration))


def _of_both(tasks: Sequence[Sequence[Ballot]], skills: Skills, calibration: Calibration) -> tuple[Floats, Floats]:
    """f8[T, K] twice: as the one-coin and as the pooled model sees the tasks; one of them twice, where the other one does not count."""
    votes, share = _Votes.of(tasks, skills), calibration.share
    one = _posterior(votes, np.zeros(votes.classes), _by_accuracy) if share > 0 else None
    other = _posterior(votes, np.log(skills.prior), _weigh(tasks, skills)) if share < 1 or one is None else one
    return other if one is None else one, other


@dataclass(frozen=True, slots=True)
class _Votes:
    """The votes on T tasks as columns, task by task. size i8[T]: how many; task i8[V]: 0..T-1; label i8[V].

    seen f8[V]: 1 or 0; right f8[V], counts f8[V, K], total f8[V, K]: of their authors. pull f8[V, K]: of the crowd on each label, the
    sum of it over all labels being `strength`.
    """

    size: Integers
    task: Integers
    label: Integers
    seen: Floats
    right: Floats
    counts: Floats
    total: Floats
    pull: Floats
    strength: float

    @classmethod
    def of(cls, tasks: Sequence[Sequence[Ballot]], skills: Skills) -> "_Votes":
        """With what is known of their authors."""
        ballots = [ballot for votes in tasks for ballot in votes]
        people, classes = [skills.of(each.person) for each in ballots], len(skills.prior)
        counts = [skill.said(each.label) for skill, each in zip(people, ballots, strict=True)]
        size = np.array([len(votes) for votes in tasks], dtype=np.int64)
        label = np.array([each.label for each in ballots], dtype=np.int64)
        crowd = skills.crowd
        return cls(
            size,
            np.arange(len(size)).repeat(size),
            label,
            seen=np.array([each.seen for each in ballots], dtype=np.float64),
            right=np.array([skill.right for skill in people]),
            counts=np.array(counts).reshape(-1, classes),
            total=np.array([skill.total for skill in people]).reshape(-1, classes),
            pull=crowd.strength * crowd.phi.T[label],
            strength=crowd.strength,
        )

    @property
    def classes(self) -> int:
        """How many there are."""
        return int(self.pull.shape[1])

    def summed(self, weights: Floats) -> Floats:
        """f8[T, K] from f8[V, K]: over the votes on each task."""
        if len(self.size) == 1:
            return np.add.reduce(weights, axis=0, keepdims=True)
        total, voted = np.zeros((len(self.size), self.classes)), self.size > 0
        total[voted] = np.add.reduceat(weights, (self.size.cumsum() - self.size)[voted])
        return total


Weigh = Callable[[_Votes, Floats | None], Floats]


def _weigh(tasks: Sequence[Sequence[Ballot]], skills: Skills) -> Weigh:
    """How the second model weighs votes: by the confusions of their authors, or by how these read a scale."""
    readers = skills.crowd
    if not isinstance(readers, Readers):
        return _by_confusion
    people = [ballot.person for votes in tasks for ballot in votes]
    known = {person: skills.of(person) for person in people}
    said = {
        person: readers.evidence(np.array(each.labels, dtype=np.int64), each.counts).sum(axis=0)
        for person, each in known.items()
    }
    kind = np.array([said[person] for person in people]).reshape(-1, len(readers.share))
    return partial(_by_kind, readers, kind)


def _posterior(votes: _Votes, prior: Floats, weigh: Weigh) -> Floats:
    """What the fit believed of a task goes out of the skills of those whom it has taught."""
    own, seen = None, votes.seen[:, None]
    if votes.seen.any():
        believed = normalised(votes.summed(seen * weigh(votes, None)) + prior)
        own = seen * believed[votes.task]
    return normalised(votes.summed(weigh(votes, own)) + prior)


def _by_accuracy(votes: _Votes, own: Floats | None) -> Floats:
    """f8[V, K]: log-odds for the class of each vote, by the one-coin model. own f8[V, K]: what its author has taught of the task itself."""
    right, total, vote = votes.right, votes.total.sum(axis=1), np.arange(len(votes.label))
    if own is not None:
        right, total = np.maximum(right - own[vote, votes.label], 0), total - own.sum(axis=1)
    accuracy = one_coin.mode(right, total)
    odds = np.zeros_like(votes.counts)
    odds[vote, votes.label] = np.log(accuracy * max(votes.classes - 1, 1) / (1 - accuracy))
    return odds


def _by_confusion(votes: _Votes, own: Floats | None) -> Floats:
    """f8[V, K]: log-probability of each vote if each class were true, by the pooled model. own as there."""
    counts, total = votes.counts, votes.total
    if own is not None:
        counts, total = np.maximum(counts - own, 0), np.maximum(total - own, 0)
    weight: Floats = np.log((counts + votes.pull) / (total + votes.strength))
    return weight


def _by_kind(readers: Readers, kind: Floats, votes: _Votes, own: Floats | None) -> Floats:
    """f8[V, K]: log-probability of each vote if each step were true, by the ordinal model. kind f8[V, G]: what their authors' labels say
    of these. own as there.
    """
    others = kind if own is None else kind - readers.evidence(votes.label, own)
    return readers.log_likelihood(votes.label, others)


def beliefs(store: LabelStore, skills: Skills) -> tuple[Floats, Floats]:
    """f8[I, K] twice: where an earlier fit left off, by the one-coin and by the pooled model, of which the ordinal one can begin too."""
    pairs = Pairs.of(store)
    known = [skills.of(int(worker)) for worker in store.workers]
    right, total = (
        np.array(column) for column in zip(*((each.right, each.total.sum()) for each in known), strict=True)
    )
    cells = zip(pairs.worker.tolist(), pairs.label.tolist(), strict=True)
    counts = np.array([known[worker].said(label) for worker, label in cells])
    totals = np.array([each.total for each in known])
    log_theta = pooled.log_likelihood(skills.crowd, pairs.label, counts, totals[pairs.worker])
    return (
        normalised(one_coin.log_likelihood(store, one_coin.mode(right, total)[store.worker])),
        normalised(pairs.table @ log_theta + np.log(skills.prior)),
    )
