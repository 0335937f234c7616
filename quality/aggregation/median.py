"""Weighted medians."""

from collections.abc import Sequence
from math import ceil, floor

from quality.aggregation.votes import EPSILON


def median_interval(values: Sequence[float], weights: Sequence[float]) -> tuple[float, float]:
    """Lowest and highest weighted median: they differ where the weight is split exactly in two. Needs one value; weights above 0."""
    pairs = sorted(zip(values, weights, strict=True))
    half = sum(weight for _, weight in pairs) / 2
    below = 0.0
    for index, (value, weight) in enumerate(pairs):
        below += weight
        if below > half + EPSILON:
            return value, value
        if below > half - EPSILON:
            return value, pairs[index + 1][0]
    return pairs[-1][0], pairs[-1][0]


def median(values: Sequence[float], weights: Sequence[float]) -> float:
    """Weighted median; the middle of the two where the weight is split exactly in two."""
    low, high = median_interval(values, weights)
    return (low + high) / 2


def median_step(values: Sequence[float], weights: Sequence[float], centre: float) -> int:
    """Weighted median of whole numbers as a whole number: of the two nearest to the middle the one nearer to `centre`."""
    middle = median(values, weights)
    return min(floor(middle), ceil(middle), key=lambda step: (abs(step - centre), step))
