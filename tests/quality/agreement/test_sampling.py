"""Drawing from strata, and estimates that weigh by the probability to be drawn."""

from math import isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quality.agreement.bounds import wilson
from quality.agreement.sampling import allocate, draw, horvitz_thompson, stratified


@pytest.mark.parametrize(
    ("sizes", "n", "counts"),
    [
        ([500, 300, 200], 10, [5, 3, 2]),
        ([990, 10, 0], 20, [19, 1, 0]),  # 0.2 of an item is one item
        ([334, 333, 333], 100, [34, 33, 33]),
        ([1000, 1, 1, 1], 4, [1, 1, 1, 1]),
        ([10, 10, 10], 2, [1, 1, 0]),  # too few for one of each
        ([3, 5], 8, [3, 5]),
        ([3, 5], 0, [0, 0]),
        ([], 0, []),
    ],
)
def test_allocation(sizes, n, counts):
    assert allocate(sizes, n).tolist() == counts


@given(st.lists(st.integers(0, 400), min_size=1, max_size=6), st.data())
def test_allocation_is_as_fair_as_whole_numbers_can_be(sizes, data):
    n = data.draw(st.integers(0, sum(sizes)))
    counts = allocate(sizes, n)
    assert counts.sum() == n
    assert (counts <= sizes).all()
    if n >= np.count_nonzero(sizes):
        assert (counts[np.array(sizes) > 0] > 0).all()
    fair = n * np.array(sizes) / max(sum(sizes), 1)
    if (fair[np.array(sizes) > 0] >= 1).all():
        assert (np.abs(counts - fair) < 1).all()


def test_more_than_there_is_cannot_be_drawn():
    with pytest.raises(ValueError, match="more to draw"):
        allocate([3, 5], 9)


def test_a_draw_takes_each_item_with_the_probability_it_states():
    stratum = np.repeat([0, 2, 3], [5, 40, 15])
    random = np.random.default_rng(0)
    times, stated = np.zeros(60), np.zeros(60)
    for _ in range(2000):
        drawn = draw(stratum, 18, random)
        assert len(drawn.items) == 18
        times[drawn.items] += 1
        stated[drawn.items] = drawn.pi
    assert np.unique(stated[:5]) == [0.4]  # 1.5 of 5, rounded
    assert times / 2000 == pytest.approx(stated, abs=0.045)


def test_the_same_generator_draws_the_same():
    stratum = np.arange(100) % 3
    one, other = (draw(stratum, 20, np.random.default_rng(7)) for _ in range(2))
    assert one.items.tolist() == other.items.tolist()
    assert one.items.tolist() == sorted(set(one.items.tolist()))


def test_an_estimate_weighs_each_error_by_what_it_stands_for():
    errors, pi = [1, 0, 1, 0, 0, 1], [1, 1, 1, 0.1, 0.1, 0.1]
    estimate = horvitz_thompson(errors, pi, 33)
    assert estimate.share == pytest.approx((2 + 10) / 33)
    assert estimate.variance == pytest.approx(0.9 / 0.01 / 33**2)
    low, high = (30 / 33 * limit for limit in wilson(1 / 0.9, 3 / 0.9))
    assert (estimate.low, estimate.high) == pytest.approx((2 / 33 + low, 2 / 33 + high))


def test_an_estimate_of_what_was_seen_whole_is_certain():
    for estimate in (horvitz_thompson([1, 0, 0, 0], [1] * 4, 4), stratified([1, 0], [1, 3], [1, 3])):
        assert (estimate.share, estimate.variance, estimate.low, estimate.high) == (0.25, 0, 0.25, 0.25)


def test_what_was_not_looked_at_may_be_anything():
    estimate = horvitz_thompson([1, 0], [1, 1], 8)
    assert (estimate.low, estimate.high) == (0.125, 0.875)
    for nothing in (horvitz_thompson([], [], 9), stratified([0, 0], [0, 0], [4, 5])):
        assert isnan(nothing.share)
        assert (nothing.low, nothing.high) == (0, 1)


@pytest.mark.parametrize("errors", [[0, 0, 0], [15, 60, 225]])
def test_unanimous_strata_are_a_plain_sample_of_a_lot(errors):
    """All or none wrong: Wilson's interval of the whole sample, larger by what was not put back."""
    estimate = stratified(errors, [15, 60, 225], [100, 400, 1500])
    n = 300 / (1 - 300 / 2000)
    assert (estimate.low, estimate.high) == pytest.approx(wilson(estimate.share * n, n))


def test_strata_that_differ_say_more_than_a_plain_sample():
    mixed, apart = (stratified(errors, [100, 100, 100], [900, 900, 900]) for errors in ([30, 30, 30], [85, 3, 2]))
    assert mixed.share == pytest.approx(apart.share) == 0.3
    assert apart.high - apart.low < 0.8 * (mixed.high - mixed.low)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 300)), min_size=1, max_size=5))
def test_the_interval_holds_the_estimate(strata):
    errors, right, rest = (np.array(column) for column in zip(*strata, strict=True))
    estimate = stratified(errors, errors + right, errors + right + rest)
    if not isnan(estimate.share):
        assert 0 <= estimate.low <= estimate.share + 1e-9
        assert estimate.share - 1e-9 <= estimate.high <= 1


@pytest.mark.parametrize(("certain", "others"), [(0.2, 0.01), (0.05, 0.03), (0.4, 0.005)])
def test_the_interval_of_a_review_stream_covers_the_truth(certain, others):
    """All of the uncertain fifth is reviewed and a tenth of the rest: 95 %, within what 800 seeded draws can tell."""
    random, covered = np.random.default_rng(4), []
    pi = np.repeat([1.0, 0.1], [600, 2400])
    for _ in range(800):
        wrong = random.random(3000) < np.where(pi == 1, certain, others)
        drawn = random.random(3000) < pi
        estimate = horvitz_thompson(wrong[drawn], pi[drawn], 3000)
        covered.append(estimate.low <= wrong.mean() <= estimate.high)
    assert 0.925 <= np.mean(covered) <= 0.975
