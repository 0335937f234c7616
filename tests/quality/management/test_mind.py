"""Simulated people answer every preset validly, and are right as often as they should be."""

from random import Random

import pytest

from annotation.formats.samples import SETS
from annotation.questions import presets
from annotation.questions.answers import check_answer
from annotation.questions.schema import Schema
from quality.management.crowd import mind
from quality.management.crowd.mind import Known


@pytest.mark.parametrize("name", presets.names())
@pytest.mark.parametrize("accuracy", [0.0, 0.6, 1.0])
def test_every_preset_gets_a_valid_answer(name, accuracy):
    preset = presets.load(name)
    schema, payload = Schema.load(preset.schema), preset.example["payload"]
    value = mind.answer(schema, payload, Known(), accuracy, Random(7))
    _stored, problems = check_answer(schema, payload, {"schema_version": 1, "value": value})
    assert not [each for each in problems if each.blocking]


@pytest.mark.parametrize("kind", SETS)
def test_what_is_known_is_the_truth(kind):
    chosen = SETS[kind]
    schema = Schema.load(chosen.adapt(presets.load(chosen.preset).schema))
    for sample in list(chosen.read())[:20]:
        known = Known(sample.expected or {})
        found = mind.truth(schema, sample.payload, known)
        assert {name: found[name] for name in known.expected} == dict(known.expected)


def test_the_unknown_truth_is_the_same_for_everybody():
    preset = presets.load("classify_scale")
    schema = Schema.load(preset.schema)
    assert mind.truth(schema, {"text": "one"}, Known()) == mind.truth(schema, {"text": "one"}, Known())


def test_accuracy_is_the_share_of_right_answers():
    preset = presets.load("classify_scale")
    schema, payload, random = Schema.load(preset.schema), {"text": "one"}, Random(1)
    right = mind.truth(schema, payload, Known())
    share = sum(mind.answer(schema, payload, Known(), 0.8, random) == right for _ in range(400)) / 400
    assert 0.75 < share < 0.88  # who guesses is right now and then


def test_a_picture_is_known_by_its_content_not_by_its_address():
    one = {"image": {"src": "/media/fil_1?until=1", "sha256": "a", "width": 1}}
    assert mind.digest(one) == mind.digest({"image": {"src": "fil_1", "sha256": "a", "width": 2}})
    assert mind.digest(one) != mind.digest({"image": {"src": "fil_1", "sha256": "b"}})
