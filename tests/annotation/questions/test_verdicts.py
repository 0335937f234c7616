"""Verdicts beyond the shared vectors: faults of the settings, changes of a live schema, what conditions see, steps of a run."""

from typing import Any

import pytest

from annotation.questions.answers import check_answer, check_payload
from annotation.questions.legend import legend
from annotation.questions.schema import Schema, compatible, lint

OPTIONS = [{"key": "right"}, {"key": "wrong", "error": True, "stop": True}]
RUN = {
    "goal": "Book a flight.",
    "steps": [{"actor": "user", "text": "To Oslo."}, {"id": "a", "actor": "agent"}, {"actor": "agent", "ms": 12}],
}


def schema_of(config: dict[str, Any], *more: dict[str, Any]) -> dict[str, Any]:
    fields = [
        {"name": "run", "type": "trajectory"},
        {"name": "picture", "type": "image", "required": False},
        {"name": "things", "type": "items", "required": False, "config": {"item_type": "tool"}},
    ]
    asked = {
        "name": "q",
        "type": "verdicts",
        "title": {"en": "Q"},
        "on": "run",
        "config": {"options": OPTIONS, **config},
    }
    return {"language": "manyhands/1", "fields": fields, "questions": [asked, *more]}


def options(**changes: Any) -> list[dict[str, Any]]:
    return [OPTIONS[0], {**OPTIONS[1], **changes}]


@pytest.mark.parametrize(
    ("config", "code", "path"),
    [
        ({"options": OPTIONS[:1]}, "too_few", "options"),
        ({"options": [OPTIONS[0], OPTIONS[0]]}, "duplicate_key", "options/1/key"),
        ({"options": options(hotkey="o")}, "hotkey_collision", "options/1/hotkey"),
        ({"options": options(hotkey="u"), "unsure": True}, "hotkey_collision", "options/1/hotkey"),
        ({"options": options(error=False), "first": "derived"}, "bad_reference", "first"),
        ({"options": options(stop=False), "stop_at_first": True}, "bad_reference", "stop_at_first"),
        ({"reason_codes": [{"key": "x"}, {"key": "x"}]}, "duplicate_key", "reason_codes/1/key"),
        ({"fix": "call", "tools": "none"}, "unknown_field", "tools"),
        ({"fix": "call", "tools": "picture"}, "wrong_field_type", "tools"),
        ({"evidence": "run"}, "wrong_field_type", "evidence"),
        ({"where": {"actor": []}}, "too_few", "where/actor"),
        ({"reason": "perhaps"}, "type", "reason"),
    ],
)
def test_settings_that_do_not_fit(config, code, path):
    assert [(each.code, each.path) for each in lint(schema_of(config))] == [(code, f"/questions/0/config/{path}")]


def test_a_key_that_the_editor_does_not_need_is_free():
    assert lint(schema_of({"options": options(hotkey="u")})) == []


def test_options_get_the_next_free_keys_that_the_editor_leaves_them():
    config = {"options": [{"key": "right"}, {"key": "wrong", "hotkey": "u"}]}
    entries = legend(Schema.load(schema_of(config)).questions[0], RUN_TASK)
    assert [(entry.option.key, entry.hotkey) for entry in entries] == [("right", "1"), ("wrong", "u")]


OLD = {"reason": "on_error", "reason_codes": [{"key": "x"}], "fix": "text", "reason_min_chars": 5}


@pytest.mark.parametrize(
    ("changes", "change"),
    [
        ({"options": [*OPTIONS, {"key": "unsafe", "error": True}]}, "same"),
        ({"reason": "optional"}, "same"),
        ({"reason_min_chars": 2, "unsure": True, "evidence": "things"}, "same"),
        ({"reason_codes": [{"key": "x"}, {"key": "y"}]}, "same"),
        ({"options": options(error=False)}, "major"),
        ({"reason": "always"}, "major"),
        ({"reason_min_chars": 9}, "major"),
        ({"fix": "call"}, "major"),
        ({"fix_required": True}, "major"),
        ({"where": {"actor": ["agent"]}}, "major"),
        ({"stop_at_first": True}, "major"),
        ({"first": "derived"}, "major"),
        ({"measure": "ordinal"}, "major"),
    ],
)
def test_changes_of_a_live_schema(changes, change):
    assert compatible(schema_of(OLD), schema_of({**OLD, **changes})) == change


@pytest.mark.parametrize(
    ("test", "asked"),
    [({"count_gte": 2}, False), ({"count_gte": 1}, True), ({"is": "a"}, True), ({"is": None}, False)],
)
def test_conditions_see_the_first_fault_and_how_many_there_are(test, asked):
    why = {"name": "why", "type": "text", "title": "Why", "show_if": {"question": "q", **test}, "config": {}}
    schema = Schema.load(schema_of({"first": "derived", "where": {"actor": ["agent"]}}, why))
    value = {"q": {"items": [{"item": "a", "verdict": "wrong"}, {"item": "2", "verdict": "right"}]}}
    _answer, problems = check_answer(schema, RUN_TASK, {"schema_version": 1, "value": value})
    assert [each.path for each in problems] == (["/why"] if asked else [])


RUN_TASK = {"run": RUN}


def test_a_question_may_be_asked_once_for_each_step():
    per = {"field": "run", "where": {"actor": ["agent"]}}
    each = {"name": "each", "type": "rating", "title": "Each", "per": per, "config": {"min": 1, "max": 5}}
    schema = Schema.load({**schema_of({}, each), "questions": [each]})
    answer, problems = check_answer(schema, RUN_TASK, {"schema_version": 1, "value": {"each": {"2": 4, "a": 3}}})
    assert problems == []
    assert answer["value"] == {"each": {"a": 3, "2": 4}}


def test_a_run_without_a_step_to_judge_is_refused():
    schema = Schema.load(schema_of({"where": {"actor": ["tool"]}}))
    _task, problems = check_payload(schema, RUN_TASK)
    assert [(each.code, each.path) for each in problems] == [("too_few", "/run")]


def test_screenshots_of_a_run_are_media():
    schema = Schema.load(schema_of({}))
    steps = [{"actor": "agent", "screenshot": "shots/1.png"}, {"actor": "agent"}]
    task, problems = check_payload(schema, {"run": {"goal": "Click.", "steps": steps}})
    assert problems == []
    field = schema.field_of["run"]
    assert list(field.kind.media(task["run"], field.config)) == [("/steps/0/screenshot", {"src": "shots/1.png"})]
