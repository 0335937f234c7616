"""One-to-one matching of marks: which of yours are the same as mine."""

from collections.abc import Hashable, Mapping
from collections.abc import Set as AbstractSet

import numpy as np
import scipy  # its parts load when first used: a second that most processes never need
from numpy.typing import NDArray

from quality.agreement.areas import box_iou


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


def span_f1(mine: AbstractSet[Hashable], yours: AbstractSet[Hashable]) -> float:
    """F1 of marks that must be equal in everything, such as (document, start, end, label); 1 where both are empty (CoNLL 2003)."""
    return f1(len(mine & yours), len(mine), len(yours))


def box_f1(
    mine: Mapping[Hashable, NDArray[np.float64]], yours: Mapping[Hashable, NDArray[np.float64]], least: float = 0.5
) -> float:
    """F1 of boxes by label, f8[n, 4] of [x, y, width, height]: the same where they overlap by an IoU of `least`, one to one."""
    matched = sum(len(match(box_iou(mine[label], yours[label]), least)) for label in mine.keys() & yours.keys())
    return f1(matched, *(sum(len(boxes) for boxes in side.values()) for side in (mine, yours)))
