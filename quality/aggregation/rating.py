"""A step on a scale: by how its raters read it, once that is known; until then the median of ordinal ratings, the mean of interval ones."""

from collections.abc import Sequence
from statistics import median as plain_median
from typing import Any

import numpy as np

from quality.aggregation.em import Floats
from quality.aggregation.estimators import Estimate, Estimator
from quality.aggregation.interval import Belief, within
from quality.aggregation.median import median_step
from quality.aggregation.votes import (
    EPSILON,
    Config,
    Doubt,
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


def numbers(config: Config) -> dict[str, float]:
    """Where each step stands, in rising order."""
    return {str(step): float(step) for step in range(config["min"], config["max"] + 1)}


def classes(config: Config) -> list[str]:
    """What can be learned of: the steps."""
    return list(numbers(config))


def code(value: Any) -> str:
    """The class of an answer."""
    return str(value)


def aggregate(votes: Sequence[Vote], config: Config, payload: Payload, estimator: Estimator | None = None) -> Result:
    """`na` if more than half of the weight says so; else what the estimator says, or without one a weighted median (ordinal) or mean
    (interval).

    By an estimator: the median of its posterior (ordinal), or its mean. confidence: the probability that the truth is within a step of it,
    as it is with known answers, times the share of those who rated. soft: probability of each step.
    """
    counted = ordered(votes)
    method = estimator.name if estimator else "weighted_mean" if _is_interval(config) else "weighted_median"
    if not counted:
        return nothing(method)

    def between(a: Any, b: Any) -> float:
        return distance(a, b, config, payload)

    absent = share_of(counted, lambda value: value == NOT_APPLICABLE)
    refused = opted_out(counted, absent, NOT_APPLICABLE, between)
    if refused:
        return refused
    rated = [vote for vote in counted if vote.value != NOT_APPLICABLE]
    if estimator is None:
        value, sure, doubt = _counted(rated, config)
        return conclude(counted, value, sure * (1 - absent), method, between, doubt=doubt)
    found = estimator(rated, [code(vote.value) for vote in rated], classes(config))
    value, sure = _learned(found, config)
    far = sum(abs(vote.value - value) > _range(config) / 4 for vote in rated)
    doubt = "spread" if 2 * far > len(rated) else ""
    confidence = sure * (1 - absent)
    return conclude(counted, value, confidence, method, between, soft=found.soft, doubt=doubt, basis=found.basis)


def _is_interval(config: Config) -> bool:
    return bool(config.get("measure") == "interval")


def _learned(found: Estimate, config: Config) -> tuple[float, float]:
    """The merged rating, and how likely the truth is within a step of it."""
    steps, chance = np.array(list(numbers(config).values())), np.array(list(found.soft.values()))
    if found.number is None:
        value = float(steps @ chance) if _is_interval(config) else _middle(steps, chance)
        value = _rounded(value, config)
        return value, float(chance[abs(steps - value) <= STEP + EPSILON].sum())
    value = _rounded(min(max(found.number.mean, steps[0]), steps[-1]), config)
    truth = Belief(np.array([found.number.mean]), np.array([found.number.deviation**2]))
    return value, float(within(truth, np.array([value - STEP]), np.array([value + STEP]))[0])


def _middle(steps: Floats, chance: Floats) -> float:
    """The median."""
    return float(steps[int((np.cumsum(chance) < 0.5 - EPSILON).sum())])


def _rounded(value: float, config: Config) -> float:
    """To a step of an ordinal scale, to four decimals of an interval one."""
    return round(value, 4) if _is_interval(config) else round(value)


def _counted(rated: Sequence[Vote], config: Config) -> tuple[float, float, Doubt]:
    """The merged rating, 1 - the mean deviation over the range, and the doubt in ratings that are spread over half the range.

    From five ratings on, those more than 2 median deviations (each at least a step) off the median are left out.
    """
    kept = _without_outliers([(vote.value, weight) for vote, weight in zip(rated, shares(rated), strict=True)])
    value, scale = _centre(kept, config), _range(config)
    deviation = sum(abs(rating - value) * weight for rating, weight in kept) / sum(weight for _, weight in kept)
    ratings = [rating for rating, _ in kept]
    return value, 1 - deviation / scale, "spread" if (max(ratings) - min(ratings)) / scale > 0.5 else ""


def _without_outliers(rated: list[tuple[int, float]]) -> list[tuple[int, float]]:
    if len(rated) < OUTLIERS_FROM:
        return rated
    middle = plain_median(rating for rating, _ in rated)
    usual = plain_median(abs(rating - middle) for rating, _ in rated)
    return [(rating, weight) for rating, weight in rated if abs(rating - middle) <= 2 * max(usual, STEP)]


def _centre(rated: list[tuple[int, float]], config: Config) -> float:
    """The ratings in one: a step of the scale for an ordinal one, to four decimals for an interval one."""
    ratings, weights = zip(*rated, strict=True)
    if not _is_interval(config):
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
