"""Intervals of a proportion."""

from math import sqrt
from statistics import NormalDist

import scipy  # its parts load when first used


def wilson(successes: float, n: float, confidence: float = 0.95) -> tuple[float, float]:
    """Two-sided score interval without continuity correction (Wilson 1927): the one to show to people. n = 0: (0, 1)."""
    if n == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = successes / n
    centre = share + z * z / (2 * n)
    margin = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return max(0.0, (centre - margin) / scale), min(1.0, (centre + margin) / scale)


def clopper_pearson(successes: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """Two-sided exact interval (Clopper, Pearson 1934): the one to promise by. n = 0: (0, 1)."""
    tail = (1 - confidence) / 2
    low = float(scipy.special.betaincinv(successes, n - successes + 1, tail)) if successes > 0 else 0.0
    high = float(scipy.special.betaincinv(successes + 1, n - successes, 1 - tail)) if successes < n else 1.0
    return low, high
