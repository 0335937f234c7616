"""How simulated answers differ: by the hand that gives them, and by mistakes that people make."""

from random import Random

import pytest

from annotation.formats.samples import SETS, Sample
from annotation.questions import presets
from annotation.questions.answers import check_answer
from annotation.questions.schema import Schema
from quality.domain import consensus
from quality.management.crowd import mind, slips
from quality.management.crowd.labeler import Place
from quality.management.crowd.reviewer import decision_on

KINDS = ("image_boxes", "transcribe", "tool_call", "rubric_author")
HEARD = {*slips.SOUNDS_LIKE, *slips.SOUNDS_LIKE.values()}


def schema_of(kind: str) -> Schema:
    return Schema.load(SETS[kind].adapt(presets.load(SETS[kind].preset).schema))


def samples(kind: str) -> list[Sample]:
    return list(SETS[kind].read())[:20]


def given(kind: str, sample: Sample, accuracy: float, random: Random):
    """What somebody who is right that often says of a sample; it must be an answer."""
    schema = schema_of(kind)
    value = mind.answer(schema, sample.payload, mind.Known(sample.expected), accuracy, random)
    _stored, problems = check_answer(schema, sample.payload, {"schema_version": 1, "value": value})
    assert [each for each in problems if each.blocking] == []
    return value


@pytest.mark.parametrize("kind", KINDS)
def test_who_is_right_gives_an_answer_as_good_as_the_known_one(kind):
    random = Random(3)
    for sample in samples(kind):
        value = given(kind, sample, 1.0, random)
        assert consensus.meets(schema_of(kind), sample.payload, value, sample.expected), sample.key


@pytest.mark.parametrize("kind", KINDS)
def test_who_is_wrong_gives_another_answer(kind):
    """But for a tool that takes nothing else."""
    random = Random(3)
    same = [sample.key for sample in samples(kind) if given(kind, sample, 0.0, random) == sample.expected]
    assert len(same) <= 1


def test_a_wrong_transcript_has_words_that_could_be_heard():
    random = Random(3)
    for sample in samples("transcribe"):
        said = given("transcribe", sample, 0.0, random)["speech"]["segments"]
        right = sample.expected["speech"]["segments"]
        assert {word for segment in said for word in segment["text"].split()} <= HEARD
        assert len(said) in (len(right), len(right) - 1)


def test_a_reviewer_accepts_a_good_answer_and_sends_back_or_corrects_wrong_ones():
    sample = next(each for each in samples("transcribe") if len(each.expected["speech"]["segments"]) == 2)
    place = Place("prj", {}, {mind.digest(sample.payload): mind.Known(sample.expected)})
    right = sample.expected["speech"]["segments"]
    near = [{**each, "start": each["start"] + 0.1} for each in right]
    wrong = [{**each, "text": "pardon"} for each in right]

    def decided(returned: float, *given: list[dict[str, object]]) -> dict[str, object]:
        answers = [
            {"id": f"a{at}", "value": {"speech": {"segments": each}}, "before": None} for at, each in enumerate(given)
        ]
        item = {"schema": presets.load("transcribe").schema, "payload": sample.payload, "answers": answers}
        return decision_on(item, place, Random(1), returned)

    assert decided(0.0, wrong, near) == {"decision": "accept", "answer": "a1"}
    assert decided(0.0, wrong) == {"decision": "correct", "value": sample.expected}
    assert decided(1.0, near, wrong)["decision"] == "return"
    assert decided(1.0, near, wrong)["answer"] == "a1"
