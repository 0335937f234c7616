"""What people bring, by hour of the week."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from annotation.scheduling.supply import WEEK_H, assumed, profile


def test_a_week_that_repeats_is_expected_again_and_no_day_differs() -> None:
    week = np.arange(WEEK_H) % 24 * 10.0
    found = profile(first_h=0, seconds=np.tile(week, 6))
    assert np.allclose(found.seconds, week)
    assert found.days.shape == (42, 4)
    assert np.allclose(found.days, 1)


def test_it_begins_anywhere_in_the_week() -> None:
    week = np.zeros(WEEK_H)
    week[50] = 3600
    found = profile(first_h=50, seconds=np.tile(np.roll(week, -50), 4))
    assert np.flatnonzero(found.seconds).tolist() == [50]


def test_recent_weeks_count_more_and_a_day_is_compared_with_the_others() -> None:
    seconds = np.repeat([100.0, 200.0], 3 * WEEK_H)
    found = profile(first_h=0, seconds=seconds)
    assert 160 < found.seconds.mean() < 180
    assert (found.days[:7] < 0.7).all()
    assert (found.days[-7:] > 1.2).all()


def test_of_less_than_two_weeks_days_are_alike_and_hours_lean_on_the_guess() -> None:
    found = profile(first_h=5, seconds=np.full(10, 60.0), guess_s=20.0)
    assert found.seconds[5] == found.seconds[5 + 24]
    assert 20 < found.seconds[4] < found.seconds[5] < 60
    nothing = profile(first_h=0, seconds=np.zeros(0), guess_s=20.0)
    assert np.allclose(nothing.seconds, 20)
    assert found.days.std() > 0.4


def test_what_is_assumed_adds_up() -> None:
    assert np.isclose(assumed(people=3, week_s=1000).seconds.sum(), 3000)


@given(st.lists(st.floats(0, 1e5), min_size=1, max_size=600), st.integers(0, 10**6))
def test_nothing_is_negative_or_lost(hours: list[float], first_h: int) -> None:
    found = profile(first_h=first_h, seconds=np.array(hours))
    assert found.seconds.shape == (WEEK_H,)
    assert np.isfinite(found.seconds).all()
    assert (found.seconds >= 0).all()
    assert np.isfinite(found.days).all()
    assert found.days.shape[1] == 4
