"""The default estimator: the mean of two models that fail differently.

One-coin cannot learn that somebody takes one class for another; pooled Dawid-Skene can, and may learn too much from little. Both are
fitted always, so that a project can change its mind; what is delivered is their mean, or one of them. Posteriors are held out: nobody is
judged by the task itself, which would make the first few answers of anybody look surer than they are.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from quality.aggregation import em, one_coin, pooled
from quality.aggregation.calibration import ENOUGH, Calibration, calibrate
from quality.aggregation.confusions import ConfusionFit
from quality.aggregation.em import MOST_STEPS, TOLERANCE, Floats, clamped, known_classes
from quality.aggregation.skills import Skill, Skills, beliefs
from quality.aggregation.store import LabelStore

PARTS = 5  # of the known tasks, each predicted from the rest


@dataclass(frozen=True, slots=True)
class Blend(em.Fit):
    """The mean of both; the objective is that of the one-coin model."""

    calibration: Calibration


@dataclass(frozen=True, slots=True)
class Fit:
    """Both models, fitted to the labels of a question."""

    store: LabelStore
    gold: ArrayLike | None
    one_coin: em.Fit
    pooled: ConfusionFit

    @property
    def converged(self) -> bool:
        """Did both come to rest?"""
        return self.one_coin.converged and self.pooled.converged

    def posterior(self, share: float) -> Floats:
        """f8[I, K]: of all tasks, the one-coin model at this weight."""
        return self._mixed(Calibration.even(share))

    def blend(self) -> Blend:
        """What is delivered: calibrated if enough tasks are known."""
        calibration = self.calibration()
        belief = self._mixed(calibration)
        right = em.share_right(self.store, belief)
        return Blend(belief, right, self.one_coin.objective, self.converged, calibration)

    def calibration(self) -> Calibration:
        """Learned from the known tasks in five parts: each is predicted by a fit that does not know its classes."""
        known = known_classes(self.gold, self.store)
        rows = np.flatnonzero(known >= 0)
        if len(rows) < ENOUGH:
            return Calibration.even()
        likely = sum(each[rows, known[rows]] for each in self.posteriors())
        rows = rows[np.argsort(likely, kind="stable")]  # parts that are equally hard, whatever the tasks are called
        predicted = np.empty((2, len(rows), self.store.classes))
        for part in range(PARTS):
            hidden = rows[part::PARTS]
            others = known.copy()
            others[hidden] = -1
            predicted[:, part::PARTS] = [each[hidden] for each in fit(self.store, gold=others).posteriors()]
        return calibrate(predicted[0], predicted[1], known[rows])

    def posteriors(self) -> tuple[Floats, Floats]:
        """f8[I, K] twice: what each model says of every task."""
        return (
            one_coin.held_out(self.store, self.one_coin.posterior),
            pooled.held_out(self.store, self.pooled.confusions, self.pooled.posterior),
        )

    def _mixed(self, calibration: Calibration) -> Floats:
        return clamped(calibration.mix(*self.posteriors()), known_classes(self.gold, self.store))

    def skills(self) -> Skills:
        """What was learned of each worker, by id; ids must be numbers."""
        found = self.pooled.confusions
        own: list[dict[int, Floats]] = [{} for _ in self.store.workers]
        for worker, label, counts in zip(found.worker.tolist(), found.label.tolist(), found.counts, strict=True):
            own[worker][label] = counts
        right = em.expected_right(self.store, self.one_coin.posterior).tolist()
        people = {
            int(worker): Skill.of(number, counts)
            for worker, number, counts in zip(self.store.workers.tolist(), right, own, strict=True)
        }
        return Skills(found.crowd, found.prior, people)


def fit(
    store: LabelStore,
    *,
    gold: ArrayLike | None = None,
    warm: Skills | None = None,
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
        one_coin.fit(store, gold=gold, warm=first, tol=tol, max_iter=max_iter),
        pooled.fit(store, gold=gold, warm=second, tol=tol, max_iter=max_iter),
    )
