"""How alike two answers to one question are, in the measure of its type: what a reviewer reads beside the picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from quality.aggregation.regions import matched
from quality.aggregation.registry import for_type
from quality.aggregation.votes import Config, Payload, clamp
from quality.agreement.strings import edit_share

# Types of which two answers can be partly alike; all others are equal or they are not.
GRADED = ("choices", "text", "ranking", "spans", "regions", "segments", "verdicts", "records", "tool_calls")


@dataclass(frozen=True, slots=True)
class Overlap:
    """Regions of two answers with one label. iou: of each that both have; alone: how many only the first and only the second has."""

    label: str
    iou: list[float]
    alone: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two answers by their places. alike: 0..1, a mean if the question is asked per item; overlaps: of regions, by label."""

    first: int
    second: int
    alike: float
    overlaps: list[Overlap]


def pairs(kind: str, values: Sequence[Any], config: Config, payload: Payload, *, per: bool = False) -> list[Pair]:
    """Every pair of answers to a question of a type in GRADED that says something to it; None stands for an answer that does not.

    per: a value is {item: value}.
    """
    given = [(place, _parts(value, per=per)) for place, value in enumerate(values) if value is not None]
    found = [_pair(kind, a, b, config, payload) for a, b in combinations(given, 2)]
    return [pair for pair in found if pair is not None]


def _parts(value: Any, *, per: bool) -> Mapping[str, Any]:
    """The value per item; under an empty key where there are no items."""
    return value if per else {"": value}


def _pair(
    kind: str, a: tuple[int, Mapping[str, Any]], b: tuple[int, Mapping[str, Any]], config: Config, payload: Payload
) -> Pair | None:
    """None if the two have answered of no item in common."""
    (first, mine), (second, yours) = a, b
    both = [(mine[item], yours[item]) for item in mine if item in yours]
    if not both:
        return None
    alike = sum(likeness(kind, one, other, config, payload) for one, other in both) / len(both)
    return Pair(first, second, alike, _overlaps(both, config) if kind == "regions" else [])


def likeness(kind: str, a: Any, b: Any, config: Config, payload: Payload) -> float:
    """1 - distance of the type; of texts always by their letters, for the reader wants to know how much of them differs."""
    return clamp(1 - (edit_share(a, b) if kind == "text" else for_type(kind).distance(a, b, config, payload)))


def _overlaps(both: Sequence[tuple[Any, Any]], config: Config) -> list[Overlap]:
    """By label, in the order of the alphabet."""
    iou: dict[str, list[float]] = {}
    alone: dict[str, list[int]] = {}
    for mine, yours in both:
        same = matched(mine, yours, config)
        for i, _j, share in same:
            iou.setdefault(mine["regions"][i]["label"], []).append(share)
        for side, (answer, taken) in enumerate(((mine, {i for i, _, _ in same}), (yours, {j for _, j, _ in same}))):
            for place, region in enumerate(answer["regions"]):
                if place not in taken:
                    alone.setdefault(region["label"], [0, 0])[side] += 1
    labels = sorted(iou.keys() | alone.keys())
    return [Overlap(label, iou.get(label, []), _two(alone.get(label, [0, 0]))) for label in labels]


def _two(counts: Sequence[int]) -> tuple[int, int]:
    return counts[0], counts[1]
