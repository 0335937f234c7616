"""Texts: votes over spellings, the most central one, and texts that nobody may merge."""

import pytest

from quality.aggregation import text
from tests.quality.aggregation.cases import votes


@pytest.mark.parametrize(
    ("compare", "answers", "value", "confidence", "doubt"),
    [
        ("exact", ["x", "X", "x"], "x", 2 / 3, ""),
        ("exact", ["x", "X"], None, 1 / 2, "tie"),
        ("normalised", ["x", " X", "y"], " X", 2 / 3, ""),
        ("normalised", ["X", "x", "X"], "X", 1, ""),
        ("edit_distance", ["abcd", "abce", "zzzz"], "abcd", 1 - (1 / 4 + 1) / 2, ""),
        ("edit_distance", ["abcd", "abce"], "abcd", 3 / 4, ""),
        ("none", ["x"], "x", None, "cannot_merge"),
        ("none", ["x", "x"], None, None, "cannot_merge"),
    ],
)
def test_merge(compare, answers, value, confidence, doubt):
    result = text.aggregate(votes(*answers), {"compare": compare}, {})
    assert (result.value, result.doubt) == (value, doubt)
    assert result.confidence == (confidence if confidence is None else pytest.approx(confidence))


def test_free_text_is_the_default():
    assert text.aggregate(votes("x"), {}, {}).method == "none"


def test_gold_passes_any_reference_but_for_case_and_space():
    assert text.passes(" The  Cat", ["a dog", "the cat"], {}, {}) == (True, 1)
    assert text.passes("the hat", "the cat", {}, {}) == (False, pytest.approx(6 / 7))
    assert text.passes("x", [], {}, {}) == (False, 0)
