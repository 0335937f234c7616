"""Votes in, a result out: what all question types share."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Literal

Status = Literal["settled", "more", "review", "plural"]
Doubt = Literal["", "tie", "spread", "cannot_merge", "apart"]
Config = Mapping[str, Any]
Payload = Mapping[str, Any]

EPSILON = 1e-9  # shares nearer than this are equal: sums of weights are not exact
LEAST = 1e-6  # weight of somebody who has none


@dataclass(frozen=True, slots=True)
class Basis:
    """What a confidence rests on. run: key of the fit behind it, if there is one; calibrated: on enough known tasks.

    ceiling: what the confidence cannot come above, however many answers agree, 0..1.
    """

    run: str = ""
    calibrated: bool = False
    ceiling: float = 1.0


COUNTED = Basis()  # votes and weights, no fit


@dataclass(frozen=True, slots=True)
class Vote:
    """One contributor's answer to one question. weight: how likely this contributor is right on it, 0..1."""

    contributor: str
    value: Any
    weight: float


@dataclass(frozen=True, slots=True)
class Result:
    """What the votes say.

    value: the merged answer in the shape of the question type, None where there is none (no vote, a tie, texts that cannot
    be merged). confidence, agreement: 0..1, or None where they have no meaning. n: votes that counted; abstentions do not.
    soft: probability or share per class. dissent: who differs from the value and how much, [{contributor, distance}].
    doubt: why the value may not be settled however high the confidence. status is filled in by `decide`. basis: of the confidence.
    """

    value: Any
    confidence: float | None
    method: str
    n: int
    status: Status = "more"
    soft: dict[str, float] | None = None
    dissent: list[dict[str, Any]] = field(default_factory=list)
    agreement: float | None = None
    doubt: Doubt = ""
    basis: Basis = COUNTED


def ordered(votes: Iterable[Vote]) -> list[Vote]:
    """By contributor, so that no result depends on the order in which answers came."""
    return sorted(votes, key=lambda vote: vote.contributor)


def shares(votes: Sequence[Vote]) -> list[float]:
    """Weights scaled to the sum 1, all above 0: the votes of people with no weight decide where nobody has any."""
    weights = [max(vote.weight, LEAST) for vote in votes]
    total = sum(weights)
    return [weight / total for weight in weights]


def share_of(votes: Sequence[Vote], test: Callable[[Any], bool]) -> float:
    """Share of the weight whose values pass a test."""
    return sum(weight for vote, weight in zip(votes, shares(votes), strict=True) if test(vote.value))


def opted_out(votes: Sequence[Vote], share: float, value: Any, distance: Callable[[Any, Any], float]) -> Result | None:
    """What follows from the share that refused the question's scale (not applicable, all bad, both bad).

    Their value if they are more than half, a tie at half, None if the rest decides.
    """
    if share > 0.5 + EPSILON:
        return conclude(votes, value, share, "vote", distance)
    if share > 0.5 - EPSILON:
        return conclude(votes, None, share, "vote", distance, doubt="tie")
    return None


def heaviest(weights: Mapping[Any, float]) -> tuple[Any, float]:
    """The key of the greatest weight and that weight; (None, weight) on a tie, (None, 0) of nothing."""
    if not weights:
        return None, 0.0
    top = max(weights.values())
    leaders = [key for key, weight in weights.items() if weight > top - EPSILON]
    return (leaders[0] if len(leaders) == 1 else None), top


def clamp(number: float) -> float:
    """Back into 0..1, where rounding left it."""
    return min(1.0, max(0.0, number))


def agreement(votes: Sequence[Vote], distance: Callable[[Any, Any], float]) -> float | None:
    """1 - mean distance of all pairs of votes, weighted by both; None for fewer than two."""
    if len(votes) < 2:
        return None
    apart = total = 0.0
    for (a, mine), (b, yours) in combinations(zip(votes, shares(votes), strict=True), 2):
        weight = mine * yours
        total += weight
        if a.value != b.value:
            apart += weight * distance(a.value, b.value)
    return clamp(1 - apart / total)


def dissent(votes: Sequence[Vote], value: Any, distance: Callable[[Any, Any], float]) -> list[dict[str, Any]]:
    """Who is away from a value, and how far."""
    found = [(vote.contributor, distance(vote.value, value)) for vote in votes if vote.value != value]
    return [{"contributor": who, "distance": clamp(far)} for who, far in found if far > 0]


def nothing(method: str) -> Result:
    """The result of no vote."""
    return Result(None, None, method, 0)


def conclude(
    votes: Sequence[Vote],
    value: Any,
    confidence: float | None,
    method: str,
    distance: Callable[[Any, Any], float],
    *,
    soft: dict[str, float] | None = None,
    doubt: Doubt = "",
    basis: Basis = COUNTED,
) -> Result:
    """A result with agreement and dissent worked out."""
    return Result(
        value=value,
        confidence=None if confidence is None else clamp(confidence),
        method=method,
        n=len(votes),
        soft=soft,
        dissent=[] if value is None else dissent(votes, value, distance),
        agreement=agreement(votes, distance),
        doubt=doubt,
        basis=basis,
    )
