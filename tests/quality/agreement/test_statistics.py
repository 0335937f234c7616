"""Where the statistics have no answer, and what they may not depend on."""

from math import isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quality.agreement.alpha import alpha, alpha_by_distance
from quality.agreement.bounds import clopper_pearson, wilson
from quality.agreement.kappa import kappa
from quality.agreement.pairwise import mean_pairwise, unequal

LEVELS = ("nominal", "ordinal", "interval", "ratio")


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    "values",
    [np.empty((0, 0)), np.empty((3, 0)), [[1.0]], [[np.nan, 1.0], [2.0, np.nan]], [[1.0, 1.0], [1.0, 1.0]]],
    ids=["nothing", "no unit", "one answer", "no pair", "no variation"],
)
def test_alpha_is_not_defined(values, level):
    assert isnan(alpha(values, level))


@pytest.mark.parametrize("level", LEVELS)
def test_alpha_of_perfect_agreement_is_one(level):
    assert alpha([[0.0, 1.0, 3.0, np.nan], [0.0, 1.0, 3.0, 2.0]], level) == pytest.approx(1)


def test_alpha_of_opposites_is_below_chance():
    assert alpha([[0.0, 1.0], [1.0, 0.0]], "nominal") == pytest.approx(-0.5)


@given(st.lists(st.lists(st.sampled_from("abc"), max_size=4), max_size=8), st.randoms())
def test_alpha_does_not_depend_on_order_or_names(units, draw):
    renamed = [[{"a": "z", "b": "y", "c": "x"}[answer] for answer in draw.sample(unit, len(unit))] for unit in units]
    draw.shuffle(renamed)
    here, there = alpha_by_distance(units, unequal), alpha_by_distance(renamed, unequal)
    assert here == pytest.approx(there, nan_ok=True)


@pytest.mark.parametrize("counts", [[[0, 0], [0, 0]], [[5, 0], [0, 0]]])
def test_kappa_is_not_defined(counts):
    assert isnan(kappa(counts))


def test_mean_pairwise_leaves_lone_answers_out():
    assert mean_pairwise([["a"], [], ["a", "a"], ["a", "b", "b"]]) == pytest.approx((1 + 1 / 3) / 2)
    assert isnan(mean_pairwise([["a"], []]))


@given(st.integers(0, 300), st.integers(0, 300), st.floats(0.5, 0.999))
def test_intervals_hold_the_share_and_mirror(x, rest, confidence):
    n = x + rest
    for interval in (wilson, clopper_pearson):
        low, high = interval(x, n, confidence)
        assert 0 <= low <= high <= 1
        if n:
            assert low - 1e-9 <= x / n <= high + 1e-9
        assert interval(rest, n, confidence) == pytest.approx((1 - high, 1 - low), abs=1e-9)
