"""The table behind a reliability plot: by hand, and what holds of it always."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quality.aggregation.calibration import SHARES
from quality.aggregation.reliability import Bin, assess, reliability
from quality.agreement.bounds import wilson

stated = st.lists(st.tuples(st.floats(0.5, 1), st.booleans()), min_size=1, max_size=80)


def two(rows):
    """Posteriors over two classes, and the truth, of (confidence, right)."""
    sure = np.array([confidence for confidence, _ in rows])
    return np.stack([sure, 1 - sure], axis=1), np.array([0 if right else 1 for _, right in rows])


def test_by_hand():
    """Four tasks: with fewer than ten each is a bin of its own, but equal statements stay together."""
    found = reliability(*two([(0.9, True), (0.9, False), (0.6, True), (0.8, True)]))
    assert found.bins == [
        Bin(1, 0.6, 1.0, *wilson(1, 1)),
        Bin(1, pytest.approx(0.8), 1.0, *wilson(1, 1)),
        Bin(2, pytest.approx(0.9), 0.5, *wilson(1, 2)),
    ]
    assert found.brier == pytest.approx((0.01 + 0.81 + 0.16 + 0.04) / 4)
    assert found.error == pytest.approx((abs(1.8 - 1) + 0.4 + 0.2) / 4)


def test_ten_bins_of_equal_mass():
    draw = np.random.default_rng(1)
    found = reliability(*two(list(zip(draw.uniform(0.5, 1, 200).tolist(), draw.random(200) < 0.8, strict=True))))
    assert [each.n for each in found.bins] == [20] * 10


@given(rows=stated, seed=st.integers(0, 9))
def test_whatever_the_order(rows, seed):
    posterior, truth = two(rows)
    order = np.random.default_rng(seed).permutation(len(rows))
    one, other = reliability(posterior, truth), reliability(posterior[order], truth[order])
    assert [(each.n, each.right) for each in one.bins] == [(each.n, each.right) for each in other.bins]
    assert sum(each.n for each in one.bins) == len(rows)
    assert len(one.bins) <= 10
    assert all(each.low <= each.right <= each.high for each in one.bins)
    assert 0 <= one.brier <= 1
    assert one.error == pytest.approx(other.error)


def test_a_part_is_judged_by_what_the_others_teach():
    """Labels that say nothing: nothing is made of them, and no setting is fitted to the very tasks that judge it."""
    draw = np.random.default_rng(3)
    sure, truth = draw.dirichlet(np.full(2, 0.1), 100), draw.integers(0, 2, 100)
    found = assess(sure, sure, truth, SHARES)
    assert found.brier > 0.2
    assert found.error < reliability(sure, truth).error / 2
