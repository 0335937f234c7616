"""Agreement of raters on classes, corrected for chance: Cohen for two, Fleiss and Gwet for any number.

`table` is a confusion of two raters, counts [K, K]; `counts` says how often each unit was given each class, [U, K], and units may have
different numbers of answers: those with one say something of chance, not of agreement. All are 1 for perfect agreement, 0 for chance, and
nan where they are not defined: without anything to compare, or where chance alone would agree always.
"""

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def confusion(first: Sequence[Hashable], second: Sequence[Hashable], classes: Sequence[Hashable]) -> NDArray[np.int64]:
    """i8[K, K]: how often the first rater said row and the second said column. Both sequences cover the same units."""
    position = {key: index for index, key in enumerate(classes)}
    table = np.zeros((len(classes), len(classes)), dtype=np.int64)
    for a, b in zip(first, second, strict=True):
        table[position[a], position[b]] += 1
    return table


def kappa(table: ArrayLike) -> float:
    """Cohen's kappa (1960): every disagreement counts the same."""
    counts = np.asarray(table, dtype=np.float64)
    return weighted_kappa(counts, 1 - np.eye(len(counts)))


def weighted_kappa(table: ArrayLike, disagreement: ArrayLike) -> float:
    """Cohen's weighted kappa (1968). disagreement [K, K]: how bad each confusion is, 0 where there is none; see `apart`."""
    counts, weights = np.asarray(table, dtype=np.float64), np.asarray(disagreement, dtype=np.float64)
    expected = float((weights * np.outer(counts.sum(axis=1), counts.sum(axis=0))).sum())
    if expected == 0:
        return float("nan")
    return 1 - float((weights * counts).sum() * counts.sum()) / expected


def apart(classes: int, power: float = 2) -> Floats:
    """f8[K, K]: disagreement of ordered classes by the steps between them; power 1 linear, 2 squared."""
    place = np.arange(classes, dtype=np.float64)
    steps: Floats = np.abs(place[:, None] - place[None, :]) ** power
    return steps


def fleiss(counts: ArrayLike) -> float:
    """Kappa of any number of raters (Fleiss 1971): chance is that of two answers drawn from all."""
    table = np.asarray(counts, dtype=np.float64)
    share = _class_shares(table)
    return _corrected(_observed(table), float((share**2).sum()))


def fleiss_by_class(counts: ArrayLike) -> Floats:
    """f8[K]: Fleiss' kappa of each class against all others together; nan where nobody, or everybody, has said it."""
    table = np.asarray(counts, dtype=np.float64)
    several = table[table.sum(axis=1) >= 2]
    n = several.sum(axis=1, keepdims=True)
    split = (several * (n - several) / (n * (n - 1))).sum(axis=0)
    share = _class_shares(table)
    by_chance = share * (1 - share) * len(several)
    out = np.full(len(share), np.nan)
    kappas: Floats = np.subtract(1.0, np.divide(split, by_chance, out=out, where=by_chance > 0))
    return kappas


def gwet_ac1(counts: ArrayLike) -> float:
    """AC1 (Gwet 2008): chance is small where nearly all answers are of one class, where the kappas fall although people agree."""
    table = np.asarray(counts, dtype=np.float64)
    share = _class_shares(table)
    if len(share) < 2:
        return float("nan")
    return _corrected(_observed(table), float((share * (1 - share)).sum() / (len(share) - 1)))


def _class_shares(table: Floats) -> Floats:
    """f8[K]: mean over the units with answers of the share of each class."""
    answers = table.sum(axis=1, keepdims=True)
    shares = (table / np.where(answers > 0, answers, 1)).sum(axis=0)
    mean: Floats = shares / max(np.count_nonzero(answers), 1)
    return mean


def _observed(table: Floats) -> float:
    """Mean over units of the share of pairs of answers that are equal; nan if no unit has two."""
    several = table[table.sum(axis=1) >= 2]
    n = several.sum(axis=1)
    equal = (several * (several - 1)).sum(axis=1) / (n * (n - 1))
    return float(equal.mean()) if len(equal) else float("nan")


def _corrected(observed: float, by_chance: float) -> float:
    return (observed - by_chance) / (1 - by_chance) if by_chance < 1 else float("nan")
