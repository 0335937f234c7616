"""Tests that look after each known answer: what they cost and how often they are wrong, by exact computation."""

import numpy as np
import pytest

from quality.agreement import cusum, sprt


@pytest.mark.parametrize(
    ("accuracy", "answers", "exact"),
    [(0.5, 11, 10.80), (0.6, 17, 16.99), (0.7, 28, 28.14), (0.8, 26, 26.25), (0.85, 20, 19.60), (0.9, 15, 14.50)],
)
def test_known_answers_until_a_decision(accuracy, answers, exact):
    """The quality page, section 10, from a simulation; and exact."""
    assert sprt.outlook(accuracy).answers == pytest.approx(answers, abs=0.6)
    assert sprt.outlook(accuracy).answers == pytest.approx(exact, abs=0.005)


def test_wrong_decisions():
    """The quality page, section 10: 4.3 % and 3.9 % in its simulation. Exact 4.2 and 3.3: under the 5 % that were asked for."""
    assert sprt.outlook(sprt.POOR).trusted == pytest.approx(0.0422, abs=5e-5)
    assert 1 - sprt.outlook(sprt.GOOD).trusted == pytest.approx(0.0334, abs=5e-5)


def test_a_step_of_the_ratio_test():
    steps = [sprt.RIGHT, sprt.WRONG, sprt.LIMIT]
    assert steps == pytest.approx([0.348, -0.981, 2.944], abs=5e-4)
    assert sprt.step(0, 1) == sprt.RIGHT
    assert sprt.step(1, 0) == 1 + sprt.WRONG
    assert sprt.step(0, 0.5) == pytest.approx((sprt.RIGHT + sprt.WRONG) / 2)


@pytest.mark.parametrize(("right", "answers", "verdict"), [(1, 9, True), (0, 4, False)])
def test_the_ratio_test_decides_and_stays_with_it(right, answers, verdict):
    state = 0.0
    for _ in range(answers - 1):
        state = sprt.step(state, right)
        assert sprt.decided(state) is None
    state = sprt.step(state, right)
    assert sprt.decided(state) is verdict
    assert sprt.step(state, 1 - right) == state


def median_run(accuracy):
    """Answers until half of the people have raised an alarm, usual accuracy 0.90. Sums are multiples of 0.025."""
    below = round(cusum.ALARM / 0.025)
    states = [0.025 * number for number in range(below)]
    share, answers = np.zeros(below), 0
    share[0] = 1
    moves = [
        (np.array([cusum.step(state, right, 0.9) for state in states]), chance)
        for right, chance in ((1, accuracy), (0, 1 - accuracy))
    ]
    places = [(np.minimum(np.round(after / 0.025).astype(int), below), chance) for after, chance in moves]
    while share.sum() > 0.5:
        share = sum(np.bincount(place, share * chance, minlength=below + 1) for place, chance in places)[:below]
        answers += 1
    return answers


@pytest.mark.parametrize(("accuracy", "page", "exact"), [(0.9, 440, 425), (0.75, 27, 26), (0.6, 11, 12)])
def test_answers_until_a_drift_is_noticed(accuracy, page, exact):
    """The quality page, section 10, from a simulation; and exact."""
    assert median_run(accuracy) == exact
    assert exact == pytest.approx(page, rel=0.04, abs=1)


def test_the_sum_of_surprises():
    assert cusum.step(0, 1, 0.9) == 0
    assert cusum.step(0, 0, 0.9) == pytest.approx(0.825)
    assert cusum.step(1, 0.5, 0.9) == pytest.approx(1.325)
    assert not cusum.alarm(2.9)
    assert cusum.alarm(3)
