"""One-to-one matching of marks: which of yours are the same as mine."""

import numpy as np
import scipy  # its parts load when first used: a second that most processes never need
from numpy.typing import NDArray


def match(likeness: NDArray[np.float64], least: float) -> list[tuple[int, int]]:
    """Pairs (row, column) with likeness >= least, each row and column at most once: as many as can be, then the most alike.

    likeness: f8[n, m] in 0..1.
    """
    fits = likeness >= least
    if not fits.any():
        return []
    worth = np.where(fits, likeness + min(likeness.shape), 0.0)
    rows, columns = scipy.optimize.linear_sum_assignment(worth, maximize=True)
    return [(int(i), int(j)) for i, j in zip(rows, columns, strict=True) if fits[i, j]]


def f1(matched: int, mine: int, yours: int) -> float:
    """F1 of a matching; 1 where both sides are empty."""
    return 2 * matched / (mine + yours) if mine or yours else 1.0
