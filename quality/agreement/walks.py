"""Krippendorff's alpha of runs whose elements are judged one by one. Its interval is over runs, for the elements of one hang together."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from quality.agreement.alpha import Level, alpha_of_counts
from quality.agreement.resampling import bootstrap

Judged = Mapping[str, float]  # by element: the class or number of what one rater said


def alpha_with_interval(
    runs: Sequence[Sequence[Judged]], level: Level, *, draws: int = 400, seed: int = 0
) -> tuple[float, float, float, int]:
    """(alpha, low, high, n): alpha over the elements, and its 95 % bootstrap interval over the n runs in which two raters have met.

    runs: of each the raters' judgements. nan where it is not defined. The same seed gives the same interval.
    """
    steps = sorted({value for run in runs for rater in run for value in rater.values()})
    tables = [table for run in runs if len(table := _counts(run, steps))]
    counts = np.concatenate([np.zeros((0, len(steps))), *tables])
    owner = np.repeat(np.arange(len(tables)), [len(table) for table in tables])

    def alpha(drawn: NDArray[np.int64]) -> float:
        times = np.bincount(drawn, minlength=len(tables))
        return alpha_of_counts(counts, level, np.array(steps), times[owner])

    return alpha(np.arange(len(tables))), *bootstrap(alpha, len(tables), draws=draws, seed=seed), len(tables)


def _counts(run: Sequence[Judged], steps: Sequence[float]) -> NDArray[np.float64]:
    """f8[E, V]: how often each value was given to the elements that two or more have judged."""
    given = {element: [rater[element] for rater in run if element in rater] for rater in run for element in rater}
    rows = [[values.count(step) for step in steps] for values in given.values() if len(values) > 1]
    return np.array(rows, dtype=np.float64).reshape(-1, len(steps))
