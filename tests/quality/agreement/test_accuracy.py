"""What is believed of somebody's accuracy."""

import pytest
from scipy.stats import beta

from quality.agreement.accuracy import Accuracy, fading, usual


def test_it_begins_at_four_right_and_two_wrong():
    newcomer = Accuracy.of(0, 0)
    assert (newcomer.alpha, newcomer.beta, newcomer.mean) == pytest.approx((4, 2, 2 / 3))
    assert newcomer.below(0.6) == pytest.approx(0.337, abs=5e-4)


def test_it_begins_where_the_project_is():
    newcomer = Accuracy.of(0, 0, usual=0.9)
    assert (newcomer.alpha, newcomer.beta) == pytest.approx((5.4, 0.6))
    assert Accuracy.of(8, 2, usual=0.9).mean == pytest.approx((5.4 + 8) / 16)


def test_probabilities_and_interval_are_those_of_the_beta_distribution():
    known = Accuracy.of(30.3, 4.7)
    exact = beta(34.3, 6.7)
    assert known.below(0.7) == pytest.approx(exact.cdf(0.7))
    assert known.above(0.9) == pytest.approx(exact.sf(0.9))
    assert known.interval() == pytest.approx(exact.interval(0.95))
    assert known.interval(0.9) == pytest.approx(exact.interval(0.9))


def test_the_usual_accuracy_of_a_project():
    assert usual(0, 0) == pytest.approx(2 / 3)
    assert usual(900, 100) == pytest.approx(904 / 1006)


def test_old_observations_fade():
    assert [fading(age) for age in (0, 90, 180)] == [1, 0.5, 0.25]
