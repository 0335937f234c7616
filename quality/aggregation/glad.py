"""GLAD: people differ in ability, and tasks in how easy they are.

Whitehill, Ruvolo, Wu, Bergsma and Movellan (2009), Whose vote should count more, NIPS 22: person j is right on task i with probability
1 / (1 + exp(-alpha_j beta_i)), and errs evenly over the other classes. Every class is as likely before; alpha and ln beta are drawn from
N(1, 1). The sum over the classes is taken exactly, and both are found together by L-BFGS along the gradient.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import Bounds, OptimizeResult, minimize
from scipy.special import expit, log_expit

from quality.aggregation.em import (
    MOST_STEPS,
    Fit,
    Floats,
    Integers,
    believe,
    known_classes,
    share_right,
    vote_shares,
    votes,
)
from quality.aggregation.store import LabelStore

ABILITY, EASE = (-20.0, 20.0), (-5.0, 5.0)  # bounds of alpha and ln beta, five times as far as the priors let them go
FIRST = 20  # steps with fixed beliefs
TOLERANCE = 1e-8  # the surface is flat near its top


@dataclass(frozen=True, slots=True)
class GladFit(Fit):
    """With what was learned. ability f8[J]: alpha, 0 = guesses, below = errs on purpose; ease f8[I]: beta, near 0 = nobody can tell."""

    ability: Floats
    ease: Floats


def fit(
    store: LabelStore, *, gold: ArrayLike | None = None, tol: float = TOLERANCE, max_iter: int = MOST_STEPS
) -> GladFit:
    """Fit all labels of a question. Same rows in any order, same bytes. gold, max_iter: as `one_coin.fit` takes them.

    tol: relative change of the objective at which it stops. Begins where the shares of the votes would lead if they were certain, for a
    first step into the blue may take every class for another.
    """
    people, known = len(store.workers), known_classes(gold, store)
    start, _, _ = _climb(
        _Surface(store, known, vote_shares(store, known)), np.ones(people + len(store.tasks)), tol, FIRST
    )
    point, objective, converged = _climb(_Surface(store, known), start, tol, max_iter)
    ability, ease = point[:people], np.exp(point[people:])
    final = _Surface(store, known)
    belief, _ = final.belief(final.odds(ability, ease))
    return GladFit(belief, share_right(store, belief), objective, converged, ability, ease)


def _climb(surface: "_Surface", start: Floats, tol: float, max_iter: int) -> tuple[Floats, list[float], bool]:
    """To the top that is near: the point, the objective on the way, and whether it came to rest."""
    objective: list[float] = []

    def note(intermediate_result: OptimizeResult) -> None:
        objective.append(-float(intermediate_result.fun))

    if not len(start):
        return start, objective, True
    people = len(surface.store.workers)
    limits = np.repeat([ABILITY, EASE], [people, len(start) - people], axis=0).T
    options = {"ftol": tol, "gtol": 0, "maxiter": max_iter}
    found = minimize(
        surface.slope, start, jac=True, method="L-BFGS-B", bounds=Bounds(*limits), callback=note, options=options
    )
    return found.x, objective, bool(found.success)


@dataclass(frozen=True, slots=True)
class _Surface:
    """What is climbed: log-likelihood of the labels and log-priors, as a function of alpha and ln beta.

    fixed f8[I, K]: what is believed of the tasks, whatever the point; None: what follows from it.
    """

    store: LabelStore
    known: Integers
    fixed: Floats | None = None

    def odds(self, ability: Floats, ease: Floats) -> Floats:
        """f8[N]: log-odds that a label is right."""
        found: Floats = ability[self.store.worker] * ease[self.store.task]
        return found

    def belief(self, odds: Floats) -> tuple[Floats, float]:
        """f8[I, K]: posteriors; and the log-likelihood of all labels and known classes."""
        store, others = self.store, np.log(max(self.store.classes - 1, 1))
        score = votes(store, odds + others)
        wrong = log_expit(-odds) - others
        score += np.bincount(store.task, wrong, minlength=len(score))[:, None]
        score -= np.log(store.classes)
        if self.fixed is not None:
            return self.fixed, float((self.fixed * score).sum())
        total = believe(score, self.known)
        return score, total

    def slope(self, point: Floats) -> tuple[float, Floats]:
        """What is to be made small, and its gradient f8[J + I]: a label pulls by how much righter it is than was expected."""
        store, people = self.store, len(self.store.workers)
        ability, ease = point[:people], np.exp(point[people:])
        odds = self.odds(ability, ease)
        belief, total = self.belief(odds)
        surprise = belief[store.task, store.label] - expit(odds)
        by_person = np.bincount(store.worker, surprise * ease[store.task], minlength=people)
        by_task = np.bincount(store.task, surprise * odds, minlength=len(ease))
        gradient = np.concatenate([by_person, by_task]) - (point - 1)
        return 0.5 * float(((point - 1) ** 2).sum()) - total, -gradient
