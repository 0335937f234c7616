"""Is what is said with 0.9 right nine times in ten? The table behind a reliability plot, from tasks whose class is known."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from quality.aggregation.calibration import calibrate, calibration_error
from quality.aggregation.em import Floats, Integers
from quality.agreement.bounds import wilson

BINS = 10
PARTS = 5  # of the known tasks; each is judged by what the others teach


@dataclass(frozen=True, slots=True)
class Bin:
    """Tasks of about the same stated confidence: how many, its mean, which share was right, and the 95 % limits of that (Wilson)."""

    n: int
    stated: float
    right: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """bins: at most ten of equal mass, as far as equal statements can stay together. error: expected calibration error, 0..1.

    brier: mean squared difference of the stated confidence and of being right (1 or 0): 0 = sure and right, 0.25 = tossing a coin.
    """

    bins: Sequence[Bin]
    error: float
    brier: float


def reliability(posterior: Floats, truth: Integers) -> Reliability:
    """posterior f8[G, K], truth i8[G], G >= 1. The same whatever the order of the tasks."""
    sure, right = posterior.max(axis=1), posterior.argmax(axis=1) == truth
    edges = np.sort(sure)[[len(sure) * place // BINS for place in range(1, BINS)]]
    place = np.searchsorted(np.unique(edges), sure, side="right")
    bins = [_bin(sure[place == each], right[place == each]) for each in np.unique(place).tolist()]
    return Reliability(bins, calibration_error(posterior, truth), float(((sure - right) ** 2).mean()))


def _bin(sure: Floats, right: Floats) -> Bin:
    hits = int(right.sum())
    low, high = wilson(hits, len(sure))
    return Bin(len(sure), float(sure.mean()), hits / len(sure), low, high)


def assess(one_coin: Floats, pooled: Floats, truth: Integers, shares: Sequence[float]) -> Reliability:
    """Of a calibration as `calibrate` learns it from these tasks, without judging one by itself: each part by what the others teach."""
    belief, part = np.empty_like(one_coin), np.arange(len(truth)) % PARTS
    for each in range(PARTS):
        held, rest = part == each, part != each
        found = calibrate(one_coin[rest], pooled[rest], truth[rest], shares)
        belief[held] = found.mix(one_coin[held], pooled[held])
    return reliability(belief, truth)
