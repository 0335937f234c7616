from datetime import UTC, datetime

import pytest

from benchmarks.simulator import measures

HOUR = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("values", "index"), [([1, 1, 1, 1], 0.0), ([0, 0, 0, 1], 0.75), ([1, 3], 0.25), ([0, 0], 0.0)]
)
def test_gini(values, index):
    assert measures.gini(values) == pytest.approx(index)


@pytest.mark.parametrize(("values", "index"), [([5, 5], 1.0), ([1, 0, 0, 0], 0.25), ([1, 3], 0.8)])
def test_jain(values, index):
    assert measures.jain(values) == pytest.approx(index)


def test_overtaken_by_what_came_too_long_after_it():
    urgent = [(1, "urgent", 4_000.0, 10.0, False), (1, "urgent", 0.0, 20.0, False), (1, "urgent", 900.0, 30.0, False)]
    assert measures.overtaken(urgent) == 1


def test_a_deadline_may_overtake_anything_and_queues_do_not_meet():
    rows = [(1, "urgent", 9_000.0, 10.0, True), (1, "urgent", 0.0, 20.0, False), (2, "urgent", 9_000.0, 30.0, False)]
    assert measures.overtaken(rows) == 0


def test_the_floor_is_the_least_share_of_an_hour_in_which_work_was_open():
    later = HOUR.replace(hour=10)
    received = {
        (HOUR, 1, "bulk"): 10.0,
        (HOUR, 1, "urgent"): 90.0,
        (later, 1, "bulk"): 50.0,
        (later, 1, "urgent"): 50.0,
    }
    assert measures.floors(received, {(HOUR, 1, "bulk"), (later, 1, "bulk")}) == {"standard": 1.0, "bulk": 0.1}


def test_organizations_with_open_work_are_compared_class_by_class():
    received = {(HOUR, 1, "bulk"): 30.0, (HOUR, 2, "bulk"): 10.0, (HOUR, 3, "bulk"): 500.0}
    assert measures.shared(received, {(HOUR, 1, "bulk"), (HOUR, 2, "bulk")}) == pytest.approx(0.8)
    assert measures.shared(received, {(HOUR, 1, "bulk")}) == 1.0


def test_nobody_waits_longer_than_age_max_and_the_longest_line_served_by_the_class_s_own_share():
    most = measures.bounds(peaks={"urgent": 73, "bulk": 60}, answer_s=30.0, online=10.0)
    assert most["urgent"] == pytest.approx(3_600 + 73 * 30 / 7.3)
    assert most["standard"] == 86_400
    assert most["bulk"] == pytest.approx(7 * 86_400 + 60 * 30 / 0.5)
