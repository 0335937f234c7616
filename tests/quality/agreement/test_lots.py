"""Acceptance sampling: what plans stand for, how many are drawn, when everything is looked at."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quality.agreement.lots import bound, limit, share, tightened

PASSED, FAILED = (False, True), (False, False)
FULL_PASSED, FULL_FAILED = (True, True), (True, False)


@pytest.mark.parametrize(("n", "accept", "upper"), [(50, 1, 0.0914), (100, 2, 0.0616), (200, 5, 0.0518)])
def test_plans_stand_for_the_exact_bounds_of_the_design(n, accept, upper):
    assert limit(n, accept) == pytest.approx(upper, abs=5e-5)


@pytest.mark.parametrize(("size", "n"), [(200, 90), (500, 119), (1000, 132), (5000, 145)])
def test_a_sample_without_errors_shows_two_per_cent(size, n):
    assert bound(0, n, size) <= 0.02 < bound(0, n - 1, size)


def test_a_lot_that_was_looked_at_whole_leaves_no_doubt():
    assert bound(3, 60, 60) == pytest.approx(3 / 60)
    assert bound(0, 0, 60) == 1.0


@pytest.mark.parametrize(("n", "size"), [(50, 300), (80, 500), (200, 10_000)])
def test_hardly_ever_fewer_than_wanted_are_drawn(n, size):
    drawn = np.random.default_rng(1).binomial(size, share(n, size), 10_000)
    assert (drawn < n).mean() < 0.03


def test_small_lots_are_looked_at_whole():
    assert share(50, 40) == share(50, 0) == 1.0


@pytest.mark.parametrize(
    ("recent", "full"),
    [
        ([], False),
        ([FAILED], False),
        ([FAILED, PASSED, PASSED, PASSED, FAILED], True),
        ([PASSED, PASSED, PASSED, PASSED, PASSED, FAILED, FAILED], False),
        ([FULL_PASSED, FAILED, FAILED], True),
        ([FULL_PASSED] * 4 + [FULL_FAILED], True),
        ([FULL_PASSED] * 5 + [FAILED], False),
        ([PASSED, FULL_PASSED, FULL_PASSED, FULL_PASSED, FULL_PASSED], False),
    ],
)
def test_when_everything_is_looked_at(recent, full):
    assert tightened(recent) is full


@given(st.lists(st.booleans(), min_size=6, max_size=60))
def test_five_that_pass_always_end_it(outcomes):
    history = []
    for passed in [*outcomes, *[True] * 5]:
        history.insert(0, (tightened(history), passed))
    assert tightened(history) is False
