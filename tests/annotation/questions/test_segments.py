"""Segments beyond the shared vectors: faults of the settings, changes of a live schema, what normalising keeps."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.questions.answers import check_answer
from annotation.questions.legend import legend
from annotation.questions.schema import Schema, compatible, lint

TASK = {"audio": {"src": "https://example.org/x.wav", "seconds": 10}}
LABELS = [{"key": "speech"}, {"key": "music"}]


def schema_of(config: dict[str, Any], field: str = "audio") -> dict[str, Any]:
    asked = {"name": "q", "type": "segments", "title": {"en": "Q"}, "on": "audio", "config": config}
    return {"language": "manyhands/1", "fields": [{"name": "audio", "type": field}], "questions": [asked]}


@pytest.mark.parametrize(
    ("config", "code", "path"),
    [
        ({"labels": [{"key": "x"}, {"key": "x"}]}, "duplicate_key", "labels/1/key"),
        ({"labels": [{"key": "x", "hotkey": "s"}]}, "hotkey_collision", "labels/0/hotkey"),
        ({"labels": LABELS, "labels_from": "things"}, "type", ""),
        ({"labels_from": "audio"}, "wrong_field_type", "labels_from"),
        ({"tags": [{"key": "x"}, {"key": "x"}]}, "duplicate_key", "tags/1/key"),
        ({"speakers": {"names": ["Ann", "Bob", "Ann"]}}, "duplicate_key", "speakers/names/2"),
        ({"min": 3, "max": 2}, "bad_scale", "max"),
        ({"min_seconds": -1}, "out_of_range", "min_seconds"),
        ({"attributes": []}, "unsupported_type", ""),
    ],
)
def test_settings_that_do_not_fit(config, code, path):
    at = f"/questions/0/config/{path}".rstrip("/")
    assert [(each.code, each.path) for each in lint(schema_of(config))] == [(code, at)]


def test_only_recordings_have_stretches_of_time():
    assert [each.code for each in lint(schema_of({}, "text"))] == ["wrong_field_type"]


SPEAKERS = {"max": 2}
OLD: dict[str, Any] = {"labels": LABELS, "speakers": SPEAKERS, "transcript": "required", "cover": True, "max": 3}


@pytest.mark.parametrize(
    ("changes", "change"),
    [
        ({"transcript": "optional"}, "same"),
        ({"transcript": "none"}, "major"),
        ({"cover": False, "overlap": True, "max": 4}, "same"),
        ({"max": 2}, "major"),
        ({"labels": [*LABELS, {"key": "noise"}]}, "same"),
        ({"labels": LABELS[:1]}, "major"),
        ({"speakers": {}}, "same"),
        ({"speakers": {"max": 1}}, "major"),
        ({"speakers": {"names": ["Ann"]}}, "major"),
        ({"tags": LABELS}, "same"),
        ({"min_seconds": 1}, "major"),
        ({"text_rules": "clean"}, "major"),
    ],
)
def test_changes_of_a_live_schema(changes, change):
    assert compatible(schema_of(OLD), schema_of({**OLD, **changes})) == change


def test_labels_get_keys_that_are_not_the_editors_own():
    schema = Schema.load(schema_of({"labels": [{"key": "x"}, {"key": "y", "hotkey": "y"}]}))
    assert [(each.option.key, each.hotkey) for each in legend(schema.questions[0], TASK)] == [("x", "1"), ("y", "y")]


times = st.floats(-0.05, 10.05, allow_nan=False)
stretches = st.lists(
    st.fixed_dictionaries(
        {"start": times, "end": times},
        optional={
            "speaker": st.sampled_from(["Ann", "Bob", "S2", " "]),
            "text": st.sampled_from(["", " a ", "b\r\nc"]),
            "tags": st.lists(st.sampled_from(["x", "y", "z"]), max_size=3),
        },
    ),
    max_size=5,
).map(lambda made: {"segments": [{"id": f"r{place}", **each} for place, each in enumerate(made)]})


@given(stretches)
def test_normalising_orders_and_is_done_once(value):
    schema = Schema.load(schema_of({"speakers": {}, "transcript": "optional", "tags": [{"key": "y"}, {"key": "x"}]}))
    answer, _problems = check_answer(schema, TASK, {"schema_version": 1, "value": {"q": value}})
    found = answer["value"]["q"]
    again, _problems = check_answer(schema, TASK, {"schema_version": 1, "value": {"q": found}})
    assert again["value"]["q"] == found
    ends = [(each["start"], each["end"]) for each in found["segments"]]
    assert ends == sorted(ends)
    heard = list(dict.fromkeys(each["speaker"] for each in found["segments"] if "speaker" in each))
    assert heard == [f"S{place}" for place in range(1, len(heard) + 1)]
    assert all(each.get("text", "x").strip() for each in found["segments"])
