"""Numbers: the weighted median of those that most of the weight says, give or take the tolerance."""

from collections.abc import Sequence
from typing import Any

from quality.aggregation.median import median_interval
from quality.aggregation.votes import EPSILON, Config, Payload, Result, Vote, conclude, nothing, ordered, shares

LEVEL = "interval"
METHOD = "tolerance_vote"
FINEST = 12  # decimals of what lies between two numbers


def distance(a: Any, b: Any, config: Config, _payload: Payload) -> float:
    """0 within the tolerance, else the difference over the larger of the two, 1 at most."""
    apart, size = abs(a - b), max(abs(a), abs(b))
    return 0.0 if apart <= _tolerance(size, config) else min(1.0, float(apart / size))


def _tolerance(size: float, config: Config) -> float:
    """How far apart two numbers may be that say the same; size: the larger of them."""
    absolute, relative = float(config.get("tolerance") or 0), float(config.get("relative_tolerance") or 0)
    return float(max(absolute, relative * size, EPSILON * size))


def aggregate(votes: Sequence[Vote], config: Config, payload: Payload) -> Result:
    """The median of the heaviest numbers that are within the tolerance of each other. confidence: their share of the weight.

    Of equally heavy groups the narrowest; a tie where two of these have no number in common.
    """
    counted = ordered(votes)
    if not counted:
        return nothing(METHOD)
    groups = _groups(counted, config)
    most = max(weight for weight, _ in groups)
    leaders = [group for weight, group in groups if weight > most - EPSILON]
    width = min(group[-1][0] - group[0][0] for group in leaders)
    first, *rest = [group for group in leaders if group[-1][0] - group[0][0] <= width]
    tied = any(other[0][0] > first[-1][0] for other in rest)
    return conclude(
        counted,
        None if tied else _middle(first, config),
        most,
        METHOD,
        lambda a, b: distance(a, b, config, payload),
        doubt="tie" if tied else "",
    )


Group = list[tuple[float, float]]  # (number, weight), numbers rising


def _groups(votes: Sequence[Vote], config: Config) -> list[tuple[float, Group]]:
    """From each number on upwards all within the tolerance of it, with their weight."""
    said = sorted((vote.value, weight) for vote, weight in zip(votes, shares(votes), strict=True))
    found = []
    for at, (low, _) in enumerate(said):
        group = [each for each in said[at:] if each[0] - low <= _tolerance(max(abs(low), abs(each[0])), config)]
        found.append((sum(weight for _, weight in group), group))
    return found


def _middle(group: Group, config: Config) -> float:
    """A number that somebody has said, or where the weight is split exactly in two the one between; on a step the lower."""
    values, weights = zip(*group, strict=True)
    low, high = median_interval(values, weights)
    if low == high or config.get("step") is not None:
        return low
    middle = round((low + high) / 2, config.get("decimals", FINEST))
    return int(middle) if middle == int(middle) else middle


def passes(value: Any, expected: Any, config: Config, payload: Payload) -> tuple[bool, float]:
    """Within the tolerance. Score: 1 - distance."""
    far = distance(value, expected, config, payload)
    return far == 0, 1 - far
