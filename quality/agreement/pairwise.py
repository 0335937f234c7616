"""Agreement without correction for chance: what share of pairs of answers are alike."""

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any


def unequal(a: Any, b: Any) -> float:
    """The plainest distance: 0 for equal values, 1 otherwise."""
    return float(a != b)


def mean_pairwise(units: Sequence[Sequence[Any]], distance: Callable[[Any, Any], float] = unequal) -> float:
    """Mean over units of the mean of 1 - distance over the unit's pairs of answers; nan if no unit has two answers."""
    pairable = [unit for unit in units if len(unit) >= 2]
    if not pairable:
        return float("nan")
    return sum(_unit_mean(unit, distance) for unit in pairable) / len(pairable)


def _unit_mean(unit: Sequence[Any], distance: Callable[[Any, Any], float]) -> float:
    return 1 - sum(distance(a, b) for a, b in combinations(unit, 2)) * 2 / (len(unit) * (len(unit) - 1))
