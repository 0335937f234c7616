"""Records beyond the shared vectors: faults of the settings, changes of a live schema, what conditions see, and what always holds."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.questions.answers import check_answer
from annotation.questions.schema import Schema, compatible, lint

POINTS = {"key": "points", "type": "integer"}
NAME = {"key": "name", "type": "text"}
AXIS = {"key": "axis", "type": "choice", "options": [{"key": "a"}, {"key": "b"}]}
FIELDS = [
    {"name": "text", "type": "text"},
    {"name": "things", "type": "items", "required": False, "config": {"item_type": "text"}},
]


def schema_of(config: dict[str, Any], *more: dict[str, Any]) -> dict[str, Any]:
    asked = {"name": "q", "type": "records", "title": {"en": "Q"}, "config": config}
    return {"language": "manyhands/1", "fields": FIELDS, "questions": [asked, *more]}


def checked(config: dict[str, Any], value: Any) -> tuple[Any, list[tuple[str, str]]]:
    schema = Schema.load(schema_of(config))
    answer, problems = check_answer(schema, {"text": "x"}, {"schema_version": 1, "value": {"q": value}})
    return answer["value"].get("q"), [(each.code, each.path.removeprefix("/q")) for each in problems]


@pytest.mark.parametrize(
    ("config", "code", "path"),
    [
        ({"columns": []}, "too_few", "columns"),
        ({"columns": [NAME, NAME]}, "duplicate_key", "columns/1/key"),
        ({"columns": [{"key": "x", "type": "choice"}]}, "type", "columns/0"),
        ({"columns": [NAME | {"options": AXIS["options"]}]}, "type", "columns/0"),
        ({"columns": [{"key": "x", "type": "ref"}]}, "type", "columns/0"),
        ({"columns": [{"key": "x", "type": "ref", "to": "text"}]}, "bad_reference", "columns/0/to"),
        ({"columns": [{"key": "x", "type": "ref", "to": "q"}]}, "bad_reference", "columns/0/to"),
        ({"columns": [NAME | {"min": 1}]}, "bad_reference", "columns/0/min"),
        ({"columns": [POINTS | {"pattern": "x"}]}, "bad_reference", "columns/0/pattern"),
        ({"columns": [POINTS | {"min": 2, "max": 1}]}, "bad_scale", "columns/0/max"),
        ({"columns": [NAME | {"pattern": "(?=x)"}]}, "bad_pattern", "columns/0/pattern"),
        ({"columns": [NAME], "min": 3, "max": 2}, "bad_scale", "max"),
        ({"columns": [NAME], "max": 301}, "out_of_range", "max"),
        ({"columns": [NAME], "match": ["title"]}, "bad_reference", "match/0"),
        ({"columns": [NAME], "exactly": [{"column": "x", "is": 1, "count": 1}]}, "bad_reference", "exactly/0/column"),
        ({"columns": [NAME], "at_least": [{"column": "name", "lt": 0, "count": 1}]}, "bad_reference", "at_least/0/column"),
        ({"columns": [AXIS], "exactly": [{"column": "axis", "is": "c", "count": 1}]}, "bad_reference", "exactly/0/column"),
        ({"columns": [NAME], "at_least": [{"column": "name", "count": 1}]}, "type", "at_least/0"),
        ({"columns": [NAME], "prefill": "nowhere"}, "unknown_field", "prefill"),
        ({"columns": [NAME], "prefill": "text"}, "wrong_field_type", "prefill"),
        ({"columns": [NAME], "render": "chat"}, "unsupported_type", "render"),
        ({"columns": [NAME], "lint": ["atomic"]}, "unsupported_type", "lint/0"),
    ],
)  # fmt: skip
def test_settings_that_do_not_fit(config, code, path):
    assert [(each.code, each.path) for each in lint(schema_of(config))] == [(code, f"/questions/0/config/{path}")]


OLD = {"columns": [POINTS | {"min": 1}, AXIS], "min": 2, "max": 3, "match": ["points"]}


@pytest.mark.parametrize(
    ("changes", "change"),
    [
        ({"min": 1, "max": 5, "tree": True, "match": [], "render": "cards"}, "same"),
        ({"columns": [POINTS, AXIS, NAME]}, "same"),
        ({"columns": [AXIS, POINTS | {"min": 0, "title": "Points"}]}, "same"),
        ({"columns": [POINTS | {"min": 1}, AXIS | {"options": [*AXIS["options"], {"key": "c"}]}]}, "same"),
        ({"columns": [POINTS | {"min": 1}]}, "major"),
        ({"columns": [POINTS | {"min": 2}, AXIS]}, "major"),
        ({"columns": [POINTS | {"min": 1, "not": [5]}, AXIS]}, "major"),
        ({"columns": [POINTS | {"min": 1, "unique": True}, AXIS]}, "major"),
        ({"columns": [POINTS | {"min": 1}, AXIS, NAME | {"required": True}]}, "major"),
        ({"columns": [POINTS | {"min": 1, "type": "number"}, AXIS]}, "major"),
        ({"ordered": True}, "major"),
        ({"max": 2}, "major"),
        ({"at_least": [{"column": "points", "gt": 2, "count": 1}]}, "major"),
    ],
)
def test_changes_of_a_live_schema(changes, change):
    assert compatible(schema_of(OLD), schema_of({**OLD, **changes})) == change


@pytest.mark.parametrize(("test", "asked"), [({"count_gte": 2}, True), ({"is": 2}, True), ({"count_lte": 1}, False)])
def test_conditions_see_how_many_there_are(test, asked):
    why = {"name": "why", "type": "text", "title": "Why", "show_if": {"question": "q", **test}, "config": {}}
    schema = Schema.load(schema_of({"columns": [NAME]}, why))
    value = {"q": {"records": [{"cells": {"name": name}} for name in ("a", "b")]}}
    _answer, problems = check_answer(schema, {"text": "x"}, {"schema_version": 1, "value": value})
    assert [each.path for each in problems] == (["/why"] if asked else [])


def test_a_cell_may_name_a_row_of_an_earlier_question():
    column = {"key": "of", "type": "ref", "to": "q"}
    more = {"name": "more", "type": "records", "title": "More", "config": {"columns": [column]}}
    schema = Schema.load(schema_of({"columns": [NAME]}, more))
    value = {"q": {"records": [{"id": "a", "cells": {"name": "A"}}]}}
    value["more"] = {"records": [{"cells": {"of": "a"}}, {"cells": {"of": "b"}}]}
    _answer, problems = check_answer(schema, {"text": "x"}, {"schema_version": 1, "value": value})
    assert [(each.code, each.path) for each in problems] == [("unknown_item", "/more/records/1/cells/of")]


def test_what_is_wanted_is_said_in_the_words_of_the_column():
    config = {
        "columns": [POINTS | {"title": {"en": "Points"}}],
        "at_least": [{"column": "points", "lt": 0, "count": 1}],
    }
    schema = Schema.load(schema_of(config))
    value = {"q": {"records": [{"cells": {"points": 1}}]}}
    _answer, (found,) = check_answer(schema, {"text": "x"}, {"schema_version": 1, "value": value})
    assert found.message == "Wanted: at least 1 with Points < 0."


def test_a_list_has_an_end_whatever_the_settings_say():
    value = {"records": [{"cells": {"name": str(number)}} for number in range(301)]}
    assert checked({"columns": [NAME]}, value)[1] == [("too_many", "/records")]


EVERY = {
    "columns": [
        *(NAME | {"unique": True}, POINTS, AXIS, {"key": "code", "type": "code"}, {"key": "yes", "type": "boolean"}),
        *({"key": "many", "type": "choices", "options": AXIS["options"]}, {"key": "day", "type": "date"}),
    ],
    "tree": True,
    "confirm_empty": True,
}
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.floats(-2, 2)
    | st.sampled_from(["", " a", "b\r\n", "é", "2026-01-31"])
)
cells = st.dictionaries(
    st.sampled_from([column["key"] for column in EVERY["columns"]] + ["else"]),
    scalars | st.lists(st.sampled_from(["b", "a", ""]), max_size=3),
)
names = st.sampled_from(["r1", "r2", "r3"])
rows = st.fixed_dictionaries({"cells": cells}, optional={"id": names, "parent": names | st.none()}) | scalars
values = st.fixed_dictionaries({"records": st.lists(rows, max_size=4)}, optional={"none": st.just(True)}) | scalars


@given(values)
def test_the_normal_form_is_its_own_and_what_is_right_stays_right(value):
    normal, problems = checked(EVERY, value)
    assert checked(EVERY, normal) == (normal, problems)


tidy = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.integers(0, 3)), min_size=1, max_size=6, unique_by=lambda row: row[0]
)


@given(tidy, st.randoms())
def test_a_tree_keeps_its_rows_and_its_branches(made, random):
    """However the rows are shuffled, each stands behind the one that it is below."""
    built = [
        {"id": name, "cells": {"name": name}} | ({"parent": made[up - 1][0]} if 0 < up <= place else {})
        for place, (name, up) in enumerate(made)
    ]
    shuffled = random.sample(built, len(built))
    value, problems = checked(EVERY, {"records": shuffled})
    assert problems == []
    places = {row["id"]: place for place, row in enumerate(value["records"])}
    assert places.keys() == {row["id"] for row in built}
    assert all(places[row["parent"]] < places[row["id"]] for row in value["records"] if "parent" in row)
