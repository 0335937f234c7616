"""When work may be withheld from somebody: only for two independent reasons, and the longer the more often it had to be, lately."""

from collections.abc import Iterable, Mapping
from math import exp2
from typing import Any

from quality.agreement.conditions import DRIFT, KINDS, SPAM, SPEED, truth

# What each collector rests on. Two are independent if they rest on different things: known answers were there before anybody answered, and
# a clock knows no answers; but colleagues and reviewers judge the same tasks, and reviews come about where colleagues differ. Who gives
# tasks back, or does many, has done nothing wrong by that, so neither is a ground.
GROUNDS: Mapping[str, str] = {
    "gold": "known",
    DRIFT: "known",
    "review": "tasks",
    "peer": "tasks",
    SPAM: "tasks",
    SPEED: "clock",
}
ENOUGH = 2  # independent grounds
FEWEST = 5  # observations of a collector; what fewer of them say may be an accident
# Facts that are low, and those that are high, only where too little is right.
LOW = frozenset([*(f"{kind}.{name}" for kind in KINDS for name in ("share", "high")), f"{SPAM}.score"])
HIGH = frozenset({f"{DRIFT}.score"})
HALF_LIFE_D = 30.0
LONGEST_D = 30


def known(seen: Mapping[str, tuple[int, float]]) -> dict[str, tuple[int, float]]:
    """{kind: (observations, how many of them right)} of those collectors that have seen enough to be heard."""
    return {kind: counts for kind, counts in seen.items() if counts[0] >= FEWEST}


def grounds(condition: Mapping[str, Any], facts: Mapping[str, float]) -> list[str]:
    """What a condition that holds rests on where it speaks against somebody, each ground once, by name."""
    return sorted({GROUNDS[kind] for kind in against(condition, facts)})


def against(condition: Mapping[str, Any], facts: Mapping[str, float], so: bool = True) -> set[str]:
    """The collectors by which a condition that holds (or, not `so`, does not) says that too little is right.

    Of several parts only those count that have decided. How much was observed says nothing of anybody, nor does it that somebody is not
    known to be good yet.
    """
    match condition:
        case {"not": part}:
            return against(part, facts, not so)
        case {"all": parts} | {"any": parts}:
            return set().union(*(against(part, facts, so) for part in parts if truth(part, facts) is so))
    fact = condition["fact"]
    bad = LOW if condition["op"].startswith("<") is so else HIGH
    return {fact.split(".")[0]} if truth(condition, facts) is so and fact in bad else set()


def independent(found: Iterable[str]) -> bool:
    """Whether these grounds are enough to withhold work without asking a person."""
    return len(set(found)) >= ENOUGH


def days(first: int, ages_d: Iterable[float]) -> int:
    """For how many days: `first` for the first time, twice as long for each time before, which counts half after 30 days; at most 30.

    ages_d: how many days ago the times before began.
    """
    before = sum(exp2(-age / HALF_LIFE_D) for age in ages_d)
    return round(min(LONGEST_D, first * exp2(min(before, LONGEST_D))))
