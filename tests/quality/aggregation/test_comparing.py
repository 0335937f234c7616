"""What a reviewer reads of two answers: in which measure, over which items, and which regions only one of them has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quality.aggregation.comparing import GRADED, pairs
from tests.quality.aggregation.cases import boxes_of, disjoint_spans, rankings, spans_of, subsets

TEXTS = st.text("ab ", max_size=8)


def only(kind, a, b, **config):
    (pair,) = pairs(kind, [a, b], config, {})
    return pair


def test_spans_by_the_characters_that_are_marked_alike():
    pair = only("spans", spans_of(("x", 0, 4)), spans_of(("x", 0, 2)))
    assert (pair.first, pair.second) == (0, 1)
    assert pair.alike == pytest.approx(2 / 3)
    assert pair.overlaps == []


def test_a_ranking_by_the_pairs_that_stand_in_one_order():
    pair = only("ranking", {"order": [["a"], ["b"], ["c"]]}, {"order": [["a"], ["c"], ["b"]]})
    assert pair.alike == pytest.approx(2 / 3)


@pytest.mark.parametrize("compare", ["none", "exact", "normalised", "edit_distance"])
def test_texts_by_their_letters_whatever_the_question_says(compare):
    assert only("text", "abcd", "abce", compare=compare).alike == 0.75


def test_regions_with_the_overlap_of_those_in_common_and_the_number_of_the_others():
    mine = boxes_of(("cat", 0, 0, 10, 10), ("dog", 50, 50, 10, 10), ("dog", 80, 80, 10, 10))
    yours = boxes_of(("cat", 0, 0, 10, 8), ("owl", 50, 50, 10, 10))
    pair = only("regions", mine, yours)
    assert pair.alike == pytest.approx(2 / 5)
    assert [(each.label, each.iou, each.alone) for each in pair.overlaps] == [
        ("cat", [0.8], (0, 0)),
        ("dog", [], (2, 0)),
        ("owl", [], (0, 1)),
    ]


def test_per_item_the_mean_of_those_that_both_answered():
    found = pairs("text", [{"1": "ab", "2": "x"}, {"1": "ab", "2": "y"}, {"3": "ab"}, None], {}, {}, per=True)
    assert [(pair.first, pair.second, pair.alike) for pair in found] == [(0, 1, 0.5)]


def test_an_answer_that_says_nothing_is_in_no_pair():
    assert [(pair.first, pair.second) for pair in pairs("text", ["a", None, "a"], {}, {})] == [(0, 2)]


@pytest.mark.parametrize(
    ("kind", "values"), [("choices", subsets), ("text", TEXTS), ("ranking", rankings), ("spans", disjoint_spans())]
)
def test_likeness_is_symmetric_and_whole_for_equals(kind, values):
    @given(values, values)
    def check(a, b):
        assert 0 <= only(kind, a, b).alike <= 1
        assert only(kind, a, b).alike == only(kind, b, a).alike
        assert only(kind, a, a).alike == 1

    check()


def test_every_graded_type_has_a_measure():
    assert {"choices", "text", "ranking", "spans", "regions", "segments", "verdicts", "records", "tool_calls"} == set(
        GRADED
    )
