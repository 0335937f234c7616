"""One-coin model: a contributor is right with one probability, and errs evenly over the other classes.

The model of Dawid and Skene (1979) with one parameter per person. Every class is as likely before; a person's accuracy has
the prior Beta(4, 2) and is estimated by its mode, so that newcomers are neither trusted nor distrusted much.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quality.aggregation.store import LabelStore
from quality.aggregation.votes import EPSILON

SUREST = 0.99  # of one voter nobody believes more
RIGHT, WRONG = 3.0, 1.0  # Beta(4, 2): mode (3 + right) / (4 + n)

Floats = NDArray[np.float64]


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


def vote_shares(labels: Sequence[str], classes: Sequence[str]) -> dict[str, float]:
    """Share of the votes per class, whoever gave them. Needs one vote."""
    counts = dict.fromkeys(classes, 0)
    for label in labels:
        counts[label] += 1
    return {key: count / len(labels) for key, count in counts.items()}


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted model. posterior f8[I, K]; label i2[I], -1 on a tie; accuracy f8[J]; objective per iteration, never falling."""

    posterior: Floats
    label: NDArray[np.int16]
    accuracy: Floats
    objective: list[float]
    converged: bool


def fit(store: LabelStore, *, gold: ArrayLike | None = None, tol: float = 1e-6, max_iter: int = 200) -> Fit:
    """Expectation-maximisation from vote shares over all labels of a question. Same rows in any order, same bytes.

    gold: i2[I] known classes in the order of `store.tasks`, -1 = none; these tasks are clamped, so they teach the
    accuracies. Stops at a relative change of the objective below `tol`, else after `max_iter` with converged False.
    """
    known = np.full(len(store.tasks), -1) if gold is None else np.asarray(gold, dtype=np.int64)
    counts = _votes(store, np.ones(len(store.label)))
    belief = _clamped(counts / counts.sum(axis=1, keepdims=True), known)
    objective: list[float] = []
    while True:
        accuracy = _accuracy(store, belief)
        score = _score(store, accuracy)
        belief = _clamped(np.exp(score - _log_total(score)[:, None]), known)
        objective.append(_objective(score, accuracy, known))
        if len(objective) > 1 and _settled(objective, tol):
            return Fit(belief, _winners(belief), accuracy, objective, converged=True)
        if len(objective) >= max_iter:
            return Fit(belief, _winners(belief), accuracy, objective, converged=False)


def _votes(store: LabelStore, weights: Floats) -> Floats:
    """f8[I, K]: sum of the weights of each task's labels per class."""
    cell = store.task.astype(np.int64) * store.classes + store.label
    size = len(store.tasks) * store.classes
    sums = np.bincount(cell, weights, minlength=size).astype(np.float64)  # whole numbers where there is no label
    return sums.reshape(-1, store.classes)


def _accuracy(store: LabelStore, belief: Floats) -> Floats:
    """f8[J]: mode of each worker's accuracy, given what is believed of the tasks."""
    right = np.bincount(store.worker, belief[store.task, store.label], minlength=len(store.workers))
    total = np.bincount(store.worker, minlength=len(store.workers))
    mode: Floats = (RIGHT + right) / (RIGHT + WRONG + total)
    return mode


def _score(store: LabelStore, accuracy: Floats) -> Floats:
    """f8[I, K]: log-likelihood of each task's labels if the class were true."""
    wrong = np.log((1 - accuracy) / max(store.classes - 1, 1))
    all_wrong = np.bincount(store.task, wrong[store.worker], minlength=len(store.tasks))
    score: Floats = _votes(store, (np.log(accuracy) - wrong)[store.worker]) + all_wrong[:, None]
    return score


def _log_total(score: Floats) -> Floats:
    """f8[I]: logarithm of the sum over classes."""
    top = score.max(axis=1)
    total: Floats = top + np.log(np.exp(score - top[:, None]).sum(axis=1))
    return total


def _objective(score: Floats, accuracy: Floats, known: NDArray[np.int64]) -> float:
    """Log-likelihood of all labels and known classes, and log-prior of the accuracies; constants left out."""
    clamped = known >= 0
    likelihood = _log_total(score[~clamped]).sum() + score[clamped, known[clamped]].sum()
    return float(likelihood + (RIGHT * np.log(accuracy) + WRONG * np.log(1 - accuracy)).sum())


def _settled(objective: list[float], tol: float) -> bool:
    """Has the objective come to rest? Raises ArithmeticError if it fell: then the model is not what it claims to be."""
    before, now = objective[-2:]
    if now < before - 1e-9 * abs(before):
        raise ArithmeticError("the objective fell")
    return now - before <= tol * abs(before)


def _clamped(belief: Floats, known: NDArray[np.int64]) -> Floats:
    """Known tasks are certain."""
    rows = np.nonzero(known >= 0)[0]
    belief[rows] = 0
    belief[rows, known[rows]] = 1
    return belief


def _winners(belief: Floats) -> NDArray[np.int16]:
    """i2[I]: the likeliest class, -1 where two are equally likely."""
    winner = belief.argmax(axis=1)
    tied = (belief > belief.max(axis=1, keepdims=True) - EPSILON).sum(axis=1) > 1
    return np.where(tied, -1, winner).astype(np.int16)
