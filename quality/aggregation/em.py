"""Expectation-maximisation: the climb that the estimators which learn have in common. Logarithms throughout, so nothing underflows."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from quality.aggregation.store import LabelStore
from quality.aggregation.votes import EPSILON

TOLERANCE = 1e-6
MOST_STEPS = 200
CACHED = 1 << 15  # numbers that are worked on together, so that they stay in the cache
SLACK, ROUGH = 1e-9, 1e-6  # what rounding may take from an objective, in double and in single precision

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Fit:
    """What an estimator says of all labels of a question. posterior f8[I, K].

    accuracy f8[J]: how likely a label of each worker is right. objective: per iteration, never falling; empty where nothing is learned.
    """

    posterior: Floats
    accuracy: Floats
    objective: list[float]
    converged: bool

    @property
    def label(self) -> NDArray[np.int16]:
        """i2[I]: the likeliest class, -1 where two are equally likely."""
        return winners(self.posterior)


@dataclass(frozen=True, slots=True)
class Step:
    """What a belief teaches. score f8[I, K]: log-likelihood of each task's labels if the class were true, with the class's own prior.

    log_prior: of the model's parameters; constants may be left out.
    """

    score: Floats
    log_prior: float


@dataclass(frozen=True, slots=True)
class Ascent:
    """Where a climb ended. posterior f8[I, K]; objective per step, never falling."""

    posterior: Floats
    objective: list[float]
    converged: bool


def climb(belief: Floats, known: Integers, step: Callable[[Floats], Step], *, tol: float, max_iter: int) -> Ascent:
    """Step until the objective changes by less than `tol` of itself, or `max_iter` times. known i8[I]: classes of gold, -1 = none.

    Raises ArithmeticError if the objective fell: then the model is not what it claims to be.
    """
    objective: list[float] = []
    while True:
        taken = step(belief)
        belief = taken.score
        objective.append(believe(belief, known) + taken.log_prior)
        settled = _settled(objective, tol, SLACK if belief.dtype == np.float64 else ROUGH)
        if settled or len(objective) >= max_iter:
            return Ascent(belief, objective, settled)


def _settled(objective: list[float], tol: float, slack: float) -> bool:
    """Is the last change at most `tol` of the whole? Raises ArithmeticError if it was downwards by more than `slack` of it."""
    if len(objective) < 2:
        return False
    before, now = objective[-2:]
    if now < before - slack * abs(before):
        raise ArithmeticError("the objective fell")
    return now - before <= tol * abs(before)


def known_classes(gold: ArrayLike | None, store: LabelStore) -> Integers:
    """i8[I]: the class of each task whose class is known, -1 for the others."""
    return np.full(len(store.tasks), -1) if gold is None else np.asarray(gold, dtype=np.int64)


def vote_shares(store: LabelStore, known: Integers) -> Floats:
    """f8[I, K]: where a climb begins that knows nothing of the workers."""
    shares = votes(store, np.ones(len(store.label)))
    shares /= shares.sum(axis=1, keepdims=True)
    return clamped(shares, known)


def beginning(store: LabelStore, known: Integers, warm: Floats | None, kind: DTypeLike) -> Floats:
    """[I, K] of this kind of number: what an earlier fit believes, else the shares of the votes.

    To be handed over, not kept: a climb lets go of it after its first step, and a large one is most of the memory.
    """
    return (vote_shares(store, known) if warm is None else warm).astype(kind, copy=False)


def votes(store: LabelStore, weights: Floats) -> Floats:
    """f8[I, K]: sum of the weights of each task's labels per class."""
    cell = store.task.astype(np.int64) * store.classes + store.label
    size = len(store.tasks) * store.classes
    sums = np.bincount(cell, weights, minlength=size)
    return sums.astype(np.float64, copy=False).reshape(-1, store.classes)  # whole numbers where there is no label


def clamped(belief: Floats, known: Integers) -> Floats:
    """Known tasks are certain."""
    rows = np.nonzero(known >= 0)[0]
    belief[rows] = 0
    belief[rows, known[rows]] = 1
    return belief


def winners(belief: Floats) -> NDArray[np.int16]:
    """i2[I]: the likeliest class, -1 where two are equally likely."""
    winner = belief.argmax(axis=1)
    tied = (belief >= belief.max(axis=1, keepdims=True) - EPSILON).sum(axis=1) > 1
    return np.where(tied, -1, winner).astype(np.int16)


def normalised(score: Floats) -> Floats:
    """Logarithms as probabilities, over the last axis."""
    likelihood = np.exp(score - score.max(axis=-1, keepdims=True))
    probability: Floats = likelihood / likelihood.sum(axis=-1, keepdims=True)
    return probability


def expected_right(store: LabelStore, belief: Floats) -> Floats:
    """f8[J]: how many labels of each worker are right, by what is believed of the tasks."""
    sums = np.bincount(store.worker, belief[store.task, store.label], minlength=len(store.workers))
    return sums.astype(np.float64)  # whole numbers where there is no label


def given(store: LabelStore) -> Floats:
    """f8[J]: number of labels of each worker."""
    return np.bincount(store.worker, minlength=len(store.workers)).astype(np.float64)


def share_right(store: LabelStore, belief: Floats) -> Floats:
    """f8[J]: which part of each worker's labels is right, by what is believed of the tasks."""
    share: Floats = expected_right(store, belief) / given(store)
    return share


def believe(score: Floats, known: Integers) -> float:
    """Turn `score` into what is believed, in its own place. The log-likelihood of all labels, and of the known classes."""
    rows = np.nonzero(known >= 0)[0]
    of_gold = score[rows, known[rows]].sum()
    total = np.empty(len(score))
    step = max(1, CACHED // max(score.shape[1], 1))
    for start in range(0, len(score), step):
        block = slice(start, start + step)
        by_class = np.ascontiguousarray(score[block].T)  # rows of a few classes are slow to go through
        total[block] = _exponentiate(by_class)
        score[block] = by_class.T
    clamped(score, known)
    return float(total[known < 0].sum() + of_gold)


def _exponentiate(score: Floats) -> Floats:
    """Turn logarithms [K, rows] into probabilities, in their own place; the logarithms of their sums, f8[rows]."""
    top = score.max(axis=0)
    score -= top
    np.exp(score, out=score)
    total = score.sum(axis=0)
    score /= total
    found: Floats = top + np.log(total)
    return found
