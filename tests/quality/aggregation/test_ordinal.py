"""Readers of a scale: near misses, biases, guesses and habits; the same from a fit and from what it leaves behind."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quality.aggregation import ordinal
from quality.aggregation.calibration import Calibration
from quality.aggregation.fitting import fit, learn
from quality.aggregation.skills import Ballot, update
from tests.quality.aggregation.scales import raters, store_of

labels = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4), st.integers(0, 3)), min_size=1, max_size=30)


def off(posterior, truth):
    """Mean distance of the likeliest step from the true one."""
    return abs(posterior.argmax(axis=1) - truth).mean()


@pytest.mark.parametrize("steps", [2, 3, 5, 9, 21])
def test_kinds_answer_something(steps):
    kinds = ordinal.kinds(steps)
    assert kinds.theta.sum(axis=2) == pytest.approx(1)
    assert (kinds.theta > 0).all()
    assert kinds.even.sum() == pytest.approx(1)


def test_nearer_to_the_truth_than_the_median_and_the_default():
    gains = []
    for seed in range(3):
        rows, truth = raters(seed)
        found = learn(store_of(rows, 5), "ordinal").posteriors()[1]
        said = [sorted(step for task, _, step in rows if task == number) for number in range(len(truth))]
        middle = np.array([(steps[1] + steps[2]) / 2 for steps in said])
        usual = learn(store_of(rows, 5), "auto").posterior(0.5)
        gains.append((abs(middle - truth).mean() - off(found, truth), off(usual, truth) - off(found, truth)))
    assert np.min(gains) > 0.05


def test_what_is_said_with_nine_tenths_is_right_nine_times_in_ten():
    sure, right = [], []
    for seed in range(3):
        rows, truth = raters(seed, answers=5)
        found = learn(store_of(rows, 5), "ordinal").posteriors()[1]
        sure += found.max(axis=1).tolist()
        right += (found.argmax(axis=1) == truth).tolist()
    assert np.mean(right) == pytest.approx(np.mean(sure), abs=0.06)


def test_the_scale_turned_round_turns_the_posteriors_round():
    rows, _ = raters(4, tasks=40)
    turned = [(f"t{99 - task}", f"w{50 - worker}", 4 - step) for task, worker, step in rows]
    one, other = fit(store_of(rows, 5), "ordinal"), fit(store_of(turned, 5), "ordinal")
    assert other.posterior[::-1, ::-1] == pytest.approx(one.posterior, abs=1e-6)


@settings(max_examples=15)
@given(rows=labels)
def test_the_bound_never_falls(rows):
    found = ordinal.fit(store_of(rows, 4))
    for before, after in zip(found.objective, found.objective[1:], strict=False):
        assert after >= before - 1e-9 * abs(before)
    assert found.posterior.sum(axis=1) == pytest.approx(1)


def test_further_steps_change_no_decision():
    rows, _ = raters(5, tasks=60)
    one, more = ordinal.fit(store_of(rows, 5)), ordinal.fit(store_of(rows, 5), tol=0, max_iter=300)
    assert (one.posterior.argmax(axis=1) == more.posterior.argmax(axis=1)).mean() >= 0.98


def test_three_who_lean_alike_are_seen_through_by_known_tasks():
    """All say a step too much; known tasks tell."""
    rows = [(task, worker, min(task % 5 + 1, 4)) for task in range(60) for worker in range(3)]
    gold = np.where(np.arange(60) < 30, np.arange(60) % 5, -1)
    found = learn(store_of(rows, 5), "ordinal", gold=gold)
    later = found.posteriors()[1][30:]
    truth = np.arange(30, 60) % 5
    assert (later.argmax(axis=1)[truth < 3] == truth[truth < 3]).all()


def test_a_near_miss_tells_more_than_a_far_one():
    skills = learn(store_of(raters(6)[0], 5), "ordinal").skills()
    belief = update([Ballot(3, 999)], skills, Calibration.even(0.0))
    assert belief[3] > belief[2] > belief[1] > belief[0]


def test_one_task_from_skills_is_as_in_the_fit():
    rows, _ = raters(7)
    fitted = learn(store_of(rows, 5), "ordinal")
    skills, posterior = fitted.skills(), fitted.posterior(0.0)
    for number in range(0, 120, 13):
        ballots = [Ballot(step, worker, seen=True) for task, worker, step in rows if task == number]
        assert update(ballots, skills, Calibration.even(0.0)) == pytest.approx(posterior[number], abs=0.01)


def test_blocks_make_no_difference(monkeypatch):
    rows, _ = raters(8, tasks=30)
    found = learn(store_of(rows, 5), "ordinal")
    whole = found.posteriors()[1]
    monkeypatch.setattr("quality.aggregation.store.BLOCK", 7)
    assert found.posteriors()[1] == pytest.approx(whole)


def test_other_confusions_are_refused():
    store = store_of(raters(9, tasks=10)[0], 5)
    other = learn(store, "auto").by_confusion
    with pytest.raises(TypeError):
        ordinal.held_out(store, other.confusions, other.posterior)
