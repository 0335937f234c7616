"""Numbers beyond the shared vectors: faults of the settings, changes of a live schema, what conditions see."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.questions.answers import check_answer
from annotation.questions.schema import Schema, compatible, lint

TASK = {"text": "The bus was late again."}


def schema_of(config: dict[str, Any], *more: dict[str, Any]) -> dict[str, Any]:
    fields = [{"name": "text", "type": "text"}]
    asked = {"name": "q", "type": "number", "title": {"en": "Q"}, "config": config}
    return {"language": "manyhands/1", "fields": fields, "questions": [asked, *more]}


@pytest.mark.parametrize(
    ("config", "code", "path"),
    [
        ({"min": 3, "max": 2}, "bad_scale", "max"),
        ({"step": 0}, "out_of_range", "step"),
        ({"decimals": 13}, "out_of_range", "decimals"),
        ({"relative_tolerance": 1.5}, "out_of_range", "relative_tolerance"),
        ({"tolerance": -1}, "out_of_range", "tolerance"),
    ],
)
def test_settings_that_do_not_fit(config, code, path):
    assert [(each.code, each.path) for each in lint(schema_of(config))] == [(code, f"/questions/0/config/{path}")]


OLD = {"min": 0, "max": 10, "decimals": 1, "step": 0.5, "unit": "km"}


@pytest.mark.parametrize(
    ("changes", "change"),
    [
        ({"min": -1, "max": 11, "decimals": 2, "step": None}, "same"),
        ({"tolerance": 2}, "same"),
        ({"max": 9}, "major"),
        ({"min": 1, "step": None}, "major"),
        ({"decimals": 0}, "major"),
        ({"min": -1}, "major"),
        ({"step": 1}, "major"),
        ({"unit": "miles"}, "major"),
    ],
)
def test_changes_of_a_live_schema(changes, change):
    new = {name: value for name, value in {**OLD, **changes}.items() if value is not None}
    assert compatible(schema_of(OLD), schema_of(new)) == change


@pytest.mark.parametrize(("test", "asked"), [({"gte": 2}, True), ({"lte": 1}, False), ({"is": 2.5}, True)])
def test_conditions_see_the_number(test, asked):
    why = {"name": "why", "type": "text", "title": "Why", "show_if": {"question": "q", **test}, "config": {}}
    schema = Schema.load(schema_of({}, why))
    _answer, problems = check_answer(schema, TASK, {"schema_version": 1, "value": {"q": 2.5}})
    assert [each.path for each in problems] == (["/why"] if asked else [])


@given(
    st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**18), 10**18), st.none() | st.integers(0, 12)
)
def test_whatever_is_taken_is_taken_again_as_it_is(value, decimals):
    schema = Schema.load(schema_of({} if decimals is None else {"decimals": decimals}))
    stored, problems = check_answer(schema, TASK, {"schema_version": 1, "value": {"q": value}})
    if not problems:
        again, none = check_answer(schema, TASK, stored)
        assert (again, none) == (stored, [])
        assert stored["value"]["q"] == pytest.approx(value, rel=1e-9, abs=1e-9)
