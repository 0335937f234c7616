"""How sure a statistic is, whatever it is: what it comes to on other draws of the same units."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray


def bootstrap(
    statistic: Callable[[NDArray[np.int64]], float], units: int, *, draws: int = 1000, seed: int = 0
) -> tuple[float, float]:
    """95 % interval of a statistic by its percentiles over draws of as many units, with replacement (Efron 1979).

    statistic: of the units at these places, 0..units-1, as `lambda drawn: alpha_of_counts(counts[drawn])`. The same seed gives the same
    interval. Draws on which it is not defined (nan) are left out; (nan, nan) where it is on none.
    """
    draw = np.random.default_rng(seed)
    found = [statistic(draw.integers(0, units, units)) for _ in range(draws)] if units else []
    known = [value for value in found if not np.isnan(value)]
    if not known:
        return float("nan"), float("nan")
    low, high = np.percentile(known, [2.5, 97.5])
    return float(low), float(high)
