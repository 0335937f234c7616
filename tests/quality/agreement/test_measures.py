"""Measures between two answers: sets, ranks, strings, runs of characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quality.agreement.ranks import tau_b
from quality.agreement.runs import character_f1, joined, shared_length
from quality.agreement.sets import jaccard, masi
from quality.agreement.strings import character_error_rate, edit_distance, edit_share, fold, word_error_rate


@pytest.mark.parametrize(
    ("a", "b", "expected_jaccard", "expected_masi"),
    [
        ("", "", 1, 1),
        ("a", "", 0, 0),
        ("ab", "ab", 1, 1),
        ("a", "ab", 1 / 2, 1 / 3),
        ("ab", "bc", 1 / 3, 1 / 9),
        ("a", "b", 0, 0),
    ],
)
def test_sets(a, b, expected_jaccard, expected_masi):
    assert jaccard(set(a), set(b)) == pytest.approx(expected_jaccard)
    assert masi(set(a), set(b)) == pytest.approx(expected_masi)
    assert masi(set(b), set(a)) == pytest.approx(expected_masi)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ([0, 1, 2], [0, 1, 2], 1),
        ([0, 1, 2], [2, 1, 0], -1),
        ([0, 1, 2], [0, 2, 1], 1 / 3),
        ([0, 0, 1], [0, 1, 2], 2 / 6**0.5),
        ([0, 0, 0], [0, 1, 2], 0),
        ([0, 0, 0], [0, 0, 0], 1),
        ([0], [0], 1),
        ([], [], 1),
    ],
)
def test_tau_b(a, b, expected):
    assert tau_b(dict(enumerate(a)), dict(enumerate(b))) == pytest.approx(expected)
    assert tau_b(dict(enumerate(b)), dict(enumerate(a))) == pytest.approx(expected)


def plain_edit_distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1]


@given(st.text(alphabet="abx", max_size=40), st.text(alphabet="aby", max_size=90))
def test_edit_distance_equals_the_textbook(a, b):
    assert edit_distance(a, b) == edit_distance(b, a) == plain_edit_distance(a, b)


def test_edit_share():
    assert edit_distance("kitten", "sitting") == 3
    assert edit_share("kitten", "sitting") == pytest.approx(3 / 7)
    assert edit_share("", "") == 0
    assert edit_share("", "abc") == 1
    assert edit_share("你好吗", "你好") == pytest.approx(1 / 3)


def test_fold_makes_case_width_and_space_alike():
    assert fold("  Ｗｉｄｅ\u3000 Straße\n") == fold("wide STRASSE") == "wide strasse"


def test_runs():
    assert joined([(5, 7), (0, 2), (1, 3), (3, 4)]) == [(0, 4), (5, 7)]
    assert shared_length([(0, 4), (5, 7)], [(3, 6)]) == 2
    assert character_f1({}, {}) == 1
    assert character_f1({"x": [(0, 4)]}, {}) == 0
    assert character_f1({"x": [(0, 4)]}, {"y": [(0, 4)]}) == 0
    assert character_f1({"x": [(0, 4)], "y": [(8, 10)]}, {"x": [(2, 4)]}) == pytest.approx(4 / 8)


@pytest.mark.parametrize(
    ("text", "reference", "words", "characters"),
    [
        ("the cat sat", "The  cat sat", 0, 0),
        ("the cat", "the cat sat", 1 / 3, 3 / 9),
        ("the hat sat down", "the cat sat", 2 / 3, 5 / 9),
        ("a b c d", "a", 3, 3),
        ("", "", 0, 0),
        ("so", "", 1, 1),
        ("", "so", 1, 1),
        ("So, the cat!", "so the cat", 0, 2 / 8),  # punctuation is no word
        ("\u732b\u304c\u5bdd\u305f", "\u732b\u304c\u6765\u305f", 1 / 4, 1 / 4),
    ],
)
def test_error_rates_of_transcripts(text, reference, words, characters):
    assert word_error_rate(text, reference) == pytest.approx(words)
    assert character_error_rate(text, reference) == pytest.approx(characters)
