"""Agreement on numbers: which part of the variance lies between the units and not between the raters."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True, slots=True)
class Intraclass:
    """The six forms of Shrout and Fleiss (1979), of one rating and of the mean of all raters.

    one_way: ICC(1,1), ICC(1,k), each unit has raters of its own. random: ICC(2,1), ICC(2,k), the raters are drawn from many, and it matters
    how high they rate. fixed: ICC(3,1), ICC(3,k), there are no other raters, and only what sets units apart matters.
    """

    one_way: float
    random: float
    fixed: float
    one_way_mean: float
    random_mean: float
    fixed_mean: float


def icc(values: ArrayLike) -> Intraclass:
    """Of a whole table f8[R, U], R raters by U units. nan where it is not defined: fewer than two of either, or no variance.

    Raises ValueError if a value is missing: leave that unit out, or use alpha.
    """
    table = np.asarray(values, dtype=np.float64)
    if np.isnan(table).any():
        raise ValueError("every rater must have rated every unit")
    raters, units = table.shape
    if raters < 2 or units < 2 or np.ptp(table) == 0:
        return Intraclass(*[float("nan")] * 6)
    centre = table.mean()
    between = raters * ((table.mean(axis=0) - centre) ** 2).sum() / (units - 1)
    of_raters = units * ((table.mean(axis=1) - centre) ** 2).sum() / (raters - 1)
    within = ((table - table.mean(axis=0)) ** 2).sum() / (units * (raters - 1))
    error = (within * units - of_raters) / (units - 1)
    drift = (of_raters - error) / units
    return Intraclass(
        one_way=_part(between - within, between + (raters - 1) * within),
        random=_part(between - error, between + (raters - 1) * error + raters * drift),
        fixed=_part(between - error, between + (raters - 1) * error),
        one_way_mean=_part(between - within, between),
        random_mean=_part(between - error, between + drift),
        fixed_mean=_part(between - error, between),
    )


def _part(explained: float, whole: float) -> float:
    return float(explained / whole) if whole else float("nan")
