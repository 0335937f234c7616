"""Segments: how far apart transcripts and marks of time are, who wins, what passes."""

from typing import Any

import pytest

from quality.aggregation.segments import aggregate, distance, passes
from quality.aggregation.votes import Vote
from tests.quality.aggregation.cases import segments_of, votes

WORDS = {"transcript": "required"}
TIME: dict[str, Any] = {"labels": [{"key": "x"}, {"key": "y"}]}
EMPTY: dict[str, Any] = {"segments": []}


def said(*texts: str, start: float = 0, **more: Any) -> dict[str, Any]:
    """One second each."""
    return {
        "segments": [
            {"id": f"r{at}", "start": at + start, "end": at + 1, "text": text, **more} for at, text in enumerate(texts)
        ]
    }


def times(*stretches: tuple[str, float, float]) -> dict[str, Any]:
    return segments_of(*((label, 10 * start, 10 * end) for label, start, end in stretches))


@pytest.mark.parametrize(
    ("a", "b", "far"),
    [
        (said("one two", "three"), said("One,", "two three."), 0),
        (said("one two three four"), said("one two tree four"), 0.25),
        (said("one"), said("two three"), 1),
        (said("你好"), said("您好"), 0.5),
        (said("one"), EMPTY, 1),
        (EMPTY, EMPTY, 0),
    ],
)
def test_transcripts_are_apart_by_their_words_wherever_they_are_cut(a, b, far):
    assert distance(a, b, WORDS, {}) == distance(b, a, WORDS, {}) == far


@pytest.mark.parametrize(
    ("a", "b", "far"),
    [
        (times(("x", 0, 4)), times(("x", 0, 4)), 0),
        (times(("x", 0, 4)), times(("x", 0.25, 3.75)), 0),
        (times(("x", 0, 0.4)), times(("x", 0.08, 0.4)), 0),
        (times(("x", 0, 4)), times(("y", 0, 4)), 1),
        (times(("x", 0, 4)), times(("x", 4, 8)), 1),
        (times(("x", 0, 4)), EMPTY, 1),
        (times(("x", 0, 2), ("x", 2, 4)), times(("x", 0, 4)), 0),
    ],
)
def test_marks_are_apart_by_the_time_but_for_a_collar_around_their_ends(a, b, far):
    assert distance(a, b, TIME, {}) == distance(b, a, TIME, {}) == pytest.approx(far)


def test_beyond_the_collar_time_counts():
    """Half a collar from each end: of a second between two ends three quarters count."""
    assert 1 - distance(times(("x", 0, 5)), times(("x", 1, 5)), TIME, {}) == pytest.approx(8 / (8 + 0.75))
    assert 1 - distance(times(("x", 0, 5)), times(("x", 1, 5)), {**TIME, "collar": 0}, {}) == pytest.approx(8 / 9)


def test_the_transcript_nearest_to_all_others_wins_where_they_are_cut_differently():
    near = said("the cat sat", "on the mat")
    found = aggregate(votes(said("a cat sat on a mat"), near, said("the cat sat on", "the mat", "now")), WORDS, {})
    assert (found.value, found.method) == (near, "medoid")
    assert found.confidence == pytest.approx(1 - (2 / 6 + 1 / 7) / 2)


def test_words_of_all_are_taken_where_they_are_cut_alike():
    """Each mishears one word; nobody has it all right."""
    heard = [
        said("the cat sat", "on a mat"),
        said("the cat sad", "on the mat"),
        said("a cat sat", "on the mat", start=0.2),
    ]
    found = aggregate(votes(*heard), WORDS, {})
    assert found.method == "rover"
    assert [each["text"] for each in found.value["segments"]] == ["the cat sat", "on the mat"]
    assert found.confidence == pytest.approx(1 - (1 / 3 * 3) / 6)


def test_marks_of_more_than_half_of_the_weight_stay():
    answers = [times(("x", 0, 4)), times(("x", 1, 5)), times(("x", 2, 3), ("y", 6, 9))]
    found = aggregate(votes(*answers), TIME, {})
    assert found.value == {"segments": [{"id": "m1", "start": 1, "end": 4, "label": "x"}]}
    assert 0 < found.confidence < 1
    heavy = [Vote("a", answers[0], 0.2), Vote("b", answers[1], 0.2), Vote("c", answers[2], 0.9)]
    assert [each["label"] for each in aggregate(heavy, TIME, {}).value["segments"]] == ["x", "y"]


def test_runs_that_are_too_short_are_dropped():
    config = {**TIME, "min_seconds": 0.5}
    found = aggregate(votes(times(("x", 0, 4)), times(("x", 3.7, 8))), config, {})
    assert found.value == {"segments": []}
    assert found.confidence < 0.5


def test_tags_of_most_stay_and_speakers_are_kept_apart():
    one = {"id": "a", "start": 0, "end": 2, "speaker": "S1", "tags": ["noise"]}
    found = aggregate(
        votes(
            {"segments": [one]}, {"segments": [{**one, "end": 3}]}, {"segments": [{**one, "end": 4, "tags": ["far"]}]}
        ),
        {"tags": [{"key": "noise"}, {"key": "far"}], "speakers": {}},
        {},
    )
    assert found.value == {"segments": [{"id": "m1", "start": 0, "end": 3, "speaker": "S1", "tags": ["noise"]}]}


def test_that_there_is_nothing_is_an_answer_too():
    none = {"segments": [], "none": True}
    found = aggregate(votes(none, none, times(("x", 0, 1))), TIME, {})
    assert (found.value, found.confidence) == (none, pytest.approx(2 / 3))


@pytest.mark.parametrize(
    ("config", "value", "expected", "passed"),
    [
        (WORDS, said("one two three four five six seven"), said("one two three four five six", "eight"), True),
        (WORDS, said("one two three four five six"), said("one two three four five", "eight"), False),
        (WORDS, EMPTY, said("one"), False),
        (TIME, times(("x", 0, 4)), times(("x", 0, 5)), True),
        (TIME, times(("x", 0, 2)), times(("x", 0, 5)), False),
        (TIME, EMPTY, EMPTY, True),
    ],
)
def test_gold(config, value, expected, passed):
    assert passes(value, expected, config, {}) == (passed, pytest.approx(1 - distance(value, expected, config, {})))
