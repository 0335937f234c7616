"""Dawid-Skene with pooling: each contributor has a confusion of their own, drawn towards that of all.

The model of Dawid and Skene (1979): theta_j[k, l], the probability that j says l where k is true. Its rows have the prior
Dirichlet(1 + s phi_k), where phi is the confusion of everybody together and s, the strength, is the one that explains the counts best.
So somebody with five labels counts as one of the crowd, and somebody with five hundred as themselves. Only the (worker, label) pairs that
occur are kept, never workers x classes x classes.
"""

from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln

from quality.aggregation.confusions import ConfusionFit, Confusions, Crowd, Pairs
from quality.aggregation.em import (
    MOST_STEPS,
    TOLERANCE,
    Floats,
    Step,
    climb,
    known_classes,
    normalised,
    share_right,
    vote_shares,
)
from quality.aggregation.store import LabelStore

STRENGTHS = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
NOTHING = 1e-9  # counts below this change no evidence
ROUNDS = 3  # of climbing, with phi and s estimated anew before each


def fit(
    store: LabelStore,
    *,
    gold: ArrayLike | None = None,
    warm: Floats | None = None,
    tol: float = TOLERANCE,
    max_iter: int = MOST_STEPS,
) -> ConfusionFit:
    """Fit all labels of a question. Same rows in any order, same bytes.

    gold: i2[I] known classes in the order of `store.tasks`, -1 = none; clamped, so they teach the confusions. warm: f8[I, K] belief to
    begin with, as an earlier fit would have it; then one round is enough. Stops a round at a relative change of the objective below
    `tol`, else after `max_iter` steps with converged False.
    """
    known, pairs = known_classes(gold, store), Pairs.of(store)
    belief = (vote_shares(store, known) if warm is None else warm).astype(pairs.table.dtype, copy=False)
    for _ in range(ROUNDS if warm is None else 1):
        crowd = the_crowd(pairs, pairs.counts(belief))
        ascent = climb(belief, known, partial(_step, pairs, crowd), tol=tol, max_iter=max_iter)
        belief = ascent.posterior
    confusions = Confusions(crowd, class_shares(belief), pairs.worker, pairs.label, pairs.counts(belief))
    return ConfusionFit(belief, share_right(store, belief), ascent.objective, ascent.converged, confusions)


def the_crowd(pairs: Pairs, counts: Floats) -> Crowd:
    """phi from all counts together, and of the strengths the one of the largest evidence."""
    together = np.zeros((pairs.classes, pairs.classes))
    np.add.at(together, pairs.label, counts)
    phi = (together.T + 1 / pairs.classes) / (together.sum(axis=0)[:, None] + 1)
    totals = pairs.totals(counts)
    return max((Crowd(phi, s) for s in STRENGTHS), key=lambda crowd: _evidence(pairs, counts, totals, crowd))


def _evidence(pairs: Pairs, counts: Floats, totals: Floats, crowd: Crowd) -> float:
    """Log-probability of the counts if each worker's rows are drawn from Dirichlet(s phi_k)."""
    pull = crowd.strength * crowd.phi.T
    found = float((gammaln(crowd.strength) - gammaln(crowd.strength + totals)).sum())
    for block in pairs.blocks():
        part = counts[block]
        seen = part > NOTHING
        expected = pull[pairs.label[block]][seen]
        found += float((gammaln(expected + part[seen]) - gammaln(expected)).sum())
    return found


def class_shares(belief: Floats) -> Floats:
    """f8[K]: share of each class, as if each had occurred once more."""
    share: Floats = (belief.sum(axis=0) + 1) / (len(belief) + belief.shape[1])
    return share


def _step(pairs: Pairs, crowd: Crowd, belief: Floats) -> Step:
    counts, prior = pairs.counts(belief), class_shares(belief)
    rows = np.log(pairs.totals(counts) + crowd.strength)
    drawn = crowd.strength * (np.log(crowd.strength) - rows).sum()
    log_prior = np.log(prior).sum() + drawn + _to_log_theta(pairs, crowd, counts, rows)
    score = pairs.table @ counts
    score += np.log(prior)
    return Step(score, float(log_prior))


def _to_log_theta(pairs: Pairs, crowd: Crowd, counts: Floats, rows: Floats) -> float:
    """Turn the counts of the pairs into log theta_j[k, l], in their own place. rows f8[J, K]: logarithms of the sums, with the pull.

    What the confusions that occur add to the log-prior, against Dirichlet(1 + s phi_k), beyond what they would if they did not occur.
    """
    pull, found = crowd.strength * crowd.phi.T, 0.0
    log_pull, rows = np.log(pull), rows.astype(counts.dtype, copy=False)
    for block in pairs.blocks():
        part, label = counts[block], pairs.label[block]
        part += pull[label]
        np.log(part, out=part)
        found += float((pull[label] * (part - log_pull[label])).sum())
        part -= rows[pairs.worker[block]]
    return found


def log_likelihood(crowd: Crowd, label: NDArray[np.int16], counts: Floats, totals: Floats) -> Floats:
    """f8[P, K]: log theta_j[k, l] of pairs, from their counts and their workers' totals, both f8[P, K]."""
    result: Floats = np.log((counts + crowd.strength * crowd.phi.T[label]) / (totals + crowd.strength))
    return result


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
