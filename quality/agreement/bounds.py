"""Intervals and bounds of a proportion, and how large a sample must be to show one.

`wilson` is what to show to people, the exact ones are what to promise by.
"""

from collections.abc import Callable
from functools import cache
from math import sqrt
from statistics import NormalDist

import numpy as np
import scipy  # its parts load when first used
from numpy.typing import NDArray

ROUNDING = 1e-9  # a probability that is just 1 - confidence may come out a little above it


def wilson(successes: float, n: float, confidence: float = 0.95) -> tuple[float, float]:
    """Two-sided score interval without continuity correction (Wilson 1927): the one to show to people. n = 0: (0, 1)."""
    if n == 0:
        return 0.0, 1.0
    z = _normal((1 + confidence) / 2)
    share = successes / n
    centre = share + z * z / (2 * n)
    margin = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    low, high = (centre - margin) / scale, (centre + margin) / scale
    return max(0.0, min(low, share)), min(1.0, max(high, share))  # the share is inside, whatever is rounded


@cache
def _normal(probability: float) -> float:
    return NormalDist().inv_cdf(probability)


def clopper_pearson(successes: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """Two-sided exact interval (Clopper, Pearson 1934): the one to promise by. n = 0: (0, 1)."""
    tail = (1 - confidence) / 2
    return 1 - exact_upper(n - successes, n, 1 - tail), exact_upper(successes, n, 1 - tail)


def exact_upper(errors: int, n: int, confidence: float = 0.95) -> float:
    """One-sided exact upper bound of an error rate (Clopper, Pearson 1934): with this confidence it is no higher. n = 0: 1."""
    return float(scipy.special.betaincinv(errors + 1, n - errors, confidence)) if errors < n else 1.0


def hypergeometric_upper(errors: int, n: int, lot: int, confidence: float = 0.95) -> float:
    """One-sided exact upper bound of the share of bad items in a lot of which n were drawn without replacement and looked at.

    The largest number of bad items under which so few errors are found with a probability above 1 - confidence (Buonaccorsi 1987).
    """
    most = lot - n + errors
    ruled_out = smallest(errors + 1, most + 1, lambda bad: _at_most(errors, n, lot, bad) <= 1 - confidence + ROUNDING)
    return (ruled_out - 1) / lot if lot else 1.0


def sample_size(error: float, confidence: float = 0.95, errors: int = 0) -> int:
    """The smallest sample that shows an error rate of at most `error` (0..1, exclusive) if so many errors are found in it.

    Without errors ln(1 - confidence) / ln(1 - error), rounded up: the success-run theorem (Hahn, Meeker, Statistical Intervals).
    """
    most = errors + 1
    while exact_upper(errors, most, confidence) > error:
        most *= 2
    return smallest(errors, most, lambda n: exact_upper(errors, n, confidence) <= error)


def lot_sample_size(error: float, lot: int, confidence: float = 0.95, errors: int = 0) -> int:
    """As `sample_size`, drawn without replacement from a lot; the whole lot if nothing less shows it."""
    return smallest(errors, lot, lambda n: hypergeometric_upper(errors, n, lot, confidence) <= error)


def acceptance(n: int, accepted: int, error: float) -> float:
    """Probability that a single sampling plan passes a lot of this error rate: at most `accepted` errors among n."""
    return float(scipy.special.bdtr(accepted, n, error))


def smallest(low: int, high: int, enough: Callable[[int], bool]) -> int:
    """The smallest number from low to high that is enough, if every larger one is too; else high."""
    while low < high:
        middle = (low + high) // 2
        if enough(middle):
            high = middle
        else:
            low = middle + 1
    return high


def _at_most(errors: int, n: int, lot: int, bad: int) -> float:
    """Probability to find so few of the bad items of a lot among n that are drawn."""
    found = np.arange(max(0, n - (lot - bad)), min(errors, n, bad) + 1, dtype=np.float64)
    ways = _log_choose(bad, found) + _log_choose(lot - bad, n - found) - _log_choose(lot, np.array(float(n)))
    return float(np.exp(ways).sum())


def _log_choose(n: int, k: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logarithm of the number of ways to choose k of n."""
    ways: NDArray[np.float64] = -np.log1p(n) - scipy.special.betaln(n - k + 1, k + 1)
    return ways
