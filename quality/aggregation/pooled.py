"""Dawid-Skene with pooling: each contributor has a confusion of their own, drawn towards that of all.

The model of Dawid and Skene (1979): theta_j[k, l], the probability that j says l where k is true. Its rows have the prior
Dirichlet(1 + s phi_k), where phi is the confusion of everybody together and s, the strength, is the one that explains the counts best.
So somebody with five labels counts as one of the crowd, and somebody with five hundred as themselves. Only the (worker, label) pairs that
occur are kept, never workers x classes x classes.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from scipy.special import gammaln

from quality.aggregation.em import (
    MOST_STEPS,
    TOLERANCE,
    Ascent,
    Floats,
    Integers,
    Step,
    climb,
    known_classes,
    normalised,
    vote_shares,
    winners,
)
from quality.aggregation.store import LabelStore

STRENGTHS = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
ROUNDS = 3  # of climbing, with phi and s estimated anew before each


@dataclass(frozen=True, slots=True)
class Crowd:
    """What is fixed during a climb: phi f8[K, K] (truth, label), rows sum to 1, and the strength s of its pull, in labels."""

    phi: Floats
    strength: float


@dataclass(frozen=True, slots=True)
class Confusions:
    """What was learned. prior f8[K]: share of each class. worker i4[P], label i2[P]: the pairs that occur, sorted.

    counts f8[P, K]: how many labels of that pair are expected to be of tasks of each true class.
    """

    crowd: Crowd
    prior: Floats
    worker: NDArray[np.int32]
    label: NDArray[np.int16]
    counts: Floats


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted model. posterior f8[I, K]; label i2[I], -1 on a tie; objective of the last round, never falling."""

    posterior: Floats
    label: NDArray[np.int16]
    confusions: Confusions
    objective: list[float]
    converged: bool


def fit(
    store: LabelStore,
    *,
    gold: ArrayLike | None = None,
    warm: Floats | None = None,
    tol: float = TOLERANCE,
    max_iter: int = MOST_STEPS,
) -> Fit:
    """Fit all labels of a question. Same rows in any order, same bytes.

    gold: i2[I] known classes in the order of `store.tasks`, -1 = none; clamped, so they teach the confusions. warm: f8[I, K] belief to
    begin with, as an earlier fit would have it; then one round is enough. Stops a round at a relative change of the objective below
    `tol`, else after `max_iter` steps with converged False.
    """
    known, pairs = known_classes(gold, store), Pairs.of(store)
    belief = vote_shares(store, known) if warm is None else warm
    for _ in range(ROUNDS if warm is None else 1):
        ascent = _round(pairs, belief, known, tol, max_iter)
        belief = ascent.posterior
    confusions = _step(pairs, ascent.model.crowd, belief).model
    return Fit(belief, winners(belief), confusions, ascent.objective, ascent.converged)


@dataclass(frozen=True, slots=True)
class Pairs:
    """The labels as (worker, label) pairs. table csr [I, P]: how often a task has each; pair i8[N]: which one a label is.

    worker i4[P], label i2[P]: of each pair; first i8[J]: where each worker's begin.
    """

    table: csr_array
    pair: Integers
    worker: NDArray[np.int32]
    label: NDArray[np.int16]
    first: Integers
    classes: int

    @classmethod
    def of(cls, store: LabelStore) -> "Pairs":
        """The pairs that occur, sorted by worker and label."""
        code = store.worker.astype(np.int64) * store.classes + store.label
        codes, pair = np.unique(code, return_inverse=True)
        shape = (len(store.tasks), len(codes))
        table = csr_array((np.ones(len(pair)), (store.task, pair)), shape=shape)
        worker = (codes // store.classes).astype(np.int32)
        first = np.searchsorted(worker, np.arange(len(store.workers)))
        return cls(table, pair, worker, (codes % store.classes).astype(np.int16), first, store.classes)

    def totals(self, counts: Floats) -> Floats:
        """f8[J, K]: sum of each worker's pairs."""
        sums: Floats = np.add.reduceat(counts, self.first) if len(self.first) else np.empty((0, self.classes))
        return sums


def _round(pairs: Pairs, belief: Floats, known: Integers, tol: float, max_iter: int) -> Ascent[Confusions]:
    """Estimate phi and s from a belief, then climb with both fixed."""
    crowd = _crowd(pairs, pairs.table.T @ belief)
    return climb(belief, known, lambda now: _step(pairs, crowd, now), tol=tol, max_iter=max_iter)


def _crowd(pairs: Pairs, counts: Floats) -> Crowd:
    """phi from all counts together, and of the strengths the one of the largest evidence."""
    together = np.zeros((pairs.classes, pairs.classes))
    np.add.at(together, pairs.label, counts)
    phi = (together.T + 1 / pairs.classes) / (together.sum(axis=0)[:, None] + 1)
    totals = pairs.totals(counts)
    return max((Crowd(phi, s) for s in STRENGTHS), key=lambda crowd: _evidence(pairs, counts, totals, crowd))


def _evidence(pairs: Pairs, counts: Floats, totals: Floats, crowd: Crowd) -> float:
    """Log-probability of the counts if each worker's rows are drawn from Dirichlet(s phi_k)."""
    expected = crowd.strength * crowd.phi.T[pairs.label]
    rows = gammaln(crowd.strength) - gammaln(crowd.strength + totals)
    return float(rows.sum() + (gammaln(expected + counts) - gammaln(expected)).sum())


def _step(pairs: Pairs, crowd: Crowd, belief: Floats) -> Step[Confusions]:
    counts = pairs.table.T @ belief
    prior = (belief.sum(axis=0) + 1) / (len(belief) + pairs.classes)
    model = Confusions(crowd, prior, pairs.worker, pairs.label, counts)
    totals = pairs.totals(counts)
    log_theta = log_likelihood(crowd, pairs.label, counts, totals[pairs.worker])
    score = pairs.table @ log_theta + np.log(prior)
    return Step(model, score, _log_prior(pairs, crowd, prior, totals, log_theta))


def log_likelihood(crowd: Crowd, label: NDArray[np.int16], counts: Floats, totals: Floats) -> Floats:
    """f8[P, K]: log theta_j[k, l] of pairs, from their counts and their workers' totals, both f8[P, K]."""
    result: Floats = np.log((counts + crowd.strength * crowd.phi.T[label]) / (totals + crowd.strength))
    return result


def _log_prior(pairs: Pairs, crowd: Crowd, prior: Floats, totals: Floats, log_theta: Floats) -> float:
    """Of the class shares, Dirichlet(2), and of the confusions, against the crowd's. Pairs that do not occur follow from the totals."""
    absent = np.log(crowd.strength / (totals + crowd.strength))
    pull = crowd.strength * crowd.phi.T[pairs.label]
    as_if_absent = np.log(pull / (totals + crowd.strength)[pairs.worker])
    return float(np.log(prior).sum() + crowd.strength * absent.sum() + (pull * (log_theta - as_if_absent)).sum())


def held_out(store: LabelStore, confusions: Confusions, belief: Floats) -> Floats:
    """f8[I, K]: posteriors in which each label weighs what its author's other labels show, as a fit believes of these."""
    pairs = Pairs.of(store)
    totals = pairs.totals(confusions.counts)
    score = np.empty_like(belief)
    for tasks, rows in store.blocks():
        own = belief[store.task[rows]]
        others = np.maximum(confusions.counts[pairs.pair[rows]] - own, 0)
        of_all = np.maximum(totals[store.worker[rows]] - own, 0)
        log_theta = log_likelihood(confusions.crowd, store.label[rows], others, of_all)
        first = np.searchsorted(store.task[rows], np.arange(tasks.start, tasks.stop))
        score[tasks] = np.add.reduceat(log_theta, first)
    return normalised(score + np.log(confusions.prior))
