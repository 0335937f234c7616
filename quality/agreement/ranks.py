"""Likeness of rankings of the same items."""

from collections.abc import Hashable, Mapping
from itertools import combinations
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray


def tau_b(a: Mapping[Hashable, float], b: Mapping[Hashable, float]) -> float:
    """Kendall's tau-b, -1..1, ties counted (Kendall 1945). a, b: rank of each item, over the same items.

    Two rankings that tie everything are alike (1); one that does says nothing about the other (0).
    """
    balance = ahead_a = ahead_b = 0
    for x, y in combinations(a, 2):
        in_a = (a[x] > a[y]) - (a[x] < a[y])
        in_b = (b[x] > b[y]) - (b[x] < b[y])
        ahead_a += in_a != 0
        ahead_b += in_b != 0
        balance += in_a * in_b
    if ahead_a and ahead_b:
        return balance / sqrt(ahead_a * ahead_b)
    return float(ahead_a == ahead_b)


def kendall_w(values: ArrayLike) -> float:
    """Kendall's coefficient of concordance with the correction for ties (Kendall 1948): 1 = all rank alike, 0 = as if drawn.

    values: f8[R, U], how high each of R raters puts each of U units: ranks or scores. nan where it is not defined: fewer than two units, or
    everybody ties all of them. Raises ValueError if a value is missing.
    """
    table = np.asarray(values, dtype=np.float64)
    if np.isnan(table).any():
        raise ValueError("every rater must have ranked every unit")
    raters, units = table.shape
    ranked = [_ranks(row) for row in table]
    ties = sum(float((tied**3 - tied).sum()) for _, tied in ranked)
    most = raters**2 * (units**3 - units) - raters * ties
    if most == 0:
        return float("nan")
    sums = np.sum([ranks for ranks, _ in ranked], axis=0)
    return float(12 * ((sums - sums.mean()) ** 2).sum() / most)


def _ranks(row: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Ranks from 1, the mean where values are equal; and how many there are of each value."""
    _, place, count = np.unique(row, return_inverse=True, return_counts=True)
    return (np.cumsum(count) - (count - 1) / 2)[place], count
