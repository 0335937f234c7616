"""Krippendorff's alpha for unitizing: agreement on where in a text, a sound or a film something is, corrected for chance.

Sources: K. Krippendorff, On the reliability of unitizing contiguous data, Sociological Methodology 25 (1995); Content Analysis, 2nd edition
(2004), chapter 11.4. A unit of one rater that meets a unit of the other differs by the squares of both ends; one that lies in a gap of the
other differs by the square of its length. Chance: all places at which units of these lengths could be. Made for two raters; with more,
Krippendorff, Mathet, Bouvry and Widlocher (2016) found it to behave unexpectedly, so what is said of several is the mean over their pairs.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from quality.agreement.resampling import bootstrap
from quality.agreement.runs import Run, joined

Units = Mapping[Hashable, Sequence[Run]]  # per label the units [start, end), of which no two overlap


@dataclass(frozen=True, slots=True)
class Disagreement:
    """observed, expected: mean squared differences, in squares of the length of the whole; sums over labels."""

    observed: float = 0.0
    expected: float = 0.0

    def __add__(self, other: "Disagreement") -> "Disagreement":
        return Disagreement(self.observed + other.observed, self.expected + other.expected)

    def times(self, weight: float) -> "Disagreement":
        """Counted so many times."""
        return Disagreement(self.observed * weight, self.expected * weight)

    @property
    def alpha(self) -> float:
        """1 = perfect, 0 = chance; nan where nobody has marked anything."""
        return 1 - self.observed / self.expected if self.expected else float("nan")


def unitizing_alpha(texts: Iterable[tuple[int, Sequence[Units]]]) -> float:
    """Over several texts: (length, the units of its raters), the longer ones counting for more. nan where it is not defined."""
    return sum((disagreement(length, raters).times(length) for length, raters in texts), Disagreement()).alpha


def alpha_with_interval(
    texts: Iterable[tuple[int, Sequence[Units]]], *, draws: int = 1000, seed: int = 0
) -> tuple[float, float, float, int]:
    """As `unitizing_alpha`: (alpha, low, high, n), with the 95 % bootstrap interval over the n texts in which two could have agreed."""
    apart = [disagreement(length, raters).times(length) for length, raters in texts]
    table = np.array([(each.observed, each.expected) for each in apart if each.expected]).reshape(-1, 2)

    def alpha(drawn: NDArray[np.int64]) -> float:
        observed, expected = table[drawn].sum(axis=0).tolist()
        return Disagreement(observed, expected).alpha

    return alpha(np.arange(len(table))), *bootstrap(alpha, len(table), draws=draws, seed=seed), len(table)


def disagreement(length: int, markings: Sequence[Units]) -> Disagreement:
    """Of the raters of one text, mean over their pairs; nothing of fewer than two. length: of the text, above 0."""
    pairs = list(combinations(markings, 2))
    found = sum((_of_two(length, one, other) for one, other in pairs), Disagreement())
    return found.times(1 / len(pairs)) if pairs else found


def _of_two(length: int, one: Units, other: Units) -> Disagreement:
    labels = sorted(one.keys() | other.keys(), key=repr)
    return sum((of_label(length, one.get(key, ()), other.get(key, ())) for key in labels), Disagreement())


def of_label(length: int, one: Sequence[Run], other: Sequence[Run]) -> Disagreement:
    """Of two raters on the units of one label."""
    apart = _met(one, other) + _alone(one, other) + _alone(other, one)
    return Disagreement(2 * apart / (2 * length**2), _expected(length, one, other))


def _met(one: Sequence[Run], other: Sequence[Run]) -> float:
    """Squares of the distances of both ends, over pairs of units that share something."""
    return sum((a - c) ** 2 + (b - d) ** 2 for a, b in one for c, d in other if a < d and c < b)


def _alone(one: Sequence[Run], other: Sequence[Run]) -> float:
    """Squares of the lengths of the units that lie in gaps."""
    return sum((b - a) ** 2 for a, b in one if not any(a < d and c < b for c, d in other))


def _expected(length: int, *raters: Sequence[Run]) -> float:
    units = [end - start for units in raters for start, end in units]
    gaps = [gap for units in raters for gap in _gaps(length, units)]
    chance = sum(
        (len(units) - 1) / 3 * (2 * unit**3 - 3 * unit**2 + unit)
        + unit**2 * sum(gap - unit + 1 for gap in gaps if gap >= unit)
        for unit in units
    )
    whole = len(raters) * length
    ways = whole * (whole - 1) - sum(unit * (unit - 1) for unit in units)
    return 2 / length * chance / ways if ways else 0.0


def _gaps(length: int, units: Sequence[Run]) -> list[int]:
    """What lies between the units of one rater."""
    ends = [0, *(end for _, end in sorted(units))]
    starts = [*(start for start, _ in sorted(units)), length]
    return [start - end for end, start in zip(ends, starts, strict=True) if start > end]


def units_of(spans: Iterable[tuple[Hashable, int, int]]) -> dict[Hashable, list[Run]]:
    """From (label, start, end) in any order; overlapping units of one label become one."""
    found: dict[Hashable, list[Run]] = {}
    for label, start, end in spans:
        found.setdefault(label, []).append((start, end))
    return {label: joined(runs) for label, runs in found.items()}
