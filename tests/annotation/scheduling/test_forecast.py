"""When work will be done."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.scheduling import capacity, forecast
from annotation.scheduling.supply import WEEK_H, Supply, assumed

STEADY = Supply(np.full(WEEK_H, 360.0), np.ones((14, 4)))  # 0.1 s a second
NONE = np.zeros(1)


def finish(work_s: float, supply: Supply = STEADY, **options: float) -> np.ndarray:
    given = {"tail_s": NONE, "start_s": 0.0, "seed": 1, **options}
    return forecast.finish(work_s=np.array([work_s]), supply=supply, **given)[0]


def test_steady_supply_finishes_on_the_minute() -> None:
    assert finish(720.0) == pytest.approx([7200] * 3)
    assert finish(720.0, start_s=1800.0) == pytest.approx([7200] * 3)
    assert finish(90.0, start_s=1800.0) == pytest.approx([900] * 3)
    assert finish(720.0, tail_s=np.array([60.0])) == pytest.approx([7260] * 3)


def test_nights_are_waited_through_and_weeks_too() -> None:
    seconds = np.zeros(WEEK_H)
    seconds[9] = 3600  # Monday, 9 to 10
    supply = Supply(seconds, np.ones((14, 4)))
    assert finish(1800.0, supply) == pytest.approx([9.5 * 3600] * 3)
    assert finish(5400.0, supply) == pytest.approx([(WEEK_H + 9.5) * 3600] * 3)
    assert finish(3600 * 20.0, supply) == pytest.approx([(19 * WEEK_H + 10) * 3600] * 3)


def test_nobody_means_never() -> None:
    assert np.isinf(finish(1.0, assumed(people=0, week_s=3600))).all()
    assert finish(0.0) == pytest.approx([0] * 3)


def test_the_seed_decides_and_unequal_days_widen_the_range() -> None:
    rough = assumed(people=10, week_s=36_000)
    first, again, other = finish(50_000, rough), finish(50_000, rough), finish(50_000, rough, seed=2)
    assert (first == again).all()
    assert (first != other).any()
    assert first[0] < first[1] < first[2]
    assert first[2] > 1.5 * first[0]


@given(st.floats(1, 1e6), st.floats(1.1, 5), st.floats(0, WEEK_H * 3600))
def test_more_work_never_ends_earlier_and_more_people_never_later(work_s: float, times: float, start_s: float) -> None:
    rough = assumed(people=20, week_s=36_000)
    plain = finish(work_s, rough, start_s=start_s)
    assert (np.diff(plain) >= 0).all()
    assert (finish(work_s * times, rough, start_s=start_s) >= plain - 1e-6).all()
    more = rough._replace(seconds=rough.seconds * capacity.grown(people=20, more=5))
    assert (finish(work_s, more, start_s=start_s) <= plain + 1e-6).all()


def test_work_is_answers_times_their_mean_and_less_sure_with_few_answers() -> None:
    answers = np.full(4000, 1000.0)
    known = forecast.work(answers=answers, median_s=60, sigma=0.7, measured=500, seed=1)
    guessed = forecast.work(answers=answers, median_s=60, sigma=0.7, measured=0, seed=1)
    mean = 60_000 * np.exp(0.7**2 / 2)
    assert known.mean() == pytest.approx(mean, rel=0.02)
    assert guessed.mean() == pytest.approx(mean, rel=0.05)
    assert guessed.std() > 4 * known.std()


def test_answers_stop_like_those_of_the_past_within_what_the_seats_leave() -> None:
    stops = np.array([2, 2, 3, 5] * 50)
    wanted = forecast.answers(tasks=1000, given=500, least=1500, most=4500, stops=stops, seed=1)
    assert wanted.mean() == pytest.approx(2500, rel=0.03)
    few = forecast.answers(tasks=1, given=2, least=0, most=3, stops=stops, seed=1)
    assert (few.min(), few.max()) == (0, pytest.approx(3, abs=1.5))


def test_the_tail_is_the_longest_of_those_in_work() -> None:
    one, many = (forecast.tail(left=left, people=20, median_s=60, sigma=0.5, seed=1, draws=4000) for left in (1, 1000))
    assert np.median(one) == pytest.approx(60, rel=0.05)
    assert np.median(many) == pytest.approx(60 * np.exp(0.5 * 1.82), rel=0.05)  # of 20 the largest: 0.5 ** (1 / 20)


def test_corrections_make_the_shares_true() -> None:
    random = np.random.default_rng(3)
    actual = np.exp(random.normal(0.5, 0.4, 1000)) * 100
    said = np.tile([100.0, 120.0, 150.0], (1000, 1))
    factors = forecast.conformal(actual_s=actual[:200], forecast_s=said[:200])
    inside = [(actual[200:] <= each).mean() for each in forecast.corrected(said[0], factors)]
    assert inside == pytest.approx([0.5, 0.8, 0.95], abs=0.06)
    assert (forecast.conformal(actual_s=actual[:29], forecast_s=said[:29]) == 1).all()


def test_what_was_seen_pulls_the_supply() -> None:
    assert forecast.expected(supply=STEADY, start_s=1800, passed_s=7200) == pytest.approx(720)
    assert forecast.expected(supply=STEADY, start_s=1800, passed_s=600) == pytest.approx(60)
    half = forecast.pulled(supply=STEADY, expected_s=1000, seen_s=400, trust_s=200)
    assert half.seconds[0] == pytest.approx(180)


def test_scales_of_the_supply_are_as_if_there_were_so_much() -> None:
    rows = forecast.finish(
        work_s=np.array([7200.0]), supply=STEADY, tail_s=NONE, start_s=0.0, seed=1, scales=(1.0, 2.0, 4.0)
    )
    assert rows[:, 0] == pytest.approx([72_000, 36_000, 18_000])
    assert capacity.grown(people=10, more=10) == 2


def test_more_and_more_people_are_tried_up_to_a_limit() -> None:
    assert [capacity.tries(people)[0] for people in (0, 3, 10)] == [1, 1, 2]
    assert capacity.tries(4)[:5] == [1, 2, 3, 5, 7]
    assert capacity.tries(4)[-1] == capacity.MOST
