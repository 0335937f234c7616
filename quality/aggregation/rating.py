"""A step on a scale: the median of ordinal ratings, the mean of interval ones."""

from collections.abc import Sequence
from statistics import median as plain_median
from typing import Any

from quality.aggregation.median import median_step
from quality.aggregation.votes import (
    EPSILON,
    Config,
    Payload,
    Result,
    Vote,
    conclude,
    nothing,
    opted_out,
    ordered,
    share_of,
    shares,
)

LEVEL = "ordinal"
NOT_APPLICABLE = "na"
STEP = 1  # of the scale: gold may be missed by as much, and no deviation is thought finer
OUTLIERS_FROM = 5  # votes


def distance(a: Any, b: Any, config: Config, _payload: Payload) -> float:
    """Squared difference over the squared range; `na` is alike only to itself."""
    if a == b:
        return 0.0
    if NOT_APPLICABLE in (a, b):
        return 1.0
    return min(1.0, float((a - b) / _range(config)) ** 2)


def _range(config: Config) -> float:
    return max(float(config["max"] - config["min"]), 1.0)


def aggregate(votes: Sequence[Vote], config: Config, payload: Payload) -> Result:
    """`na` if more than half of the weight says so; else the ratings' weighted median (ordinal) or mean (interval).

    From five ratings on, those more than 2 median deviations (each at least a step) off the median are left out. confidence:
    1 - mean deviation over the range, times the share of those who rated. Ratings spread over half the range are in doubt.
    """
    method = "weighted_mean" if config.get("measure") == "interval" else "weighted_median"
    counted = ordered(votes)
    if not counted:
        return nothing(method)

    def between(a: Any, b: Any) -> float:
        return distance(a, b, config, payload)

    absent = share_of(counted, lambda value: value == NOT_APPLICABLE)
    refused = opted_out(counted, absent, NOT_APPLICABLE, between)
    if refused:
        return refused
    rated = [vote for vote in counted if vote.value != NOT_APPLICABLE]
    kept = _without_outliers([(vote.value, weight) for vote, weight in zip(rated, shares(rated), strict=True)])
    value = _centre(kept, config)
    scale = _range(config)
    deviation = sum(abs(rating - value) * weight for rating, weight in kept) / sum(weight for _, weight in kept)
    ratings = [rating for rating, _ in kept]
    wide = (max(ratings) - min(ratings)) / scale > 0.5
    confidence = (1 - deviation / scale) * (1 - absent)
    return conclude(counted, value, confidence, method, between, doubt="spread" if wide else "")


def _without_outliers(rated: list[tuple[int, float]]) -> list[tuple[int, float]]:
    if len(rated) < OUTLIERS_FROM:
        return rated
    middle = plain_median(rating for rating, _ in rated)
    usual = plain_median(abs(rating - middle) for rating, _ in rated)
    return [(rating, weight) for rating, weight in rated if abs(rating - middle) <= 2 * max(usual, STEP)]


def _centre(rated: list[tuple[int, float]], config: Config) -> float:
    """The ratings in one: a step of the scale for an ordinal one, to four decimals for an interval one."""
    ratings, weights = zip(*rated, strict=True)
    if config.get("measure") != "interval":
        return median_step(ratings, weights, (config["min"] + config["max"]) / 2)
    mean = float(sum(rating * weight for rating, weight in rated) / sum(weights))
    return round(mean, 4)


def passes(value: Any, expected: Any, config: Config, _payload: Payload) -> tuple[bool, float]:
    """Within one step. Score: 1 - difference over the range."""
    if NOT_APPLICABLE in (value, expected):
        alike = bool(value == expected)
        return alike, float(alike)
    off = abs(float(value) - float(expected))
    return off <= STEP + EPSILON, max(0.0, 1 - off / _range(config))
