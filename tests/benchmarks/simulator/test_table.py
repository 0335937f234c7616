from dataclasses import replace

import pytest

from benchmarks.simulator import table
from benchmarks.simulator.measures import Measures, Waits

WAITS = Waits(tasks=100, completed=90, leased=(60.0, 120.0, 600.0), done=(90.0, 180.0, 9_000.0), most=3_600.0)
OURS = Measures(
    policy="ours", answers=300, due=100, missed=2, waits=dict.fromkeys(table.CLASSES, WAITS), overtaken=0,
    floor={"standard": 0.4, "bulk": 0.1}, jain=0.9, gini=0.1, utilisation=0.95, answers_per_task=1.8, cost_per_task=4.0,
    over_assigned=0, duplicates=0, rounds=10, round_cpu_ms=5.0, digest="", seconds=60.0,
)  # fmt: skip
FCFS = replace(OURS, policy="fcfs", missed=60)


def test_the_days_stand_side_by_side():
    lines = table.markdown([OURS, FCFS]).splitlines()
    assert lines[0] == "| | ours | fcfs |"
    assert "| deadlines missed | 2 of 100 (2.00%) | 60 of 100 (60.00%) |" in lines
    assert "| urgent: open to result, 50 % · 95 % · longest | 1.5 min · 3.0 min · 2.5 h" in lines[6]


def test_everything_is_kept():
    assert table.broken([OURS, FCFS]) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"missed": 13}, "not 5 times fewer"),
        ({"gini": 0.2}, "Gini"),
        ({"overtaken": 1}, "overtaken"),
        ({"over_assigned": 1}, "over-assigned"),
        ({"duplicates": 1}, "twice"),
        ({"utilisation": 0.92}, "idle"),
        ({"waits": {"bulk": replace(WAITS, most=599.0)}}, "starved"),
    ],
)
def test_what_is_not_kept_is_said(change, words):
    (said,) = table.broken([replace(OURS, **change), FCFS])
    assert words in said


def test_without_the_product_there_is_nothing_to_keep():
    assert table.broken([FCFS]) == []
