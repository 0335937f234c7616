"""MACE: whoever answers either knows, or guesses by a habit that does not depend on the task.

Hovy, Berg-Kirkpatrick, Vaswani and Hovy (2013), Learning whom to trust with MACE, NAACL-HLT: person j knows with probability v_j, else says
l with probability xi_j[l]. Every class is as likely before. v_j has the prior Beta(0.5, 0.5), xi_j Dirichlet(10), and both are fitted by
variational Bayes, so that the objective is a bound of the evidence. It has many tops; hence several starts, of which the best counts.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaln, digamma, gammaln

from quality.aggregation.em import (
    MOST_STEPS,
    TOLERANCE,
    Ascent,
    Fit,
    Floats,
    Integers,
    Step,
    clamped,
    climb,
    given,
    known_classes,
    share_right,
    vote_shares,
    votes,
)
from quality.aggregation.store import LabelStore

RESTARTS = 10
KNOWS, GUESSES, HABIT = 0.5, 0.5, 10.0
SAME = 1e-9  # of the bound: tops nearer than this are one, and the first start to it counts


def fit(
    store: LabelStore,
    *,
    gold: ArrayLike | None = None,
    seed: int = 0,
    restarts: int = RESTARTS,
    tol: float = TOLERANCE,
    max_iter: int = MOST_STEPS,
) -> Fit:
    """Fit all labels of a question. Same rows in any order, same bytes. gold, tol, max_iter: as `one_coin.fit` takes them.

    Begins `restarts` times, at the shares of the votes and then where `seed` leads.
    """
    known = known_classes(gold, store)
    ascents = [
        climb(belief, known, _Model(store, trust), tol=tol, max_iter=max_iter)
        for belief, trust in starts(store, known, seed, restarts)
    ]
    best = _best(ascents)
    return Fit(best.posterior, share_right(store, best.posterior), best.objective, best.converged)


def _best(ascents: list[Ascent]) -> Ascent:
    highest = max(each.objective[-1] for each in ascents)
    return next(each for each in ascents if each.objective[-1] >= highest - SAME * abs(highest))


def starts(store: LabelStore, known: Integers, seed: int, count: int) -> list[tuple[Floats, float]]:
    """Beliefs f8[I, K] to begin with, and the share of agreeing labels that are taken for known.

    People are weighed at random by how often others agree with them and by how much they have done, never by their names.
    """
    shares = vote_shares(store, known)
    agreed, busy = _standard(share_right(store, shares)), _standard(np.log(given(store)))
    draw, found = np.random.default_rng(seed), [(shares, 0.5)]
    for _ in range(count - 1):
        by_agreement, by_work = draw.normal(0, 1, 2)
        weights = np.exp(by_agreement * agreed + by_work * busy)
        belief = votes(store, weights[store.worker])
        belief /= belief.sum(axis=1, keepdims=True)
        found.append((clamped(belief, known), float(draw.uniform(0.1, 0.9))))
    return found


def _standard(values: Floats) -> Floats:
    """With mean 0 and deviation 1, as far as they differ."""
    if not len(values):
        return values
    centred: Floats = (values - values.mean()) / max(values.std(), 1e-6)
    return centred


class _Model:
    """One climb. trust f8[P]: probability that the author of a right label of that pair knew."""

    def __init__(self, store: LabelStore, trust: float) -> None:
        self.store = store
        codes, self.pair = store.pairs()
        self.worker = codes // store.classes
        self.given = np.bincount(self.pair, minlength=len(codes))
        self.trust = np.full(len(codes), trust)

    def __call__(self, belief: Floats) -> Step:
        """From a belief and the trust of the step before, the parameters; from these, what to believe and whom to trust."""
        right = np.bincount(self.pair, belief[self.store.task, self.store.label], minlength=len(self.given))
        known = right * self.trust
        log_knows, log_guesses, apart = self._people(known)
        log_habit, apart_too = self._habits(self.given - known)
        guessed = log_guesses[self.worker] + log_habit
        either = np.logaddexp(log_knows[self.worker], guessed)
        self.trust = np.exp(log_knows[self.worker] - either)
        score = votes(self.store, (either - guessed)[self.pair])
        score += np.bincount(self.store.task, guessed[self.pair], minlength=len(score))[:, None]
        return Step(score, -apart - apart_too)

    def _people(self, known: Floats) -> tuple[Floats, Floats, float]:
        """f8[J] twice: expected logarithm of v and of 1 - v. And how far v is from its prior."""
        people = len(self.store.workers)
        knew = np.bincount(self.worker, known, minlength=people)
        guessed = np.bincount(self.worker, self.given - known, minlength=people)
        total = digamma(KNOWS + GUESSES + knew + guessed)
        log_knows, log_guesses = digamma(KNOWS + knew) - total, digamma(GUESSES + guessed) - total
        apart = (
            knew * log_knows + guessed * log_guesses - betaln(KNOWS + knew, GUESSES + guessed) + betaln(KNOWS, GUESSES)
        )
        return log_knows, log_guesses, float(apart.sum())

    def _habits(self, guessed: Floats) -> tuple[Floats, float]:
        """f8[P]: expected logarithm of xi. And how far xi is from its prior; labels that somebody never gave have not moved."""
        total = HABIT * self.store.classes + np.bincount(self.worker, guessed, minlength=len(self.store.workers))
        log_habit = digamma(HABIT + guessed) - digamma(total)[self.worker]
        apart = (guessed * log_habit - gammaln(HABIT + guessed) + gammaln(HABIT)).sum()
        return log_habit, float(apart + (gammaln(total) - gammaln(HABIT * self.store.classes)).sum())
