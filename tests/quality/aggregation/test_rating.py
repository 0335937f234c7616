"""Ratings: medians, means, outliers, spread, not applicable; and the figures of a shared data set."""

import json
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quality.aggregation import rating
from quality.aggregation.estimators import Estimate, Number
from quality.aggregation.median import median, median_interval, median_step
from quality.aggregation.votes import Basis, Vote
from tests.quality.aggregation.cases import votes

VECTORS = Path(__file__).parents[2] / "vectors"
FIVE = {"min": 1, "max": 5, "allow_na": True}


@pytest.mark.parametrize(
    ("answers", "value", "doubt"),
    [
        ([4], 4, ""),
        ([3, 4], 3, ""),
        ([2, 3], 3, ""),
        ([2, 4], 3, ""),
        ([1, 2, 2, 5], 2, "spread"),
        ([1, 4], 3, "spread"),
        ([5, 5, 5, 5, 1], 5, ""),
        ([4, 4, 4, 4, 2], 4, ""),
        (["na", "na", 3], "na", ""),
        (["na", 3], None, "tie"),
        (["na", 3, 3], 3, ""),
    ],
)
def test_ordinal(answers, value, doubt):
    result = rating.aggregate(votes(*answers), FIVE, {})
    assert (result.value, result.doubt) == (value, doubt)


def test_interval_is_a_weighted_mean():
    cast = [Vote("x", 2, 0.9), Vote("y", 3, 0.3)]
    result = rating.aggregate(cast, {"min": 1, "max": 5, "measure": "interval"}, {})
    assert result.value == 2.25
    assert result.confidence == pytest.approx(1 - (0.25 * 0.75 + 0.75 * 0.25) / 4)


def test_confidence_is_lowered_by_those_who_did_not_rate():
    assert rating.aggregate(votes("na", 3, 3), FIVE, {}).confidence == pytest.approx(2 / 3)


class Told:
    """An estimator that says what it was told."""

    name = "told"

    def __init__(self, *soft, number=None):
        self.soft, self.number = soft, number

    def __call__(self, votes, labels, classes):
        return Estimate(dict(zip(classes, self.soft, strict=True)), self.name, Basis("est_1"), self.number)


def test_what_was_learned_decides_by_its_median_within_a_step():
    result = rating.aggregate(votes(3, 4, "na", 4), FIVE, {}, Told(0.02, 0.08, 0.3, 0.5, 0.1))
    assert (result.value, result.method, result.n, result.doubt) == (4, "told", 4, "")
    assert result.confidence == pytest.approx(0.9 * 0.75)
    assert result.soft["4"] == 0.5
    assert result.basis.run == "est_1"


def test_what_was_learned_of_an_interval_is_a_mean():
    config = FIVE | {"measure": "interval"}
    assert rating.aggregate(votes(3, 4), config, {}, Told(0, 0, 0.5, 0.5, 0)).value == 3.5
    result = rating.aggregate(votes(3, 4), config, {}, Told(0, 0, 0.5, 0.5, 0, number=Number(3.41234, 0.5)))
    assert result.value == 3.4123
    assert result.confidence == pytest.approx(0.9545, abs=1e-3)


def test_a_number_is_a_step_where_steps_are_wanted():
    result = rating.aggregate(votes(5, 5), FIVE, {}, Told(0, 0, 0, 0, 1, number=Number(5.8, 0.5)))
    assert (result.value, type(result.value)) == (5, int)


def test_most_ratings_far_from_the_middle_are_in_doubt():
    apart = Told(0, 0.2, 0.6, 0.2, 0)
    assert rating.aggregate(votes(1, 1, 5, 5), FIVE, {}, apart).doubt == "spread"
    assert rating.aggregate(votes(3, 3, 3, 5), FIVE, {}, apart).doubt == ""


def test_steps_are_classes():
    assert rating.classes({"min": -1, "max": 1}) == ["-1", "0", "1"]
    assert rating.code(-1) == "-1"


def test_distance_and_gold():
    assert rating.distance(1, 5, FIVE, {}) == 1
    assert rating.distance(2, 3, FIVE, {}) == pytest.approx(1 / 16)
    assert rating.distance("na", 3, FIVE, {}) == 1
    assert rating.passes(3, 4, FIVE, {}) == (True, 0.75)
    assert rating.passes(2, 4, FIVE, {}) == (False, 0.5)
    assert rating.passes("na", 4, FIVE, {}) == (False, 0.0)


@given(st.lists(st.tuples(st.integers(-9, 9), st.floats(0.01, 1)), min_size=1, max_size=8))
def test_median_splits_the_weight(pairs):
    values, weights = zip(*pairs, strict=True)
    low, high = median_interval(values, weights)
    half = sum(weights) / 2
    assert sum(w for value, w in pairs if value < low) <= half + 1e-6
    assert sum(w for value, w in pairs if value > high) <= half + 1e-6
    assert low <= median(values, weights) <= high
    mirrored = median([-value for value in values], weights)
    assert mirrored == pytest.approx(-median(values, weights))


def test_median_step_leans_to_the_middle_of_the_scale():
    assert median_step([1, 2], [1, 1], 3) == 2
    assert median_step([4, 5], [1, 1], 3) == 4
    assert median_step([-3, -2], [1, 1], 0) == -2


@pytest.mark.parametrize(("k", "share"), [(1, 0.873), (3, 0.915), (5, 0.936), (9, 0.962)])
def test_few_raters_against_twenty(k, share):
    """How often k merged ratings fall on the same side of +-0.5 as the mean of all twenty."""
    rows = json.loads((VECTORS / "vader.json").read_text(encoding="utf-8"))["rows"]
    config = {"min": -4, "max": 4, "measure": "interval"}
    draw = Random(k)
    right = []
    for _ in range(20):
        for row in rows:
            ratings = [int(word) for word in row.split()[1:]]
            merged = rating.aggregate(votes(*draw.sample(ratings, k)), config, {}).value
            right.append(side(merged) == side(sum(ratings) / 20))
    assert sum(right) / len(right) == pytest.approx(share, abs=0.01)


def side(mean):
    return (mean > 0.5) - (mean < -0.5)
