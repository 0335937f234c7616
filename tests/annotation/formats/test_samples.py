"""Every shipped row becomes a task and answers that the label language accepts."""

from collections import Counter

import pytest

from annotation.formats.samples import FOLDER, SETS, bfcl, pandalm
from annotation.questions.answers import check_answer, check_expected, check_payload
from annotation.questions.presets import load
from annotation.questions.schema import Schema, lint

ROWS = {
    "chat_preference": 60,
    "classify": 100,
    "span_label": 100,
    "image_boxes": 30,
    "chat_ranking": 30,
    "step_labels": 45,
    "tool_call": 90,
    "transcribe": 24,
    "rubric_author": 10,
}


@pytest.mark.parametrize("kind", SETS)
def test_every_row_fits_its_preset(kind):
    found = SETS[kind]
    document = found.adapt(load(found.preset).schema)
    assert lint(document) == []
    schema = Schema.load(document)
    samples = list(found.read())
    assert len(samples) == len({sample.key for sample in samples}) == ROWS[kind]
    for sample in samples:
        payload, problems = check_payload(schema, sample.payload)
        assert (payload, problems) == (sample.payload, [])
        expected, problems = check_expected(schema, payload, sample.expected)
        assert problems == []
        values = [value for _who, value in sample.answers] or [expected]
        for value in values:
            _answer, problems = check_answer(schema, payload, {"schema_version": 1, "value": value})
            assert problems == []


def test_three_people_vote_on_each_pair_and_twenty_rate_each_sentence():
    assert {len(sample.answers) for sample in SETS["chat_preference"].read()} == {3}
    assert {len(sample.answers) for sample in SETS["classify"].read()} == {20}


def test_all_verdicts_occur_and_people_disagree():
    samples = list(SETS["chat_preference"].read())
    scores = Counter(sample.expected["better"]["score"] for sample in samples)
    assert set(scores) == {-1, 0, 1}
    assert any(len({value["better"]["score"] for _who, value in sample.answers}) > 1 for sample in samples)


def test_a_three_way_split_has_no_gold():
    row = {
        "id": "x",
        "input": {
            "messages": [{"role": "user", "content": "Hi"}],
            "responses": [{"id": "a", "content": "1", "model": None}],
        },
        "gold": {"preferred": None},
        "annotations": [],
    }
    sample = pandalm(row)
    assert sample.expected is None
    assert sample.payload["replies"] == [{"id": "a", "content": "1"}]


def test_every_picture_and_recording_is_shipped_and_all_of_it_is_small():
    media = {name for kind in SETS.values() for sample in kind.read() for name in sample.media}
    assert media == {f"media/{path.name}" for path in (FOLDER / "media").iterdir()}
    assert sum(path.stat().st_size for path in FOLDER.rglob("*")) < 3_000_000


def test_every_file_has_its_licence():
    text = (FOLDER / "LICENSES.md").read_text(encoding="utf-8")
    assert all(f"`{kind}.jsonl`" in text for kind in SETS)


def test_of_accepted_values_the_first_is_taken_at_every_depth_and_the_others_stay_accepted():
    kinds = {"a": {"type": "any"}, "b": {"type": "tuple", "items": {"type": "float"}}, "type": {"type": "string"}}
    tool = {"name": "f", "parameters": {"type": "dict", "properties": kinds}}
    allowed = {"a": [{"x": [1, 2], "y": ["", 3]}], "b": [], "c": ["", 4], "d": [[{"z": ["p", "q"]}]], "e": [5, ""]}
    row = {
        "id": "x",
        "input": {"messages": [{"role": "user", "content": "Hi"}], "tools": [tool]},
        "gold": {"allowed_calls": [{"f": allowed}]},
    }
    sample = bfcl(row)
    arguments = {"a": {"x": 1}, "b": [], "d": [{"z": "p"}], "e": 5}
    others = [{"c": [4], "e": [""]}]
    assert sample.expected == {"calls": {"calls": [{"name": "f", "arguments": arguments}], "accept": others}}
    assert sample.payload["tools"][0]["parameters"] == {
        "type": "object",
        "properties": {
            "a": {},
            "b": {"type": "array", "items": {"type": "number"}},
            "type": {"type": "string"},
        },
    }
