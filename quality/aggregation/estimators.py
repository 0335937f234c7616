"""How the votes of one task become probabilities of classes: by counting, by known accuracy, or by what a fit has learned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from quality.aggregation import interval, one_coin
from quality.aggregation.calibration import Calibration
from quality.aggregation.em import Floats
from quality.aggregation.skills import Ballot, Skills, update
from quality.aggregation.votes import COUNTED, Basis, Vote


@dataclass(frozen=True, slots=True)
class Number:
    """A truth that is a number: normal about its mean."""

    mean: float
    deviation: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """Probability or share of each class, which method gave it, and what it rests on. number: the truth, where it is one."""

    soft: dict[str, float]
    method: str
    basis: Basis = COUNTED
    number: Number | None = None


class Estimator(Protocol):
    """A way to weigh votes."""

    @property
    def name(self) -> str:
        """As a project chooses it."""

    def __call__(self, votes: Sequence[Vote], labels: Sequence[str], classes: Sequence[str]) -> Estimate:
        """labels: the class of each vote (at least one), each among `classes`."""


@dataclass(frozen=True, slots=True)
class Majority:
    """Shares of the votes, whoever gave them."""

    name: str = "majority"

    def __call__(self, votes: Sequence[Vote], labels: Sequence[str], classes: Sequence[str]) -> Estimate:
        """As `Estimator`."""
        counts = dict.fromkeys(classes, 0)
        for label in labels:
            counts[label] += 1
        return Estimate({key: count / len(labels) for key, count in counts.items()}, self.name)


@dataclass(frozen=True, slots=True)
class OneCoin:
    """Posteriors from the weights of the votes, taken as accuracies; every class is as likely before."""

    name: str = "one_coin"

    def __call__(self, votes: Sequence[Vote], labels: Sequence[str], classes: Sequence[str]) -> Estimate:
        """As `Estimator`."""
        return Estimate(one_coin.posterior(labels, [vote.weight for vote in votes], classes), self.name)


MAJORITY, ONE_COIN, WEIGHTED = Majority(), OneCoin(), OneCoin("weighted")


@dataclass(frozen=True, slots=True)
class Fitted:
    """Posteriors from a fit, run `run`, over its `classes`. authors: per vote, who gave it and whether the fit has seen it.

    ready: posteriors that have been worked out before, with those of other tasks.

    A task of an older schema may have fewer classes. Where it has others, as with somebody's own words, the fit has nothing to say and the
    weights count.
    """

    name: str
    run: str
    classes: Sequence[str]
    skills: Skills
    calibration: Calibration
    authors: Mapping[str, tuple[int, bool]] = field(default_factory=dict)
    ready: Mapping[tuple[Ballot, ...], Floats] = field(default_factory=dict)

    def __call__(self, votes: Sequence[Vote], labels: Sequence[str], classes: Sequence[str]) -> Estimate:
        """As `Estimator`."""
        if not set(classes) <= set(self.classes):
            return ONE_COIN(votes, labels, classes)
        place = {key: number for number, key in enumerate(self.classes)}
        cast = zip(votes, labels, strict=True)
        ballots = tuple(Ballot(place[label], *self.authors[vote.contributor]) for vote, label in cast)
        known = self.ready.get(ballots)
        belief = update(ballots, self.skills, self.calibration) if known is None else known
        belief = belief[[place[key] for key in classes]]
        basis = self.calibration.basis(self.run, len(classes))
        return Estimate(dict(zip(classes, (belief / belief.sum()).tolist(), strict=True)), self.name, basis)


@dataclass(frozen=True, slots=True)
class Gauged:
    """Numbers from a fit, run `run`. values: the number of each class; authors: per vote, its author's record (answers, sum, squares), and
    whether the fit has seen it.

    Where a task has other classes the fit has nothing to say, and the weights count.
    """

    run: str
    crowd: interval.Crowd
    values: Mapping[str, float]
    authors: Mapping[str, tuple[Sequence[float], bool]] = field(default_factory=dict)
    name: str = "interval"

    def __call__(self, votes: Sequence[Vote], labels: Sequence[str], classes: Sequence[str]) -> Estimate:
        """As `Estimator`."""
        if not set(classes) <= self.values.keys():
            return ONE_COIN(votes, labels, classes)
        said = np.array([self.values[label] for label in labels])
        records, seen = zip(*(self.authors[vote.contributor] for vote in votes), strict=True)
        authors = interval.Records(*np.array(records, dtype=np.float64).T)
        one = np.zeros(len(said), dtype=np.int64)
        belief = interval.believe(said, one, 1, authors, np.array(seen, dtype=np.float64), self.crowd)
        share = interval.nearest(belief, np.array([self.values[key] for key in classes]))[0]
        number = Number(float(belief.mean[0]), float(np.sqrt(belief.variance[0])))
        basis = Basis(self.run, self.crowd.known > 0)
        return Estimate(dict(zip(classes, share.tolist(), strict=True)), self.name, basis, number)
