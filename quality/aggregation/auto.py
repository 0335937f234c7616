"""What a running project learns of a question: two models that fail differently, and how they are mixed.

The default mixes one-coin with pooled Dawid-Skene. One-coin cannot learn that somebody takes one class for another; pooled Dawid-Skene can,
and may learn too much from little. Other estimators put a model of their own in the place of one of them, and let it decide alone. Both are
always fitted, so that every contributor has an accuracy and a confusion. Posteriors are held out: nobody is judged by the task itself,
which would make the first few answers of anybody look surer than they are.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from quality.aggregation import em, one_coin, pooled
from quality.aggregation.calibration import ENOUGH, SHARES, Calibration, calibrate
from quality.aggregation.confusions import ConfusionFit, Confusions
from quality.aggregation.em import MOST_STEPS, TOLERANCE, Floats, Integers, clamped, known_classes
from quality.aggregation.reliability import PARTS, Reliability, assess
from quality.aggregation.skills import Skills, beliefs, by_person
from quality.aggregation.store import LabelStore


class AccuracyModel(Protocol):
    """A model that tells how often everybody is right."""

    def __call__(
        self, store: LabelStore, *, gold: ArrayLike | None, warm: Floats | None, tol: float, max_iter: int
    ) -> em.Fit:
        """As `one_coin.fit`."""


class ConfusionModel(Protocol):
    """A model that tells what everybody takes for what."""

    def __call__(
        self, store: LabelStore, *, gold: ArrayLike | None, warm: Floats | None, tol: float, max_iter: int
    ) -> ConfusionFit:
        """As `pooled.fit`."""


@dataclass(frozen=True, slots=True)
class Models:
    """Two models, and what the first may weigh against the second, 0..1 in rising order; until known tasks tell, the middle one.

    held_out: f8[I, K], what the second says of every task if nobody is judged by the task itself.
    """

    by_accuracy: AccuracyModel = one_coin.fit
    by_confusion: ConfusionModel = pooled.fit
    held_out: Callable[[LabelStore, Confusions, Floats], Floats] = pooled.held_out
    shares: Sequence[float] = SHARES

    @property
    def share(self) -> float:
        """Of the first model, for want of known tasks."""
        return self.shares[len(self.shares) // 2]


DEFAULT = Models()


@dataclass(frozen=True, slots=True)
class Calibrated:
    """How the two are mixed, and how far what they then say can be relied on; None where too few tasks are known."""

    calibration: Calibration
    reliability: Reliability | None


@dataclass(frozen=True, slots=True)
class Blend(em.Fit):
    """The mean of both; the objective is that of the first model."""

    calibration: Calibration


@dataclass(frozen=True, slots=True)
class Fit:
    """Both models, fitted to the labels of a question."""

    store: LabelStore
    gold: ArrayLike | None
    models: Models
    by_accuracy: em.Fit
    by_confusion: ConfusionFit

    @property
    def converged(self) -> bool:
        """Did both come to rest?"""
        return self.by_accuracy.converged and self.by_confusion.converged

    def posterior(self, share: float) -> Floats:
        """f8[I, K]: of all tasks, the first model at this weight."""
        return self.mixed(Calibration.even(share))

    def mixed(self, calibration: Calibration) -> Floats:
        """f8[I, K]: of all tasks."""
        return clamped(calibration.mix(*self.posteriors()), known_classes(self.gold, self.store))

    def blend(self) -> Blend:
        """What is delivered: calibrated if enough tasks are known."""
        calibration = self.calibrated().calibration
        belief = self.mixed(calibration)
        right = em.share_right(self.store, belief)
        return Blend(belief, right, self.by_accuracy.objective, self.converged, calibration)

    def calibrated(self) -> Calibrated:
        """Learned from the known tasks, if there are enough of them."""
        known = known_classes(self.gold, self.store)
        rows = np.flatnonzero(known >= 0)
        if len(rows) < ENOUGH:
            return Calibrated(Calibration.even(self.models.share), None)
        likely = sum(each[rows, known[rows]] for each in self.posteriors())
        rows = rows[np.argsort(likely, kind="stable")]  # parts that are equally hard, whatever the tasks are called
        first, second = self._predicted(known, rows)
        shares = self.models.shares
        return Calibrated(calibrate(first, second, known[rows], shares), assess(first, second, known[rows], shares))

    def _predicted(self, known: Integers, rows: Integers) -> Floats:
        """f8[2, G, K]: what both say of these known tasks, in five parts, each predicted by fits that do not know its classes."""
        found = np.empty((2, len(rows), self.store.classes))
        for part in range(PARTS):
            hidden = rows[part::PARTS]
            others = known.copy()
            others[hidden] = -1
            again = fit(self.store, gold=others, models=self.models)
            found[:, part::PARTS] = [each[hidden] for each in again.posteriors()]
        return found

    def posteriors(self) -> tuple[Floats, Floats]:
        """f8[I, K] twice: what each model says of every task."""
        return (
            one_coin.held_out(self.store, self.by_accuracy.posterior),
            self.models.held_out(self.store, self.by_confusion.confusions, self.by_confusion.posterior),
        )

    def skills(self) -> Skills:
        """What was learned of each worker, by id; ids must be numbers."""
        found, workers = self.by_confusion.confusions, self.store.workers.tolist()
        edges = np.searchsorted(found.worker, np.arange(len(workers) + 1)).tolist()
        people = by_person(
            [int(worker) for worker in workers],
            em.expected_right(self.store, self.by_accuracy.posterior).tolist(),
            [found.label[first:end].tolist() for first, end in pairwise(edges)],
            found.counts,
        )
        return Skills(found.crowd, found.prior, people)


def fit(
    store: LabelStore,
    *,
    gold: ArrayLike | None = None,
    warm: Skills | None = None,
    models: Models = DEFAULT,
    tol: float = TOLERANCE,
    max_iter: int = MOST_STEPS,
) -> Fit:
    """Fit both models. gold: i2[I], known classes as `one_coin.fit` takes them. warm: of an earlier fit of the question, to go on from."""
    first = second = None
    if warm is not None:
        known = known_classes(gold, store)
        first, second = (clamped(belief, known) for belief in beliefs(store, warm))
    return Fit(
        store,
        gold,
        models,
        models.by_accuracy(store, gold=gold, warm=first, tol=tol, max_iter=max_iter),
        models.by_confusion(store, gold=gold, warm=second, tol=tol, max_iter=max_iter),
    )
