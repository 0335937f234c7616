"""Counting votes: each as one, or each by what is known of its author. Nothing is learned, so one label is as good a basis as a million."""

import numpy as np
from numpy.typing import ArrayLike

from quality.aggregation.em import Fit, clamped, known_classes, normalised, share_right, vote_shares, votes
from quality.aggregation.one_coin import evidence
from quality.aggregation.store import LabelStore


def majority(store: LabelStore, *, gold: ArrayLike | None = None) -> Fit:
    """Shares of the votes; who leads together is a tie, whatever the order of the classes. gold: as `one_coin.fit` takes it."""
    belief = vote_shares(store, known_classes(gold, store))
    return Fit(belief, share_right(store, belief), [], converged=True)


def weighted(store: LabelStore, accuracies: ArrayLike, *, gold: ArrayLike | None = None) -> Fit:
    """Posteriors when accuracies are known, as from scorecards: f8[J], in the order of `store.workers`, between chance and 0.99.

    Raises ValueError if there is not one per worker.
    """
    known = np.asarray(accuracies, dtype=np.float64)
    if known.shape != store.workers.shape:
        raise ValueError("one accuracy for each worker")
    weights = np.array([evidence(each, store.classes) for each in known.tolist()])
    belief = clamped(normalised(votes(store, weights[store.worker])), known_classes(gold, store))
    return Fit(belief, known, [], converged=True)
