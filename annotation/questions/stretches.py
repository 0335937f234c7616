"""Time in a recording, in seconds: lengths, rounding, stretches that overlap, and what is left between them."""

import math
from collections.abc import Iterator, Sequence

from annotation.questions.attributes import is_number
from annotation.questions.base import Json, Problem, problem

Stretch = dict[str, Json]
SLACK = 0.02  # seconds that may reach over an end and are clipped, or be left out between two stretches


def length_of(recording: Json) -> float | None:
    """Seconds of a recording, in thousandths; None if the task does not say."""
    seconds: Json = recording.get("seconds") if isinstance(recording, dict) else None
    return rounded(seconds) if is_number(seconds) and seconds > 0 else None


def rounded(seconds: float) -> float:
    """Thousandths, half up: the one rounding that a browser does alike. Whole numbers come out as int."""
    result = math.floor(seconds * 1000 + 0.5) / 1000
    return int(result) if result == int(result) else result


def clipped(seconds: float, length: float | None) -> float:
    """Moved onto an end of the recording if it lies a little behind it."""
    if -SLACK <= seconds < 0:
        return 0
    return length if length is not None and length < seconds <= length + SLACK else seconds


def overlaps(segments: Sequence[Stretch]) -> Iterator[Problem]:
    """Stretches of one channel that begin before an earlier one ends."""
    ends: dict[Json, float] = {}
    for place, segment in enumerate(segments):
        channel = segment.get("channel")
        if segment["start"] < ends.get(channel, 0):
            yield problem(f"/segments/{place}", "overlap")
        ends[channel] = max(ends.get(channel, 0), segment["end"])


def gaps(segments: Sequence[Stretch], length: float | None) -> Iterator[Problem]:
    """Time of which nothing is said."""
    at: float = 0
    starts = [(segment["start"], segment["end"]) for segment in segments]
    for start, end in [*starts, (length, length)] if length is not None else starts:
        if start > at + SLACK:
            yield problem("/segments", "not_covered", start=at, end=start)
        at = max(at, end)
