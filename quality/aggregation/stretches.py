"""Stretches of time: how far two answers mark the same of it, and what more than half of the weight marks."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quality.aggregation.votes import EPSILON

HALF = 0.5
LOOSE = 0.25  # share of a stretch that its ends may be off at most, however wide the collar
MEMBERS = ("label", "speaker", "channel")

Kind = tuple[Any, ...]  # label, speaker, channel: what is said of the time
Span = tuple[float, float]


def by_kind(value: Any) -> dict[Kind, list[Span]]:
    """The stretches of an answer by what they say."""
    found: dict[Kind, list[Span]] = {}
    for segment in value["segments"]:
        found.setdefault(tuple(segment.get(name) for name in MEMBERS), []).append((segment["start"], segment["end"]))
    return found


# --- How alike ------------------------------------------------------------------------------------------------------
def time_f1(a: Any, b: Any, collar: float) -> float:
    """F1 of the time that both mark alike, 0..1; 1 where neither marks anything.

    Ends may be `collar` seconds apart (NIST's rich transcription evaluations leave out the time around them, too), but never by more
    than a quarter of a stretch, so that short ones are not met by chance.
    """
    mine, yours = by_kind(a), by_kind(b)
    if not mine and not yours:
        return 1.0
    pairs = [_compared(mine.get(kind, []), yours.get(kind, []), collar) for kind in mine.keys() | yours.keys()]
    # fsum: the same whichever answer is the first
    both, apart = math.fsum(pair[0] for pair in pairs), math.fsum(pair[1] for pair in pairs)
    return 2 * both / (2 * both + apart) if both else 0.0


def _compared(one: Sequence[Span], other: Sequence[Span], collar: float) -> tuple[float, float]:
    """Seconds in both; seconds in one alone that are not near an end."""
    near = list(_around_ends([*one, *other], collar))
    cuts = _cuts([*one, *other, *near])
    mine, yours, loose = (_covered(cuts, spans) for spans in (one, other, near))
    lengths = np.diff(cuts)
    return float(lengths[mine & yours].sum()), float(lengths[(mine ^ yours) & ~loose].sum())


def _around_ends(spans: Iterable[Span], collar: float) -> Iterator[Span]:
    """Half of what is allowed around each end: the ends of two answers meet in the middle."""
    for start, end in spans:
        reach = min(collar, LOOSE * (end - start)) / 2
        yield start - reach, start + reach
        yield end - reach, end + reach


# --- What most mark -------------------------------------------------------------------------------------------------
def majority(answers: Sequence[tuple[Any, float]], least: float) -> list[dict[str, Any]]:
    """Of (answer, share): the time that more than half of the weight says the same of, in runs of `least` seconds or more."""
    marked = [(by_kind(value), share) for value, share in answers]
    found = []
    for kind in {kind: None for spans, _ in marked for kind in spans}:
        named = {name: each for name, each in zip(MEMBERS, kind, strict=True) if each is not None}
        runs = _agreed([(spans.get(kind, []), share) for spans, share in marked])
        found += [{"start": start, "end": end, **named} for start, end in runs if end - start >= least - EPSILON]
    return sorted(found, key=lambda each: (each["start"], each["end"], repr(each)))


def _agreed(marked: Sequence[tuple[Sequence[Span], float]]) -> Iterator[Span]:
    """Runs of more than half of the weight. Between two ends of anybody nothing changes: no grid is needed."""
    cuts = _cuts([span for spans, _ in marked for span in spans])
    weight = sum((share * _covered(cuts, spans) for spans, share in marked), np.zeros(len(cuts) - 1))
    edges = np.flatnonzero(np.diff(np.concatenate(([False], weight > HALF + EPSILON, [False]))))
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        yield _plain(cuts[first]), _plain(cuts[last])


def _plain(seconds: np.float64) -> float:
    """A whole number without its point, as normalised answers have it."""
    return int(seconds) if float(seconds).is_integer() else float(seconds)


def _cuts(spans: Sequence[Span]) -> NDArray[np.float64]:
    """All ends in their order."""
    return np.unique(np.array(spans, dtype=float))


def _covered(cuts: NDArray[np.float64], spans: Iterable[Span]) -> NDArray[np.bool_]:
    """bool[cuts - 1]: which of the pieces between two cuts lie in a stretch."""
    inside = np.zeros(len(cuts) - 1, bool)
    for start, end in spans:
        first, last = np.searchsorted(cuts, (start, end))
        inside[first:last] = True
    return inside


def overlap_of(segment: Mapping[str, Any], start: float, end: float) -> float:
    """Seconds of a stretch between two times."""
    return max(0.0, float(min(segment["end"], end) - max(segment["start"], start)))
