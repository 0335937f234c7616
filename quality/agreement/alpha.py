"""Krippendorff's alpha: agreement of any number of raters, corrected for chance, missing values allowed.

Source: K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011).
"""

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Level = Literal["nominal", "ordinal", "interval", "ratio"]
Floats = NDArray[np.float64]


def alpha(values: ArrayLike, level: Level) -> float:
    """Alpha of numbers or class codes.

    values: f8[R, U], R raters by U units, nan = missing. 1 = perfect, 0 = chance, below 0 = systematic disagreement.
    nan where it is not defined: no unit with two values, or one value throughout.
    """
    table = np.asarray(values, dtype=np.float64)
    known = ~np.isnan(table)
    classes, codes = np.unique(table[known], return_inverse=True)
    cells = np.nonzero(known)[1] * len(classes) + codes
    counts = np.bincount(cells, minlength=table.shape[1] * len(classes))
    return alpha_of_counts(counts.reshape(table.shape[1], len(classes)), level, classes)


def alpha_of_counts(
    counts: ArrayLike, level: Level = "nominal", classes: ArrayLike | None = None, times: ArrayLike | None = None
) -> float:
    """Alpha from how often each unit was given each value: counts [U, V]. So 1e6 labels take no more room than their units and classes.

    classes: f8[V], the values in rising order; without them 0, 1, ... times: f8[U], how many units are like each; else one. Otherwise as
    `alpha`.
    """
    table = np.asarray(counts, dtype=np.float64)
    values = np.arange(table.shape[1], dtype=np.float64) if classes is None else np.asarray(classes)
    return _alpha(table, level, values, None if times is None else np.asarray(times, dtype=np.float64))


def _alpha(counts: Floats, level: Level, classes: Floats, times: Floats | None = None) -> float:
    pairable = counts.sum(axis=1) >= 2
    counts = counts[pairable]
    shared = counts / (counts.sum(axis=1, keepdims=True) - 1)
    if times is not None:
        shared *= times[pairable, None]
    coincidences = counts.T @ shared - np.diag(shared.sum(axis=0))
    totals = coincidences.sum(axis=0)
    difference = _squared_difference(classes, totals, level)
    expected = (np.outer(totals, totals) * difference).sum()
    if expected == 0:
        return float("nan")
    return float(1 - (totals.sum() - 1) * (coincidences * difference).sum() / expected)


def _squared_difference(classes: Floats, totals: Floats, level: Level) -> Floats:
    """f8[V, V]: how much two values differ at a level of measurement."""
    if level == "nominal":
        return 1 - np.eye(len(classes))
    scale = np.cumsum(totals) - totals / 2 if level == "ordinal" else classes
    gap: Floats = scale[:, None] - scale[None, :]
    if level == "ratio":
        size = scale[:, None] + scale[None, :]
        gap = np.divide(gap, size, out=np.zeros_like(gap), where=size != 0)
    return gap**2


def alpha_by_distance(units: Sequence[Sequence[Any]], distance: Callable[[Any, Any], float]) -> float:
    """Alpha of answers of any kind. `distance` (0 alike, symmetric) stands for the squared difference.

    units: the answers given to each unit; missing ones are left out. Calls `distance` for every pair of answers: meant for
    some thousand answers, not for millions. nan where alpha is not defined.
    """
    pairable = [unit for unit in units if len(unit) >= 2]
    answers = [answer for unit in pairable for answer in unit]
    expected = sum(distance(a, b) for a, b in combinations(answers, 2))
    if expected == 0:
        return float("nan")
    observed = sum(sum(distance(a, b) for a, b in combinations(unit, 2)) / (len(unit) - 1) for unit in pairable)
    return 1 - (len(answers) - 1) * observed / expected
