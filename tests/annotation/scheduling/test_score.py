"""The score between queues: every term in 0..1, the weights sum to 1, the class before everything; who gets which seat."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from annotation.scheduling import fairshare, match, score


def queues(**values):
    defaults = {
        "classes": [1], "slack_s": [np.nan], "age_s": [0.0], "priority": [0.0], "fair_share": [1.0], "pay_hour": [1.0], "reach": [1.0],
    }  # fmt: skip
    given = {**defaults, **values}
    kinds = {"classes": np.int64}
    return score.of_queues(**{name: np.array(each, kinds.get(name, float)) for name, each in given.items()})


def people(**values):
    defaults = {"alpha": [[4.0]], "beta": [[2.0]], "scored": [[0.0]], "streak": [[0]]}
    given = {name: np.array(each) for name, each in {**defaults, **values}.items()}
    return score.of_people(**given, rng=None)


def test_the_weights_are_a_mean():
    assert sum(score.WEIGHTS.values()) == pytest.approx(1)
    assert set(queues()) | set(people()) == set(score.TERMS)


def test_urgency_grows_as_the_slack_shrinks():
    found = queues(
        classes=[0, 0, 0, 0], slack_s=[np.nan, 3600, 1800, -5], age_s=[0] * 4, priority=[0] * 4, fair_share=[1] * 4,
        pay_hour=[1] * 4,
        reach=[1] * 4,
    )["urgency"]  # fmt: skip
    assert found.tolist() == [0, 0, 0.5, 1]


def test_age_is_measured_by_the_class():
    found = queues(
        classes=[0, 1, 2],
        age_s=[1800] * 3,
        slack_s=[np.nan] * 3,
        priority=[0] * 3,
        fair_share=[1] * 3,
        pay_hour=[1] * 3,
        reach=[1] * 3,
    )["age"]
    assert found == pytest.approx([0.5, 1800 / 86_400, 1800 / 604_800])


def test_who_is_new_is_tried_and_who_is_good_is_preferred():
    found = people(alpha=[[4, 90, 55]], beta=[[2, 10, 45]], scored=[[0, 100, 100]], streak=[[0, 49, 50]])
    assert found["exploration"].tolist() == [[1, 0, 0]]
    assert found["fit"][0] == pytest.approx([(4 / 6 - 0.6) / 0.3, 1, 0])
    assert found["continuity"].tolist() == [[0, 1, 0]]


@given(
    data=st.data(), count=st.integers(1, 6), folk=st.integers(1, 4),
)  # fmt: skip
def test_every_term_and_the_total_stay_within_0_and_1(data, count, folk):
    numbers = st.floats(-1e7, 1e7)
    share = st.floats(0, 1)
    terms = score.of_queues(
        classes=data.draw(arrays(np.int64, count, elements=st.integers(0, 3))),
        slack_s=data.draw(arrays(float, count, elements=st.one_of(numbers, st.just(np.nan)))),
        age_s=data.draw(arrays(float, count, elements=st.floats(0, 1e8))),
        priority=data.draw(arrays(float, count, elements=st.floats(0, 100))),
        fair_share=data.draw(arrays(float, count, elements=share)),
        reach=data.draw(arrays(float, count, elements=share)),
        pay_hour=data.draw(arrays(float, count, elements=st.floats(0, 1e6))),
    ) | score.of_people(
        alpha=data.draw(arrays(float, (folk, count), elements=st.floats(0.1, 1e4))),
        beta=data.draw(arrays(float, (folk, count), elements=st.floats(0.1, 1e4))),
        scored=data.draw(arrays(float, (folk, count), elements=st.floats(0, 1e4))),
        streak=data.draw(arrays(np.int64, (folk, count), elements=st.integers(0, 100))),
        rng=np.random.default_rng(1),
    )
    for name, term in terms.items():
        assert ((term >= 0) & (term <= 1)).all(), name
    total = score.total(terms)
    assert total.shape == (folk, count)
    assert ((total >= 0) & (total <= 1 + 1e-12)).all()


def test_a_class_outweighs_any_score():
    worth = score.benefit(np.array([0, 1]), np.array([[0.0, 1.0]]))
    assert worth[0, 0] > worth[0, 1] > 0


# --- Fair share -----------------------------------------------------------------------------------------------------
def test_who_used_just_their_share_counts_half():
    found = fairshare.factor(np.array([50.0, 50.0]), np.array([1.0, 1.0]))
    assert found == pytest.approx([0.5, 0.5])
    assert fairshare.factor(np.array([0.0, 100.0]), np.array([1.0, 1.0])) == pytest.approx([1, 0.25])


def test_a_share_without_work_is_lent():
    assert fairshare.factor(np.array([60.0, 40.0]), np.array([1.0, 0.0])) == pytest.approx([2**-0.6, 0])


def test_classes_behind_their_floor():
    assert fairshare.behind({"urgent": 90, "standard": 10}) == {"standard": 0.20, "bulk": 0.05, "training": 0.02}
    assert fairshare.behind({"standard": 90, "bulk": 10, "training": 5}) == {}
    assert fairshare.behind({}) == {}


# --- Matching -------------------------------------------------------------------------------------------------------
def test_the_matching_is_the_best_one():
    row, col = np.array([0, 0, 1]), np.array([0, 1, 0])
    who, what = match.solve(row, col, np.array([5.0, 4.0, 3.0]), 2, 2)
    assert dict(zip(who.tolist(), what.tolist(), strict=True)) == {0: 1, 1: 0}  # 7, not 5


def test_greedy_is_at_least_half_as_good_and_never_doubles():
    rng = np.random.default_rng(3)
    row, col = (each.ravel() for each in np.meshgrid(np.arange(9), np.arange(7), indexing="ij"))
    benefit = rng.random(len(row))
    value = {}
    for name, (who, what) in {
        "exact": match.solve(row, col, benefit, 9, 7),
        "greedy": match.greedy(row, col, benefit),
    }.items():
        assert len(set(who.tolist())) == len(who) == len(set(what.tolist())) == 7
        value[name] = benefit[who * 7 + what].sum()
    assert value["exact"] / 2 <= value["greedy"] <= value["exact"]


def test_nobody_is_matched_without_an_edge():
    empty = np.zeros(0, np.int64)
    assert [len(each) for each in match.solve(empty, empty, np.zeros(0), 3, 2)] == [0, 0]


@given(
    worth=arrays(float, (7, 5), elements=st.one_of(st.just(-np.inf), st.floats(1, 9))),
    free=arrays(np.int64, 5, elements=st.integers(0, 4)),
)
def test_queues_serve_no_more_than_their_seats_and_only_who_may(worth, free):
    found = match.choose_queues(worth, free)
    served = np.bincount(found[found >= 0], minlength=5)
    assert (served <= free).all()
    assert all(np.isfinite(worth[person, queue]) for person, queue in enumerate(found) if queue >= 0)
    for person in range(7):  # with seats enough for all who may, everybody is served
        if found[person] < 0:
            open_ = np.isfinite(worth[person])
            assert (served[open_] >= np.minimum(free[open_], 1)).all()


def test_with_seats_for_all_each_gets_their_best():
    worth = np.random.default_rng(5).random((50, 12)) + 1
    found = match.choose_queues(worth, np.full(12, 50))
    assert found.tolist() == worth.argmax(axis=1).tolist()


@given(free=st.lists(st.integers(1, 3), min_size=1, max_size=20), people=st.integers(1, 12))
def test_tasks_go_out_in_order_and_never_over_their_seats(free, people):
    seats = np.array(free)
    person, task = match.near(people, seats)
    assert len(set(zip(person.tolist(), task.tolist(), strict=True))) == len(person)
    worth = score.of_tasks(gain=np.zeros(len(task)), place=task / len(seats))
    who, what = match.choose_tasks(person, task, worth, people, seats)
    taken = np.bincount(what, minlength=len(seats))
    assert (taken <= seats).all()
    assert len(set(who.tolist())) == len(who)
    if people == 1:
        assert what.tolist() == [0]


def test_the_surest_people_get_the_most_doubtful_tasks():
    seats = np.ones(2, np.int64)
    person, task = match.near(1, seats)
    doubt = np.array([0.1, 0.9])
    who, what = match.choose_tasks(person, task, score.of_tasks(gain=doubt[task] * 0.9, place=task / 2), 1, seats)
    assert (who.tolist(), what.tolist()) == ([0], [1])
