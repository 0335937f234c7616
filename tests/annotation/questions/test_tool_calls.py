"""Tool calls beyond the shared vectors: faults of the settings and the tools, changes of a live schema, what conditions see."""

from typing import Any

import pytest

from annotation.questions.answers import check_answer, check_payload
from annotation.questions.arguments import argument_problems
from annotation.questions.schema import Schema, compatible, lint

REASONS = [{"key": "no_tool"}, {"key": "unclear"}]
TASK = {"tools": [{"name": "now"}, {"name": "search"}]}


def schema_of(config: dict[str, Any], *more: dict[str, Any], item_type: str = "tool") -> dict[str, Any]:
    fields = [{"name": "tools", "type": "items", "config": {"item_type": item_type}}]
    asked = {"name": "q", "type": "tool_calls", "title": {"en": "Q"}, "on": "tools", "config": config}
    return {"language": "manyhands/1", "fields": fields, "questions": [asked, *more]}


@pytest.mark.parametrize(
    ("config", "code", "path"),
    [
        ({"min": 2}, "bad_scale", "min"),
        ({"parallel": True, "min": 3, "max": 2}, "bad_scale", "min"),
        ({"no_call": [{"key": "x"}, {"key": "x"}]}, "duplicate_key", "no_call/1/key"),
        ({"no_call": [{"key": "x", "hotkey": "n"}]}, "hotkey_collision", "no_call/0/hotkey"),
        ({"no_call": [{"key": "x", "hotkey": "1"}]}, "hotkey_collision", "no_call/0/hotkey"),
        ({"clarify": True}, "bad_reference", "clarify"),
        ({"min": 0}, "out_of_range", "min"),
        ({"alternatives": 1}, "type", "alternatives"),
    ],
)
def test_settings_that_do_not_fit(config, code, path):
    assert [(each.code, each.path) for each in lint(schema_of(config))] == [(code, f"/questions/0/config/{path}")]


def test_only_tools_can_be_called():
    assert [each.code for each in lint(schema_of({}, item_type="text"))] == ["wrong_field_type"]


@pytest.mark.parametrize(
    ("tools", "code", "path"),
    [
        ([{"name": "now"}, {"name": "now"}], "duplicate", "/tools/1/name"),
        ([{"name": "now"}, {"type": "text", "content": "Look it up."}], "required", "/tools/1/name"),
        ([{"name": "now"}, {"type": "text", "name": "x", "content": ""}], None, None),
    ],
)
def test_tools_are_told_apart_by_name(tools, code, path):
    _task, problems = check_payload(Schema.load(schema_of({})), {"tools": tools})
    assert [(each.code, each.path) for each in problems] == ([(code, path)] if code else [])


OLD = {"parallel": True, "min": 2, "max": 3, "no_call": REASONS}


@pytest.mark.parametrize(
    ("changes", "change"),
    [
        ({"min": 1, "max": 5, "clarify": True}, "same"),
        ({"no_call": [*REASONS, {"key": "unsafe"}]}, "same"),
        ({"no_call": REASONS[:1]}, "major"),
        ({"min": 3}, "major"),
        ({"max": 2}, "major"),
        ({"parallel": False, "min": 1}, "major"),
        ({"alternatives": True}, "same"),
    ],
)
def test_changes_of_a_live_schema(changes, change):
    assert compatible(schema_of(OLD), schema_of({**OLD, **changes})) == change


@pytest.mark.parametrize(("test", "asked"), [({"count_gte": 2}, True), ({"is": 2}, True), ({"count_lte": 1}, False)])
def test_conditions_see_how_many_there_are(test, asked):
    why = {"name": "why", "type": "text", "title": "Why", "show_if": {"question": "q", **test}, "config": {}}
    schema = Schema.load(schema_of({"parallel": True}, why))
    value = {"q": {"calls": [{"name": "now", "arguments": {}}] * 2}}
    _answer, problems = check_answer(schema, TASK, {"schema_version": 1, "value": value})
    assert [each.path for each in problems] == (["/why"] if asked else [])


def test_whatever_stands_in_the_schema_of_a_tool_is_looked_at_and_no_more():
    """A pattern that would take for ever, a reference to itself, members of wrong kinds."""
    odd = {
        "type": "object",
        "properties": {
            "slow": {"type": "string", "pattern": "(a+)+$"},
            "self": {"$ref": "#"},
            "odd": {"type": {"x": 1}, "enum": 3, "required": "x", "items": [], "minimum": "1", "properties": [1]},
            "list": {"type": ["array", "null"], "items": True, "minItems": None},
            "free": {"type": "dict"},
        },
        "required": ["slow", 3],
    }
    value = {"slow": "a" * 5000 + "!", "self": {"self": {}}, "odd": {"y": [1]}, "list": [[]], "free": 1}
    assert list(argument_problems(value, odd)) == []
    assert list(argument_problems(value, [])) == []
