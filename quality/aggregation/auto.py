"""The default estimator: the mean of two models that fail differently.

One-coin cannot learn that somebody takes one class for another; pooled Dawid-Skene can, and may learn too much from little. Both are
fitted always, so that a project can change its mind; what is delivered is their mean, or one of them. Posteriors are held out: nobody is
judged by the task itself, which would make the first few answers of anybody look surer than they are.
"""

from dataclasses import dataclass

from numpy.typing import ArrayLike

from quality.aggregation import em, one_coin, pooled
from quality.aggregation.confusions import ConfusionFit
from quality.aggregation.em import MOST_STEPS, TOLERANCE, Floats, clamped, known_classes
from quality.aggregation.skills import Skill, Skills, beliefs
from quality.aggregation.store import LabelStore

EVEN = 0.5  # weight of the one-coin model, for want of known answers that say more


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
        belief = share * one_coin.held_out(self.store, self.one_coin.posterior)
        belief += (1 - share) * pooled.held_out(self.store, self.pooled.confusions, self.pooled.posterior)
        return clamped(belief, known_classes(self.gold, self.store))

    def blend(self) -> em.Fit:
        """What is delivered."""
        belief = self.posterior(EVEN)
        objective = self.one_coin.objective
        return em.Fit(belief, em.share_right(self.store, belief), objective, self.converged)

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
