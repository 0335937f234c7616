"""Numbers: what says the same, who wins, what passes."""

import pytest

from quality.aggregation.number import aggregate, distance, passes
from quality.aggregation.votes import Vote
from tests.quality.aggregation.cases import votes

NEAR, SHARE = {"tolerance": 2}, {"relative_tolerance": 0.1}


@pytest.mark.parametrize(
    ("a", "b", "config", "far"),
    [
        (5, 5.0, {}, 0),
        (0, 0, {}, 0),
        (0.1 + 0.2, 0.3, {}, 0),
        (5, 6, {}, 1 / 6),
        (5, 7, NEAR, 0),
        (5, 8, NEAR, 3 / 8),
        (90, 100, SHARE, 0),
        (89, 100, SHARE, 0.11),
        (0, 1, SHARE, 1),
        (-5, 5, {}, 1),
    ],
)
def test_distance(a, b, config, far):
    assert distance(a, b, config, {}) == distance(b, a, config, {}) == pytest.approx(far)


@pytest.mark.parametrize(
    ("said", "config", "value", "confidence"),
    [
        ((5, 5, 9), {}, 5, 2 / 3),
        ((5, 6, 7, 30), NEAR, 6, 3 / 4),
        ((5, 6, 30), NEAR, 5.5, 2 / 3),
        ((5, 6, 30), {**NEAR, "decimals": 0}, 6, 2 / 3),
        ((5, 6, 30), {**NEAR, "step": 1}, 5, 2 / 3),
        ((95, 100, 104, 300), SHARE, 100, 3 / 4),
        # of groups that weigh as much and overlap the narrowest
        ((4, 5.5, 6, 7), NEAR, 6, 3 / 4),
    ],
)
def test_the_heaviest_group_wins(said, config, value, confidence):
    found = aggregate(votes(*said), config, {})
    assert (found.value, found.confidence) == (value, pytest.approx(confidence))


def test_weight_decides_and_a_tie_has_no_value():
    assert aggregate([Vote("a", 3, 0.9), Vote("b", 8, 0.3), Vote("c", 8, 0.3)], {}, {}).value == 3
    tie = aggregate(votes(3, 8), {}, {})
    assert (tie.value, tie.doubt, tie.confidence) == (None, "tie", 0.5)


def test_who_is_away_from_it_is_named():
    found = aggregate(votes(10, 10, 8), {}, {})
    assert found.dissent == [{"contributor": "c2", "distance": pytest.approx(0.2)}]


@pytest.mark.parametrize(("value", "passed", "score"), [(11, True, 1), (12, True, 1), (20, False, 0.5)])
def test_gold(value, passed, score):
    assert passes(value, 10, NEAR, {}) == (passed, pytest.approx(score))
