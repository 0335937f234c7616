"""Every preset is a right schema in two languages, and its example fits it."""

import json

import pytest

from annotation.questions.answers import check_answer, check_expected, check_payload
from annotation.questions.presets import FOLDER, all_presets, load, names
from annotation.questions.schema import Schema, lint
from tests.annotation.questions.test_vectors import fits


@pytest.fixture(params=all_presets(), ids=lambda preset: preset.name)
def preset(request):
    return request.param


def test_it_has_no_fault_and_is_complete_in_both_languages(preset):
    assert lint(preset.schema) == []
    assert set(preset.title) == set(preset.about) == {"en", "zh-Hans"}


def test_the_json_schema_accepts_it(preset):
    assert fits(json.loads((FOLDER / f"{preset.name}.json").read_text(encoding="utf-8")), "preset")


def test_its_example_fits(preset):
    schema = Schema.load(preset.schema)
    payload, problems = check_payload(schema, preset.example["payload"])
    assert problems == []
    answer, problems = check_answer(schema, payload, {"schema_version": 0, "value": preset.example["value"]})
    assert problems == []
    assert fits(answer, "answer")
    assert set(preset.gold) <= {question.name for question in schema.questions}
    gold = {name: answer["value"][name] for name in preset.gold}
    assert check_expected(schema, payload, gold) == (gold, [])


def test_all_that_this_version_can_express_is_there():
    assert len(names()) == 31
    assert {"pairwise", "classify_scale", "ner", "object_detection", "ranking", "sft_write"} <= set(names())


@pytest.mark.parametrize("name", ["nothing", "../presets/ner", ""])
def test_there_is_no_other(name):
    with pytest.raises(KeyError):
        load(name)
