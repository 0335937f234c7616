"""Alpha with its interval where many units were answered alike: the work grows with the different patterns, not with the units."""

import numpy as np
from numpy.typing import NDArray

from quality.agreement.alpha import Level, alpha_of_counts

Floats = NDArray[np.float64]


def alpha_of_patterns(
    counts: Floats, times: NDArray[np.int64], level: Level, classes: Floats, *, draws: int = 1000, seed: int = 0
) -> tuple[float, float, float]:
    """Krippendorff's alpha and its 95 % bootstrap interval over units (Efron 1979): (alpha, low, high), nan where it is not defined.

    counts: f8[P, V], how often each value was given in a pattern; times: i8[P], units with the pattern; classes: f8[V], rising. To draw as
    many units anew with replacement is to draw how often each pattern comes up. The same seed gives the same interval.
    """
    units = int(times.sum())
    if not units:
        return float("nan"), float("nan"), float("nan")
    drawn = np.random.default_rng(seed).multinomial(units, times / units, draws)
    found = [alpha_of_counts(counts, level, classes, each) for each in drawn]
    known = [value for value in found if not np.isnan(value)]
    low, high = np.percentile(known, [2.5, 97.5]) if known else (float("nan"), float("nan"))
    return alpha_of_counts(counts, level, classes, times), float(low), float(high)
