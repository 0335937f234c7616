"""Where the statistics have no answer, and what they may not depend on."""

import time
from math import isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quality.agreement.alpha import alpha, alpha_by_distance, alpha_of_counts
from quality.agreement.bounds import clopper_pearson, wilson
from quality.agreement.intraclass import icc
from quality.agreement.kappa import apart, fleiss, fleiss_by_class, gwet_ac1, kappa, weighted_kappa
from quality.agreement.matching import box_f1, span_f1
from quality.agreement.pairwise import mean_pairwise, unequal
from quality.agreement.ranks import kendall_w
from quality.agreement.resampling import bootstrap
from quality.agreement.sets import masi

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


answered = st.lists(st.lists(st.integers(0, 3), max_size=5), min_size=1, max_size=12)


def counts_of(units):
    return np.array([np.bincount(np.array(unit, dtype=int), minlength=4) for unit in units])


@given(answered, st.sampled_from(LEVELS))
def test_alpha_of_counts_is_the_same_thing(units, level):
    values = np.full((5, len(units)), np.nan)
    for place, unit in enumerate(units):
        values[: len(unit), place] = unit
    assert alpha_of_counts(counts_of(units), level) == pytest.approx(alpha(values, level), nan_ok=True)


@given(answered)
def test_alpha_with_masi_of_single_choices_is_nominal(units):
    chosen = [[{answer} for answer in unit] for unit in units]
    found = alpha_by_distance(chosen, lambda a, b: 1 - masi(a, b))
    assert found == pytest.approx(alpha_of_counts(counts_of(units)), nan_ok=True)


def test_alpha_of_ninety_thousand_labels_takes_milliseconds():
    """11,040 tasks, 92,721 labels of four classes, from the columns of a store to the number."""
    draw = np.random.default_rng(0)
    task, label = draw.integers(0, 11_040, 92_721), draw.integers(0, 4, 92_721)

    def once():
        began = time.process_time()
        alpha_of_counts(np.bincount(task * 4 + label, minlength=4 * 11_040).reshape(-1, 4))
        return time.process_time() - began

    assert min(once() for _ in range(5)) < 0.05


@given(st.lists(st.lists(st.integers(0, 20), min_size=3, max_size=3), min_size=3, max_size=3))
def test_plain_kappa_weighs_all_confusions_the_same(table):
    found = weighted_kappa(table, 7 * (1 - np.eye(3)))
    assert found == pytest.approx(kappa(table), nan_ok=True)


def test_squared_steps_forgive_neighbours():
    near, far = [[9, 1, 0], [1, 9, 1], [0, 1, 9]], [[9, 0, 1], [0, 10, 0], [2, 0, 9]]
    assert apart(3).tolist() == [[0, 1, 4], [1, 0, 1], [4, 1, 0]]
    assert weighted_kappa(near, apart(3)) > weighted_kappa(near, apart(3, power=1)) > kappa(near)
    assert weighted_kappa(far, apart(3)) < kappa(far)


def test_gwet_holds_where_nearly_everything_is_one_class():
    counts = [[2, 0]] * 95 + [[1, 1]] * 5
    assert fleiss(counts) < 0
    assert gwet_ac1(counts) > 0.9


def test_classes_of_fleiss_average_to_the_whole():
    counts = np.array([[3, 0, 0], [2, 1, 0], [0, 3, 0], [0, 1, 2], [1, 1, 1]])
    share = counts.sum(axis=0) / counts.sum()
    by_class = fleiss_by_class(counts)
    assert (by_class * share * (1 - share)).sum() / (share * (1 - share)).sum() == pytest.approx(fleiss(counts))
    assert np.isnan(fleiss_by_class([[2, 0], [2, 0]])).all()


@pytest.mark.parametrize("statistic", [fleiss, gwet_ac1])
@pytest.mark.parametrize(
    "counts", [np.empty((0, 2)), [[1, 0], [0, 1]], [[0, 0], [0, 0]]], ids=["no unit", "alone", "silent"]
)
def test_agreement_of_nobody_with_anybody_is_not_defined(statistic, counts):
    assert isnan(statistic(counts))
    assert np.isnan(fleiss_by_class(counts)).all()


def test_intraclass_correlation_at_the_edges():
    alike = icc([[1, 2, 3], [1, 2, 3]])
    assert (alike.one_way, alike.random, alike.fixed) == pytest.approx((1, 1, 1))
    apart_by_two = icc([[1, 2, 3, 5], [3, 4, 5, 7]])
    assert apart_by_two.fixed == pytest.approx(1)
    assert apart_by_two.random < 0.7
    for nothing in ([[1, 2, 3]], [[1], [2]], [[0.1, 0.1, 0.1], [0.1, 0.1, 0.1]]):
        assert isnan(icc(nothing).random_mean)
    with pytest.raises(ValueError, match="rated every unit"):
        icc([[1, np.nan], [2, 3]])


def test_concordance_at_the_edges():
    assert kendall_w([[1, 2, 3, 3], [10, 20, 30, 30]]) == pytest.approx(1)
    assert kendall_w([[1, 2, 3], [3, 2, 1]]) == pytest.approx(0)
    assert isnan(kendall_w([[1, 1], [1, 1]]))
    assert isnan(kendall_w([[1], [2]]))
    with pytest.raises(ValueError, match="ranked every unit"):
        kendall_w([[1, np.nan], [2, 3]])


def test_marks_in_common():
    mine, yours = {("d", 0, 4, "LOC"), ("d", 7, 9, "PER")}, {("d", 0, 4, "LOC"), ("d", 7, 9, "ORG"), ("d", 7, 8, "PER")}
    assert span_f1(mine, yours) == pytest.approx(2 / 5)
    assert span_f1(set(), set()) == 1
    boxes = {"cat": np.array([[0.0, 0, 10, 10], [20, 0, 10, 10]]), "dog": np.array([[0.0, 0, 10, 10]])}
    others = {"cat": np.array([[0.0, 0, 10, 8], [20, 0, 10, 4], [0, 1, 10, 10]]), "cow": np.array([[0.0, 0, 10, 10]])}
    assert box_f1(boxes, others) == pytest.approx(2 * 1 / 7)
    assert box_f1(boxes, others, least=0.4) == pytest.approx(2 * 2 / 7)
    assert box_f1({}, {}) == 1


def test_an_interval_by_resampling():
    """The mean of a hundred coins: the interval is that of the normal distribution, nearly."""
    coins = np.repeat([0.0, 1.0], 50)
    low, high = bootstrap(lambda drawn: float(coins[drawn].mean()), 100)
    assert (low, high) == pytest.approx((0.402, 0.598), abs=0.02)
    assert bootstrap(lambda drawn: float(coins[drawn].mean()), 100) == (low, high)
    assert bootstrap(lambda drawn: float(coins[drawn].mean()), 100, seed=1) != (low, high)
    assert all(isnan(bound) for bound in bootstrap(lambda _: float("nan"), 3) + bootstrap(lambda _: 1.0, 0))


def test_the_interval_holds_the_truth_as_often_as_it_says():
    draw = np.random.default_rng(5)
    held = 0
    for seed in range(100):
        agree = draw.random(60) < 0.7
        low, high = bootstrap(lambda drawn, agree=agree: float(agree[drawn].mean()), 60, draws=200, seed=seed)
        held += low <= 0.7 <= high
    assert 88 <= held <= 99


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
