"""Records: which rows are the same one, how far answers are apart, which rows and cells are kept, what passes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quality.aggregation.records import aggregate, distance, passes
from quality.aggregation.registry import is_free, is_graded
from quality.aggregation.votes import Vote
from quality.agreement.strings import trigram_share
from tests.quality.aggregation.cases import COLUMNS, records, records_of, votes

BY_NAME = {"columns": COLUMNS, "match": ["name"]}
FREE = {"columns": COLUMNS}
LONG = "Says that food lowers stomach upset"
NEARLY = "Says that food lowers stomach upsets"
TREE = {"columns": [{"key": "name", "type": "text", "required": True}], "match": ["name"], "tree": True}


def said(value: Any) -> list[tuple[Any, ...]]:
    return [tuple(row["cells"].values()) for row in value["records"]]


@pytest.mark.parametrize(
    ("a", "b", "far"),
    [
        ([(LONG, 5, True)], [(LONG, 5, True)], 0),
        ([(LONG, 5, True)], [(f" {LONG.upper()}", 5, True)], 0),
        ([(LONG, 5, True)], [(NEARLY, 5, True)], 0),
        ([(LONG, 5, True)], [("Names no study", 5, True)], 1),
        ([(LONG, 5, True)], [(LONG, 4, True)], 1 / 3),
        ([(LONG, 5, True), ("Is short", 1, False)], [(LONG, 5, True)], 1 / 3),
        ([(LONG, 5, True), ("Is short", 1, False)], [("Is short", 1, False), (LONG, 5, True)], 0),
        ([(LONG, 5, True), (NEARLY, 1, True)], [(NEARLY, 1, True), (LONG, 5, True)], 0),
        ([], [], 0),
        ([], [(LONG, 5, True)], 1),
    ],
)
def test_distance(a, b, far):
    a, b = records_of(*a), records_of(*b)
    assert distance(a, b, BY_NAME, {}) == pytest.approx(far, abs=1e-12)
    assert distance(b, a, BY_NAME, {}) == distance(a, b, BY_NAME, {})


def test_without_columns_that_say_so_rows_are_recognised_by_half_of_their_cells():
    mine = records_of((LONG, 5, True), ("Is short", 1, False))
    assert distance(mine, records_of(("Is short", 1, True), (LONG, 5, True)), FREE, {}) == pytest.approx(1 / 6)
    assert distance(mine, records_of(("Names no study", 7, True)), FREE, {}) == 1


def test_every_column_must_say_that_rows_are_the_same():
    config = {"columns": COLUMNS, "match": ["name", "points"]}
    assert distance(records_of((LONG, 5, True)), records_of((LONG, 4, True)), config, {}) == 1


@pytest.mark.parametrize(("a", "b", "share"), [("", "", 1), ("abc", "abc", 1), ("abc", "xyz", 0), ("ab", "ac", 1 / 5)])
def test_trigrams(a, b, share):
    assert trigram_share(a, b) == trigram_share(b, a) == share


def test_rows_of_more_than_half_are_kept_with_the_cells_of_most():
    a = records_of((LONG, 5, True), ("Is short", 1, False))
    b = records_of(("Is short", 1, False), (NEARLY, 5, True), ("Is kind", 2, False))
    c = records_of((LONG, 4, True), ("Names no study", 3, True))
    found = aggregate(votes(a, b, c), BY_NAME, {})
    assert said(found.value) == [(LONG, 5, True), ("Is short", 1, False)]
    assert [row["id"] for row in found.value["records"]] == ["m1", "m2"]
    assert found.confidence == pytest.approx((1 * (2 / 3 + 1) / 2 + 2 / 3) / 2)
    assert [each["contributor"] for each in found.dissent] == ["c1", "c2"]


def test_weight_decides():
    right, wrong = records_of((LONG, 5, True)), records_of(("Is short", 1, False))
    found = aggregate([Vote("a", right, 0.9), Vote("b", wrong, 0.4), Vote("c", wrong, 0.4)], BY_NAME, {})
    assert said(found.value) == [(LONG, 5, True)]


def test_nobody_of_one_mind_leaves_no_rows_and_no_confidence():
    found = aggregate(votes(records_of((LONG, 5, True)), records_of(("Is short", 1, False))), BY_NAME, {})
    assert (found.value, found.confidence) == ({"records": []}, 0)


def test_a_tie_about_a_cell_that_is_needed_is_a_doubt():
    found = aggregate(votes(records_of((LONG, 5, True)), records_of((LONG, 3, True))), BY_NAME, {})
    assert found.doubt == "tie"
    spelled = aggregate(votes(records_of((LONG, 5, True)), records_of((NEARLY, 5, True))), BY_NAME, {})
    assert (spelled.doubt, said(spelled.value), spelled.confidence) == ("", [(NEARLY, 5, True)], 1)


def test_nothing_is_merged_where_no_column_says_which_rows_are_the_same():
    a, b = records_of((LONG, 5, True)), records_of((LONG, 5, True), ("Is short", 1, False))
    found = aggregate(votes(a, b), FREE, {})
    assert (found.value, found.confidence, found.doubt) == (None, None, "cannot_merge")
    assert found.agreement == pytest.approx(2 / 3)
    alone = aggregate(votes(a), FREE, {})
    assert (alone.value, alone.doubt) == (a, "cannot_merge")


@pytest.mark.parametrize(("config", "free"), [(BY_NAME, False), (FREE, True), ({**FREE, "match": []}, True)])
def test_only_what_is_merged_teaches_who_is_to_be_relied_on(config, free):
    assert (is_free("records", config), is_graded("records", config)) == (free, not free)


def branch(*rows: tuple[str, str | None]) -> dict[str, Any]:
    """(name, name of the row above); ids unlike the names."""
    found = [{"id": f"x-{name}", "cells": {"name": name}} for name, _ in rows]
    return {"records": [row | ({"parent": f"x-{up}"} if up else {}) for row, (_, up) in zip(found, rows, strict=True)]}


def test_a_row_stands_below_the_one_that_most_put_it_below():
    deep = branch(("animals", None), ("cats", "animals"), ("stones", None))
    found = aggregate(votes(deep, deep, branch(("cats", None), ("animals", None))), TREE, {})
    assert [(row["cells"]["name"], row.get("parent")) for row in found.value["records"]] == [
        ("animals", None),
        ("cats", "m1"),
        ("stones", None),
    ]


def test_two_that_stand_below_each_other_do_not():
    votes_ = [
        *(branch(("animals", None), ("cats", "animals")), branch(("cats", None), ("animals", "cats"))),
        *(
            branch(("animals", None), ("dogs", None), ("cats", "animals")),
            branch(("cats", None), ("dogs", None), ("animals", "cats")),
        ),
    ]
    found = aggregate(votes(*votes_), TREE, {})
    assert {row["cells"]["name"] for row in found.value["records"]} == {"animals", "cats"}
    assert sum("parent" in row for row in found.value["records"]) <= 1


@given(st.lists(records, min_size=1, max_size=5), st.randoms())
def test_ids_and_names_and_the_order_of_votes_say_nothing(values, random):
    cast = [Vote(f"c{number}", value, 0.8) for number, value in enumerate(values)]
    other = [
        Vote(
            f"z{random.random()}", {"records": [{**row, "id": f"q{random.random()}"} for row in value["records"]]}, 0.8
        )
        for value in random.sample(values, len(values))
    ]
    one, two = aggregate(cast, BY_NAME, {}), aggregate(other, BY_NAME, {})
    assert said(one.value) == said(two.value)
    assert one.confidence == pytest.approx(two.confidence)
    assert one.agreement == pytest.approx(two.agreement)


@pytest.mark.parametrize(
    ("rows", "passed", "score"),
    [
        ([(LONG, 5, True), ("Is short", 1, False)], True, 1),
        ([(LONG, 2, True), ("Is short", 1, False), ("Is kind", 2, True)], True, 0.8 * 5 / 6),
        ([(LONG, 5, True)], False, 2 / 3),
        ([], False, 0),
    ],
)
def test_gold(rows, passed, score):
    expected = records_of((LONG, 5, True), ("Is short", 1, False))
    assert passes(records_of(*rows), expected, BY_NAME, {}) == (passed, pytest.approx(score))
