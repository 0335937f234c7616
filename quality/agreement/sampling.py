"""Which items of a lot are looked at, and what those looked at say of all.

Every item has a known probability to be drawn, its inclusion probability; it is stored with the item, and estimates weigh by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quality.agreement.bounds import wilson

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def allocate(sizes: ArrayLike, n: int) -> Integers:
    """i8[H]: how many of n to draw from strata of these sizes i[H]: in proportion, by largest remainder.

    None that holds an item is left out as long as n suffices, so that each has a chance to show its errors. The sum is n, never more than
    a stratum has. Raises ValueError if all together have fewer than n.
    """
    held = np.asarray(sizes, dtype=np.int64)
    if n > held.sum():
        raise ValueError("more to draw than there is")
    fair = n * held / max(held.sum(), 1)
    least = (held > 0).astype(np.int64) if n >= np.count_nonzero(held) else np.zeros_like(held)
    counts: Integers = np.maximum(np.floor(fair).astype(np.int64), least)
    while counts.sum() < n:
        counts[np.argmax(fair - counts)] += 1
    while counts.sum() > n:
        counts[np.argmin(np.where(counts > least, fair - counts, np.inf))] -= 1
    return counts


@dataclass(frozen=True, slots=True)
class Draw:
    """A drawn sample. items i8[n]: places in the lot, ascending; pi f8[n]: the probability with which each was drawn."""

    items: Integers
    pi: Floats


def draw(stratum: ArrayLike, n: int, random: np.random.Generator) -> Draw:
    """n items of a lot, allocated over its strata, at random within each. stratum: i[N], numbers from 0, of each item.

    The same generator state draws the same items. Raises ValueError if the lot has fewer than n.
    """
    of_item = np.asarray(stratum, dtype=np.int64)
    sizes = np.bincount(of_item)
    wanted = allocate(sizes, n)
    shuffled = np.lexsort((random.random(len(of_item)), of_item))
    first = np.cumsum(sizes) - sizes
    place = np.arange(len(of_item)) - first[of_item[shuffled]]
    items = np.sort(shuffled[place < wanted[of_item[shuffled]]])
    return Draw(items, (wanted / np.maximum(sizes, 1))[of_item[items]])


@dataclass(frozen=True, slots=True)
class Estimate:
    """Share of a whole, 0..1, with the variance of its estimate and a 95 % interval to show. nan and (0, 1) if nothing was drawn."""

    share: float
    variance: float
    low: float
    high: float


NOTHING = Estimate(float("nan"), float("nan"), 0.0, 1.0)


def horvitz_thompson(errors: ArrayLike, pi: ArrayLike, total: int) -> Estimate:
    """Error rate of `total` items, each drawn or not by itself with its own probability (Horvitz, Thompson 1952).

    errors: f[n], 0..1 of each drawn item; pi: f[n] in (0, 1]. The interval joins Wilson's intervals of the items of each probability by
    the squares of their distances from the estimate (Zou, Huang, Zhang 2009): a group in which no error was found stays in doubt, one of
    which every item was drawn leaves none. If nothing of the rest was drawn, anything may be true of it.
    """
    wrong, chance = np.asarray(errors, dtype=np.float64), np.asarray(pi, dtype=np.float64)
    if not len(wrong):
        return NOTHING
    share = float((wrong / chance).sum()) / total
    variance = float(((1 - chance) / chance**2 * wrong**2).sum()) / total**2
    below, above = 0.0, 0.0 if (chance < 1).any() else (1 - len(chance) / total) ** 2
    for each in np.unique(chance[chance < 1]):
        group = wrong[chance == each]
        found, stood_for = group.mean(), len(group) / each / total
        low, high = wilson(found * len(group) / (1 - each), len(group) / (1 - each))
        below += (stood_for * (found - low)) ** 2
        above += (stood_for * (high - found)) ** 2
    return Estimate(share, variance, max(0.0, share - sqrt(below)), min(1.0, share + sqrt(above)))


def stratified(errors: Sequence[int] | Integers, drawn: Sequence[int] | Integers, sizes: ArrayLike) -> Estimate:
    """Error rate of a lot from what was found in each stratum: errors i[H] among drawn i[H] of sizes i[H], without replacement.

    Strata weigh by their size, so each item by the inverse of its inclusion probability. The interval is Wilson's at the effective sample
    size: that of a plain sample whose estimate varies as much (Kish 1965; Franco, Little, Louis, Slud 2019). For it one item of average
    error is added to each stratum, because few items that happen to agree do not prove that all do.
    """
    found, looked, held = (np.asarray(each, dtype=np.float64) for each in (errors, drawn, sizes))
    if not looked.any():
        return NOTHING
    seen = looked > 0
    weight = np.where(seen, held, 0) / held[seen].sum()
    rates = np.divide(found, looked, out=np.zeros_like(found), where=seen)
    doubt = np.divide(weight**2 * (1 - looked / np.maximum(held, 1)), looked, out=np.zeros_like(found), where=seen)
    share = float(weight @ rates)
    smoothed = (found + share) / (looked + 1)
    level = float(weight @ smoothed)
    spread = float(doubt @ (smoothed * (1 - smoothed))) if 0 < share < 1 else 0.0
    effective = level * (1 - level) / spread if spread > 0 else _even(doubt)
    low, high = wilson(share * effective, effective) if np.isfinite(effective) else (share, share)
    return Estimate(share, float(doubt @ (rates * (1 - rates))), low, high)


def _even(doubt: Floats) -> float:
    """Effective sample size if the error rate is the same in each stratum; infinite if all has been seen."""
    return 1 / float(doubt.sum()) if doubt.any() else float("inf")
