"""Vectors of whole answers, tasks, conditions, schemas and keys."""

import copy
import json
from typing import Any

import pytest

from annotation.questions.answers import check_answer, check_payload
from annotation.questions.base import Problem
from annotation.questions.legend import legend
from annotation.questions.schema import InvalidSchemaError, Schema, lint
from tests.annotation.questions.test_vectors import VECTORS, fits, read

SCHEMAS = json.loads((VECTORS / "schemas.json").read_text(encoding="utf-8"))


def named(cases: list[dict[str, Any]]) -> Any:
    return pytest.mark.parametrize("case", cases, ids=[case["name"] for case in cases])


def found(problems: list[Problem]) -> list[tuple[str, str]]:
    return sorted((each.path, each.code) for each in problems)


def wanted(case: dict[str, Any]) -> list[tuple[str, str]]:
    return sorted(zip(case["paths"], case["codes"], strict=True))


def blocked(case: dict[str, Any]) -> bool:
    return any(not code.startswith("warning:") for code in case["codes"])


def same(one: Any, other: Any) -> bool:
    """As JSON: 1 is not true, and 1.0 is not 1."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


@named(read("answers.json"))
def test_answers(case):
    assert [each for each in lint(case["schema"]) if each.blocking] == []
    answer, problems = check_answer(Schema.load(case["schema"]), case["payload"], case["answer"])
    assert found(problems) == wanted(case)
    assert same(answer, case["normalised"])
    assert list(answer.get("value", ())) == list(case["normalised"].get("value", ()))
    assert blocked(case) or fits(answer, "answer")


@named(read("payloads.json"))
def test_payloads(case):
    document = {"language": "manyhands/1", "fields": case["fields"], "questions": case["questions"]}
    assert lint(document) == []
    payload, problems = check_payload(Schema.load(document), case["payload"])
    assert found(problems) == wanted(case)
    assert same(payload, case["normalised"])
    kinds = {field["name"]: field["type"] for field in case["fields"]}
    assert blocked(case) or all(fits(value, f"payload_{kinds[name]}") for name, value in payload.items())


@named(read("payloads.json"))
def test_a_stored_task_is_stored_the_same_again(case):
    schema = Schema.load({"language": "manyhands/1", "fields": case["fields"], "questions": case["questions"]})
    if not blocked(case):
        assert check_payload(schema, case["normalised"]) == (case["normalised"], [])


@named(read("conditions.json"))
def test_conditions(case):
    """Asked through a last question, shown only if the condition holds; under `per` if the case names an item."""
    last = {"name": "last", "type": "text", "title": {"en": "Last"}, "show_if": case["condition"], "config": {}}
    if case["item"]:
        last["per"] = "replies"
    document = {"language": "manyhands/1", "fields": case["fields"], "questions": [*case["questions"], last]}
    assert [each for each in lint(document) if each.blocking] == []
    assert fits(document, "schema")
    value = {**case["value"], "last": {case["item"]: "x"} if case["item"] else "x"}
    answer, _problems = check_answer(Schema.load(document), case["payload"], {"schema_version": 1, "value": value})
    assert ("last" in answer["value"]) == case["holds"]


def changed(changes: list[list[Any]]) -> dict[str, Any]:
    document = copy.deepcopy(SCHEMAS["base"])
    for path, value in changes:
        *way, last = path.split("/")[1:]
        at: Any = document
        for step in way:
            at = at[int(step)] if isinstance(at, list) else at[step]
        if isinstance(at, list):
            at[int(last)] = value
        elif value is None:
            del at[last]
        else:
            at[last] = value
    return document


@named(SCHEMAS["cases"])
def test_lint(case):
    document = changed(case["change"])
    assert found(lint(document)) == wanted(case)
    assert blocked(case) or fits(document, "schema")


@named(SCHEMAS["cases"])
def test_what_is_well_formed_loads(case):
    document = changed(case["change"])
    if not blocked(case):
        schema = Schema.load(document)
        assert [question.name for question in schema.questions] == [each["name"] for each in document["questions"]]


def test_what_is_malformed_does_not_load():
    with pytest.raises(InvalidSchemaError) as refused:
        Schema.load(changed([["/questions/1/type", "tree"], ["/questions/0/weight", -1]]))
    assert found(refused.value.problems) == [
        ("/questions/0/weight", "out_of_range"),
        ("/questions/1/type", "unsupported_type"),
    ]


@named(read("hotkeys.json"))
def test_hotkeys(case):
    question = {"name": "q", "type": case["type"], "title": {"en": "Q"}, "config": case["config"]}
    on = {"spans": {"on": "text"}, "regions": {"on": "image"}}.get(case["type"], {})
    fields = [{"name": "text", "type": "text"}, {"name": "image", "type": "image"}]
    document = {"language": "manyhands/1", "fields": fields, "questions": [question | on]}
    assert lint(document) == []
    entries = legend(Schema.load(document).questions[0], {})
    assert [entry.hotkey for entry in entries] == case["keys"]


@named(read("text_checks.json"))
def test_text_checks(case):
    question = {"name": "q", "type": "text", "title": {"en": "Q"}, "config": case["config"]}
    document = {"language": "manyhands/1", "fields": [{"name": "text", "type": "text"}], "questions": [question]}
    assert lint(document) == []
    assert fits(document, "schema")
    answer = {"schema_version": 1, "value": {"q": case["value"]}}
    _answer, problems = check_answer(Schema.load(document), {"text": "x"}, answer)
    assert [each.code for each in problems] == case["codes"]
