"""Which module merges which question type."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from quality.aggregation import (
    choice,
    choices,
    number,
    preference,
    ranking,
    rating,
    records,
    regions,
    segments,
    spans,
    text,
    tool_calls,
    verdicts,
)
from quality.aggregation.peers import SQUARE
from quality.aggregation.votes import Config, Payload, Result, Vote


class Kind(Protocol):
    """What every question type's module offers."""

    LEVEL: str  # nominal, ordinal, interval: how alpha is computed; or distance

    def distance(self, a: Any, b: Any, config: Config, payload: Payload, /) -> float:
        """0 alike .. 1 as different as can be."""

    def aggregate(self, votes: Sequence[Vote], config: Config, payload: Payload, /) -> Result:
        """What the votes say together."""

    def passes(self, value: Any, expected: Any, config: Config, payload: Payload, /) -> tuple[bool, float]:
        """Is an answer good enough against the expected one, and how good, 0..1."""


KINDS: Mapping[str, Kind] = {
    "choice": choice,
    "choices": choices,
    "rating": rating,
    "number": number,
    "text": text,
    "preference": preference,
    "ranking": ranking,
    "spans": spans,
    "regions": regions,
    "segments": segments,
    "verdicts": verdicts,
    "records": records,
    "tool_calls": tool_calls,
}

# Types with the same classes for every task: which there are by the question's settings, and which of them a value is.
CLASSED: Mapping[str, tuple[Callable[[Config], list[str]], Callable[[Any], str]]] = {
    "choice": (choice.classes, choice.code),
    "rating": (rating.classes, rating.code),
    "preference": (preference.classes, preference.direction),
}


def is_free(name: str, config: Config) -> bool:
    """Can two answers to such a question differ and both be right, so that they are never merged?"""
    if name == "records":
        return not config.get("match")
    return name == "text" and config.get("compare", text.COMPARE) == text.COMPARE


def is_graded(name: str, config: Config) -> bool:
    """Are answers to such a question more or less near to each other, so that who comes near to the others is to be relied on?"""
    if name == "text":
        return config.get("compare") in text.MERGED
    return name in {"spans", "regions", "segments", "verdicts", "records", "tool_calls"} and not is_free(name, config)


def power_of(name: str) -> int:
    """The power of somebody's likeness that is their weight. That of verdicts and calls is about the chance to be right itself."""
    return 1 if name in {"verdicts", "tool_calls"} else SQUARE


def for_type(name: str) -> Kind:
    """The module of a question type. Raises KeyError for one that cannot be merged."""
    return KINDS[name]
