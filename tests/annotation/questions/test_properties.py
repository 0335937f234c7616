"""Whatever is sent: nothing raises, and the normal form of a normal form is itself."""

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotation.questions.answers import check_answer, check_expected, check_payload
from annotation.questions.base import Context, Question
from annotation.questions.presets import all_presets
from annotation.questions.registry import QUESTION_TYPES
from annotation.questions.schema import InvalidSchemaError, Schema, compatible, lint
from tests.annotation.questions.test_vectors import QUESTIONS, document_of, fits

# Members and words that occur, so that chance also finds the inner rooms.
WORDS = ["spans", "regions", "relations", "none", "id", "label", "start", "end", "text", "field", "item", "attributes", "shape", "bbox",
         "points", "holes", "angle", "box", "polygon", "person", "cell", "r1", "r2", "type", "from", "to", "order", "all_bad", "score",
         "both_bad", "other", "good", "bad", "price", "none", "na", "a", "b", "丙", "real", "yes", "src", "role", "content", "parent",
         "user", "assistant", "options", "labels", "key", "title", "config", "name", "question", "questions", "fields", "show_if", "is",
         "in", "all", "any", "not", "per", "on", "min", "max", "language", "manyhands/1", "choice", "items", "@reply", "en"]  # fmt: skip
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-5, 700)
    | st.floats()
    | st.sampled_from(WORDS)
    | st.text(max_size=8)
    | st.sampled_from(["\r\n", "cafe\u0301", " x ", "\u0000", "\ud800", "1" * 200])
)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=3), inner, max_size=5)
    ),
    max_leaves=25,
)
QUICK = settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])


def contexts(kind: str) -> list[tuple[Question, Context]]:
    """Every different setting of a type in the vectors, with its task."""
    found = {}
    for name, case in QUESTIONS:
        if name == kind:
            schema = Schema.load(document_of(case))
            question = schema.questions[-1]
            context = Context(question, schema.field_of, case["payload"], case.get("values", {}))
            found[json.dumps(document_of(case), sort_keys=True)] = (question, context)
    return list(found.values())


CONTEXTS = {kind: contexts(kind) for kind in QUESTION_TYPES}
VALUES = {kind: [case["value"] for name, case in QUESTIONS if name == kind] for kind in QUESTION_TYPES}


def places(value: Any) -> list[tuple[Any, Any]]:
    """(container, key) of everything inside."""
    inner = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    return [(value, key) for key, _each in inner] + [place for _key, each in inner for place in places(each)]


def damaged(value: Any, at: int, by: Any) -> Any:
    """A copy in which one place holds something else."""
    value = copy.deepcopy(value)
    inside = places(value)
    if not inside:
        return by
    container, key = inside[at % len(inside)]
    container[key] = by
    return value


def same(one: Any, other: Any) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def look(kind: str, value: Any, at: int) -> None:
    question, context = CONTEXTS[kind][at % len(CONTEXTS[kind])]
    before = copy.deepcopy(value)
    once = question.kind.normalise(value, question.config, context)
    assert same(value, before)
    assert same(question.kind.normalise(once, question.config, context), once)
    for each in (value, once):
        question.kind.answered(each, question.config)
        problems = question.kind.validate(each, question.config, context)
        if not any(found.blocking for found in problems):
            question.kind.seen(each, question.config)


@pytest.mark.parametrize("kind", QUESTION_TYPES)
@QUICK
@given(value=JSON, at=st.integers(0, 1000))
def test_any_json_as_a_value(kind, value, at):
    look(kind, value, at)


@pytest.mark.parametrize("kind", QUESTION_TYPES)
@QUICK
@given(data=st.data(), at=st.integers(0, 1000), place=st.integers(0, 1000), by=JSON)
def test_a_damaged_value(kind, data, at, place, by):
    value = data.draw(st.sampled_from(VALUES[kind]))
    look(kind, damaged(value, place, by), at)


PRESETS = all_presets()


@QUICK
@given(preset=st.sampled_from(PRESETS), by=JSON, at=st.integers(0, 1000))
def test_any_json_as_an_answer_or_task(preset, by, at):
    schema, example = Schema.load(preset.schema), preset.example
    for payload in (by, damaged(example["payload"], at, by)):
        check_payload(schema, payload)
    answer = {"schema_version": 1, "value": example["value"], "flags": [], "timing": {"active_ms": 1, "idle_ms": 1}}
    for each in (by, damaged(answer, at, by)):
        stored, problems = check_answer(schema, example["payload"], each)
        if not any(found.blocking for found in problems):
            again, _problems = check_answer(schema, example["payload"], stored)
            assert same(again, stored)
    check_expected(schema, example["payload"], damaged(example["value"], at, by))


@QUICK
@given(preset=st.sampled_from(PRESETS), by=JSON, at=st.integers(0, 10_000))
def test_any_json_as_a_schema(preset, by, at):
    lint(by)
    document = damaged(preset.schema, at, by)
    problems = lint(document)
    try:
        schema = Schema.load(document)
    except InvalidSchemaError:
        assert any(each.blocking for each in problems)
        return
    # it may still be refused by lint, but it must work
    payload, found = check_payload(schema, preset.example["payload"])
    if not any(each.blocking for each in found):
        check_answer(schema, payload, {"schema_version": 1, "value": preset.example["value"]})
    if not any(each.blocking for each in problems):
        assert compatible(document, document) == "same"


SMALL = SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(st.sampled_from(WORDS), SCALARS, max_size=2)


@QUICK
@given(preset=st.sampled_from(PRESETS), by=SMALL, at=st.integers(0, 10_000))
def test_the_json_schema_accepts_what_we_accept(preset, by, at):
    schema, example = Schema.load(preset.schema), preset.example
    document = damaged(preset.schema, at, by)
    assert any(each.blocking for each in lint(document)) or fits(document, "schema")
    payload, problems = check_payload(schema, damaged(example["payload"], at, by))
    if not any(each.blocking for each in problems):
        assert all(
            fits(payload[field.name], f"payload_{field.type}") for field in schema.fields if field.name in payload
        )
    envelope = {"schema_version": 1, "value": example["value"], "flags": [{"code": "harmful"}], "shown": {}}
    answer, problems = check_answer(schema, example["payload"], damaged(envelope, at, by))
    if any(each.blocking for each in problems):
        return
    assert fits(answer, "answer")
    for question in schema.questions:
        value = answer.get("value", {}).get(question.name)
        for each in [] if value is None else value.values() if question.per else [value]:
            assert fits(each, f"value_{question.type}")
