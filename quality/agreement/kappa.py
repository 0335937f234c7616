"""Cohen's kappa: agreement of two raters on classes, corrected for chance."""

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray


def confusion(first: Sequence[Hashable], second: Sequence[Hashable], classes: Sequence[Hashable]) -> NDArray[np.int64]:
    """i8[K, K]: how often the first rater said row and the second said column. Both sequences cover the same units."""
    position = {key: index for index, key in enumerate(classes)}
    table = np.zeros((len(classes), len(classes)), dtype=np.int64)
    for a, b in zip(first, second, strict=True):
        table[position[a], position[b]] += 1
    return table


def kappa(table: ArrayLike) -> float:
    """Kappa of a table of counts [K, K] (Cohen 1960). 1 = perfect, 0 = chance; nan if chance alone gives full agreement."""
    counts = np.asarray(table, dtype=np.float64)
    total = counts.sum()
    expected = float(counts.sum(axis=0) @ counts.sum(axis=1))
    if total == 0 or expected == total**2:
        return float("nan")
    return float((total * np.trace(counts) - expected) / (total**2 - expected))
