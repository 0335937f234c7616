"""One-coin model: a contributor is right with one probability, and errs evenly over the other classes.

The model of Dawid and Skene (1979) with one parameter per person. Every class is as likely before; a person's accuracy has
the prior Beta(4, 2) and is estimated by its mode, so that newcomers are neither trusted nor distrusted much.
"""

from collections.abc import Sequence
from math import exp, log
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike

from quality.aggregation.em import (
    MOST_STEPS,
    TOLERANCE,
    Fit,
    Floats,
    Step,
    climb,
    expected_right,
    given,
    known_classes,
    normalised,
    vote_shares,
    votes,
)
from quality.aggregation.store import LabelStore

SUREST = 0.99  # of one voter nobody believes more
RIGHT, WRONG = 3.0, 1.0  # Beta(4, 2): mode (3 + right) / (4 + n)


def evidence(accuracy: float, classes: int) -> float:
    """Log-odds that a vote adds to its class; 0 from people no better than chance. accuracy 0..1."""
    if classes < 2:
        return 0.0
    sure = min(max(accuracy, 1 / classes), SUREST)
    return log(sure * (classes - 1) / (1 - sure))


def posterior(labels: Sequence[str], accuracies: Sequence[float], classes: Sequence[str]) -> dict[str, float]:
    """Probability of each class given one task's votes and what is known of the voters.

    labels: one class per vote, each among `classes` (at least one). In logarithms: a thousand votes do not underflow.
    """
    score = dict.fromkeys(classes, 0.0)
    for label, accuracy in zip(labels, accuracies, strict=True):
        score[label] += evidence(accuracy, len(score))
    top = max(score.values())
    likelihood = {key: exp(value - top) for key, value in score.items()}
    total = sum(likelihood.values())
    return {key: value / total for key, value in likelihood.items()}


def fit(
    store: LabelStore,
    *,
    gold: ArrayLike | None = None,
    warm: Floats | None = None,
    tol: float = TOLERANCE,
    max_iter: int = MOST_STEPS,
) -> Fit:
    """Expectation-maximisation over all labels of a question. Same rows in any order, same bytes.

    gold: i2[I] known classes in the order of `store.tasks`, -1 = none; these tasks are clamped, so they teach the
    accuracies. warm: f8[I, K] belief to begin with, instead of the shares of the votes. Stops at a relative change of the objective
    below `tol`, else after `max_iter` with converged False.
    """
    known = known_classes(gold, store)
    belief = vote_shares(store, known) if warm is None else warm
    ascent = climb(belief, known, lambda now: _step(store, now), tol=tol, max_iter=max_iter)
    accuracy = mode(expected_right(store, ascent.posterior), given(store))
    return Fit(ascent.posterior, accuracy, ascent.objective, ascent.converged)


def _step(store: LabelStore, belief: Floats) -> Step:
    accuracy = mode(expected_right(store, belief), given(store))
    prior = (RIGHT * np.log(accuracy) + WRONG * np.log(1 - accuracy)).sum()
    return Step(log_likelihood(store, accuracy[store.worker]), float(prior))


Number = TypeVar("Number", float, Floats)


def mode(right: Number, total: Number) -> Number:
    """Accuracy of somebody who was right so often (expected number) in so many labels; 0..1 without the ends."""
    return (RIGHT + right) / (RIGHT + WRONG + total)


def log_likelihood(store: LabelStore, accuracy: Floats) -> Floats:
    """f8[I, K]: of each task's labels if the class were true. accuracy f8[N]: of each label's author."""
    wrong = np.log((1 - accuracy) / max(store.classes - 1, 1))
    all_wrong = np.bincount(store.task, wrong, minlength=len(store.tasks))
    score: Floats = votes(store, np.log(accuracy) - wrong) + all_wrong[:, None]
    return score


def held_out(store: LabelStore, belief: Floats) -> Floats:
    """f8[I, K]: posteriors in which each label weighs what its author's other labels show, as a fit believes of these."""
    own = belief[store.task, store.label]
    others = np.maximum(expected_right(store, belief)[store.worker] - own, 0)
    return normalised(log_likelihood(store, mode(others, given(store)[store.worker] - 1)))
