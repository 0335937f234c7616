"""Which of two items is better: the direction first, then how much."""

from collections.abc import Sequence
from typing import Any

from quality.aggregation.estimators import ONE_COIN, Estimator
from quality.aggregation.median import median_step
from quality.aggregation.votes import (
    Config,
    Doubt,
    Payload,
    Result,
    Vote,
    conclude,
    heaviest,
    nothing,
    opted_out,
    ordered,
    share_of,
    shares,
)

LEVEL = "interval"
DIRECTIONS = ("first", "tie", "second")
HALF_WAY = 0.25  # both bad is as far from a tie as a full preference is


def direction(value: Any) -> str:
    """first, tie or second: of the items in payload order."""
    return DIRECTIONS[(value["score"] > 0) - (value["score"] < 0) + 1]


def classes(config: Config) -> list[str]:
    """What can be learned of: the directions that the question allows."""
    return [each for each in DIRECTIONS if each != "tie" or config.get("ties")]


def distance(a: Any, b: Any, config: Config, _payload: Payload) -> float:
    """Squared difference over the squared width of the scale; at least a quarter if only one finds both bad."""
    apart = min(1.0, float((a["score"] - b["score"]) / (2 * config["steps"])) ** 2)
    return apart if _both_bad(a) == _both_bad(b) else max(apart, HALF_WAY)


def _both_bad(value: Any) -> bool:
    return bool(value.get("both_bad", False))


def aggregate(votes: Sequence[Vote], config: Config, payload: Payload, estimator: Estimator = ONE_COIN) -> Result:
    """Both bad if more than half of the weight says so; else the direction of the greatest posterior, and within it the
    weighted median of the scores, the milder of two. soft: probability per direction.

    confidence: that of the direction, times the share of those who saw a difference or a tie.
    """
    counted = ordered(votes)
    if not counted:
        return nothing(estimator.name)

    def between(a: Any, b: Any) -> float:
        return distance(a, b, config, payload)

    bad = share_of(counted, _both_bad)
    refused = opted_out(counted, bad, {"score": 0, "both_bad": True}, between)
    if refused:
        return refused
    compared = [vote for vote in counted if not _both_bad(vote.value)]
    labels = [direction(vote.value) for vote in compared]
    classes = [each for each in DIRECTIONS if each != "tie" or config.get("ties") or "tie" in labels]
    found = estimator(compared, labels, classes)
    winner, confidence = heaviest(found.soft)
    agreed = [vote for vote, label in zip(compared, labels, strict=True) if label == winner]
    value = {"score": median_step([vote.value["score"] for vote in agreed], shares(agreed), 0)} if agreed else None
    confidence *= 1 - bad
    doubt: Doubt = "" if agreed else "tie"
    return conclude(counted, value, confidence, found.method, between, soft=found.soft, doubt=doubt, basis=found.basis)


def passes(value: Any, expected: Any, config: Config, payload: Payload) -> tuple[bool, float]:
    """Same direction, and both bad only where expected. Score: 1 - distance."""
    alike = direction(value) == direction(expected) and _both_bad(value) == _both_bad(expected)
    return alike, 1 - distance(value, expected, config, payload)
