"""How the votes of one task become probabilities of classes: by counting, by known accuracy, or by what a fit has learned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from quality.aggregation import one_coin
from quality.aggregation.calibration import Calibration
from quality.aggregation.em import Floats
from quality.aggregation.skills import Ballot, Skills, update
from quality.aggregation.votes import COUNTED, Basis, Vote


@dataclass(frozen=True, slots=True)
class Estimate:
    """Probability or share of each class, which method gave it, and what it rests on."""

    soft: dict[str, float]
    method: str
    basis: Basis = COUNTED


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
