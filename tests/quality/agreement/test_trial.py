"""Who is good enough: the fast test, then the watch, then another chance."""

from hypothesis import given
from hypothesis import strategies as st

from quality.agreement.sprt import LIMIT
from quality.agreement.trial import NEW, PROBATION, TRUSTED, Trial, falls, trial

outcomes = st.lists(st.floats(0, 1), max_size=60)


def test_somebody_of_whom_nothing_is_known_is_new():
    assert trial([]) == Trial(NEW, 0.0, 0.0)
    assert trial([1.0] * 8).standing == NEW


def test_nine_right_ones_in_a_row_are_enough():
    assert trial([1.0] * 9).standing == TRUSTED


def test_four_wrong_ones_in_a_row_are_enough_and_the_test_begins_anew():
    assert trial([0.0] * 4) == Trial(PROBATION, 0.0, 0.0)
    assert trial([0.0] * 4 + [1.0] * 8).standing == PROBATION
    assert trial([0.0] * 4 + [1.0] * 9).standing == TRUSTED


def test_a_fall_after_the_test_is_seen_within_a_dozen():
    after = [1.0] * 30 + [0.0, 1.0] * 6
    seen = [trial(after[:n]).standing for n in range(9, len(after) + 1)]
    assert seen[:22] == [TRUSTED] * 22
    assert PROBATION in seen


def test_the_sum_of_the_watch_is_told_up_to_the_alarm_and_not_while_the_test_runs():
    seen = falls([1.0] * 30 + [0.0] * 4 + [1.0])
    assert seen[:9] == [None] * 9
    assert seen[9:30] == [0.0] * 21
    assert seen[30:33] == sorted(seen[30:33])
    assert seen[32] < 3 <= seen[33]
    assert seen[34] is None


def test_one_mistake_is_no_fall():
    assert trial([1.0] * 30 + [0.0]).standing == TRUSTED


@given(outcomes)
def test_it_is_told_step_by_step_and_at_once_alike(given_):
    state = trial(given_)
    assert state.standing in {NEW, TRUSTED, PROBATION}
    assert 0 <= state.drift < 3
    assert abs(state.evidence) < LIMIT or state.standing == TRUSTED
    last = [None, *falls(given_)][-1]
    assert last is None or state == Trial(PROBATION) or (state.standing, state.drift) == (TRUSTED, last)
