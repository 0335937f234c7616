"""Dawid-Skene as published: each contributor has a confusion of their own, and learns it from nobody else.

Dawid and Skene (1979), Maximum likelihood estimation of observer error-rates using the EM algorithm, Applied Statistics 28, 20-28:
theta_j[k, l] is the probability that j says l where k is true. It needs many labels per person and class; with few of them it believes
chance (see `pooled` for the remedy). A hundredth of a label in each cell keeps it from certainty.
"""

from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from quality.aggregation.confusions import ConfusionFit, Confusions, Crowd, Pairs
from quality.aggregation.em import (
    MOST_STEPS,
    TOLERANCE,
    Floats,
    Step,
    beginning,
    climb,
    known_classes,
    share_right,
)
from quality.aggregation.store import LabelStore

SMOOTHING = 0.01


def fit(
    store: LabelStore,
    *,
    gold: ArrayLike | None = None,
    warm: Floats | None = None,
    smoothing: float = SMOOTHING,
    tol: float = TOLERANCE,
    max_iter: int = MOST_STEPS,
) -> ConfusionFit:
    """Fit all labels of a question. Same rows in any order, same bytes. gold, warm, tol, max_iter: as `one_coin.fit` takes them.

    smoothing: labels added to each cell of the confusions, and to the classes one each; 0 = maximum likelihood, as in the paper.
    """
    known, pairs = known_classes(gold, store), Pairs.of(store)
    step = partial(_step, pairs, smoothing)
    ascent = climb(beginning(store, known, warm, pairs.table.dtype), known, step, tol=tol, max_iter=max_iter)
    belief = ascent.posterior
    even = Crowd(np.full((store.classes, store.classes), 1 / store.classes), smoothing * store.classes)
    confusions = Confusions(even, _prior(belief, smoothing), pairs.worker, pairs.label, pairs.counts(belief))
    return ConfusionFit(belief, share_right(store, belief), ascent.objective, ascent.converged, confusions)


def _prior(belief: Floats, smoothing: float) -> Floats:
    """f8[K]: share of each class."""
    found = belief.sum(axis=0) + (smoothing > 0)
    share: Floats = found / max(found.sum(), 1)
    return share


def _step(pairs: Pairs, smoothing: float, belief: Floats) -> Step:
    counts, prior = pairs.counts(belief), _prior(belief, smoothing)
    with np.errstate(divide="ignore", invalid="ignore"):  # without smoothing what has not occurred is impossible
        rows = np.log(pairs.totals(counts) + smoothing * pairs.classes)
        theta = _log_theta(pairs, counts, rows, smoothing)
        score = pairs.table @ theta
        score += np.log(prior)
    return Step(score, _log_prior(pairs, prior, theta, rows, smoothing) if smoothing else 0.0)


def _log_theta(pairs: Pairs, counts: Floats, rows: Floats, smoothing: float) -> Floats:
    """[P, K]: log theta_j[k, l] of the pairs, in place of their counts. rows f8[J, K]: logarithms of the sums."""
    rows = rows.astype(counts.dtype, copy=False)
    for block in pairs.blocks():
        part = counts[block]
        part += smoothing
        np.log(part, out=part)
        part -= rows[pairs.worker[block]]
        if not smoothing:  # nobody saw this class: 0 / 0
            part[np.isnan(part)] = -np.inf
    return counts


def _log_prior(pairs: Pairs, prior: Floats, theta: Floats, rows: Floats, smoothing: float) -> float:
    """Of the class shares and of all cells of the confusions, also of labels that somebody never gave."""
    absent = pairs.classes - np.bincount(pairs.worker, minlength=len(rows))
    never = absent @ (np.log(smoothing) - rows)
    return float(np.log(prior).sum() + smoothing * (theta.sum(dtype=np.float64) + never.sum()))
