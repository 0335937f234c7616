"""May a deadline be promised?"""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from annotation.scheduling.admission import feasible

HOURLY = np.full(100, 3600.0)


def may(due_h: list[float], need_h: list[float]) -> tuple[bool, list[float]]:
    met, earliest = feasible(due_s=np.array(due_h) * 3600, need_s=np.array(need_h) * 3600, supply_s=HOURLY, margin=1.0)
    return met, [round(each / 3600, 6) for each in earliest]


def test_one_batch_needs_its_own_time() -> None:
    assert may([5], [4]) == (True, [4])
    assert may([3], [4]) == (False, [4])
    assert feasible(due_s=np.array([3600.0]), need_s=np.array([3000.0]), supply_s=HOURLY)[0]
    assert not feasible(due_s=np.array([3600.0]), need_s=np.array([3100.0]), supply_s=HOURLY)[0]


def test_a_new_batch_goes_before_others_only_as_far_as_they_still_make_it() -> None:
    assert may([10, 5], [4, 5]) == (True, [9, 5])
    assert may([10, 4], [4, 5])[1] == [9, 5]
    assert may([6, 10], [3, 8])[1] == [11, 11]
    assert may([3, 4], [2, 4])[1] == [6, 6]


def test_beyond_the_supply_there_is_no_deadline() -> None:
    assert may([10], [101]) == (False, [float("inf")])


batches = st.lists(st.tuples(st.floats(0.5, 90), st.floats(0.1, 20)), min_size=1, max_size=6)


@given(batches)
def test_the_earliest_deadline_can_be_promised_if_the_others_can(given_: list[tuple[float, float]]) -> None:
    due, need = (np.array(each) * 3600 for each in zip(*given_, strict=True))
    others = feasible(due_s=due[1:], need_s=need[1:], supply_s=HOURLY)[0]
    _met, earliest = feasible(due_s=due, need_s=need, supply_s=HOURLY)
    if others and np.isfinite(earliest[0]):
        assert feasible(due_s=np.array([earliest[0] + 1, *due[1:]]), need_s=need, supply_s=HOURLY)[0]
    if feasible(due_s=due, need_s=need, supply_s=HOURLY)[0]:
        assert earliest[0] <= due[0] + 1
