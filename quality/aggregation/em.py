"""Expectation-maximisation: the climb that the estimators which learn have in common. Logarithms throughout, so nothing underflows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quality.aggregation.store import LabelStore
from quality.aggregation.votes import EPSILON

TOLERANCE = 1e-6
MOST_STEPS = 200

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Model = TypeVar("Model")


@dataclass(frozen=True, slots=True)
class Step(Generic[Model]):
    """What a belief teaches. score f8[I, K]: log-likelihood of each task's labels if the class were true, with the class's own prior.

    log_prior: of the model's parameters; constants may be left out.
    """

    model: Model
    score: Floats
    log_prior: float


@dataclass(frozen=True, slots=True)
class Ascent(Generic[Model]):
    """Where a climb ended. posterior f8[I, K]; objective per step, never falling."""

    model: Model
    posterior: Floats
    objective: list[float]
    converged: bool


def climb(
    belief: Floats, known: Integers, step: Callable[[Floats], Step[Model]], *, tol: float, max_iter: int
) -> Ascent[Model]:
    """Step until the objective changes by less than `tol` of itself, or `max_iter` times. known i8[I]: classes of gold, -1 = none.

    Raises ArithmeticError if the objective fell: then the model is not what it claims to be.
    """
    objective: list[float] = []
    while True:
        taken = step(belief)
        belief = clamped(normalised(taken.score), known)
        objective.append(_log_likelihood(taken.score, known) + taken.log_prior)
        settled = len(objective) > 1 and _settled(objective, tol)
        if settled or len(objective) >= max_iter:
            return Ascent(taken.model, belief, objective, settled)


def known_classes(gold: ArrayLike | None, store: LabelStore) -> Integers:
    """i8[I]: the class of each task whose class is known, -1 for the others."""
    return np.full(len(store.tasks), -1) if gold is None else np.asarray(gold, dtype=np.int64)


def vote_shares(store: LabelStore, known: Integers) -> Floats:
    """f8[I, K]: where a climb begins that knows nothing of the workers."""
    counts = votes(store, np.ones(len(store.label)))
    return clamped(counts / counts.sum(axis=1, keepdims=True), known)


def votes(store: LabelStore, weights: Floats) -> Floats:
    """f8[I, K]: sum of the weights of each task's labels per class."""
    cell = store.task.astype(np.int64) * store.classes + store.label
    size = len(store.tasks) * store.classes
    sums = np.bincount(cell, weights, minlength=size).astype(np.float64)  # whole numbers where there is no label
    return sums.reshape(-1, store.classes)


def clamped(belief: Floats, known: Integers) -> Floats:
    """Known tasks are certain."""
    rows = np.nonzero(known >= 0)[0]
    belief[rows] = 0
    belief[rows, known[rows]] = 1
    return belief


def winners(belief: Floats) -> NDArray[np.int16]:
    """i2[I]: the likeliest class, -1 where two are equally likely."""
    winner = belief.argmax(axis=1)
    tied = (belief > belief.max(axis=1, keepdims=True) - EPSILON).sum(axis=1) > 1
    return np.where(tied, -1, winner).astype(np.int16)


def normalised(score: Floats) -> Floats:
    """Logarithms as probabilities, over the last axis."""
    likelihood = np.exp(score - score.max(axis=-1, keepdims=True))
    probability: Floats = likelihood / likelihood.sum(axis=-1, keepdims=True)
    return probability


def _log_total(score: Floats) -> Floats:
    """f8[I]: logarithm of the sum over classes."""
    top = score.max(axis=1)
    total: Floats = top + np.log(np.exp(score - top[:, None]).sum(axis=1))
    return total


def _log_likelihood(score: Floats, known: Integers) -> float:
    """Of all labels, and of the known classes."""
    gold = known >= 0
    return float(_log_total(score[~gold]).sum() + score[gold, known[gold]].sum())


def _settled(objective: list[float], tol: float) -> bool:
    before, now = objective[-2:]
    if now < before - 1e-9 * abs(before):
        raise ArithmeticError("the objective fell")
    return now - before <= tol * abs(before)
