"""Strengths of sources from many tasks: who is better, how sure that is, and what cannot be said."""

import numpy as np
import pytest

from quality.aggregation.standings import Apart, Ranked, standings

WORTH = {"a": 1.5, "b": 0.5, "c": -0.5, "d": -1.5}


def ranked(seed, *, tasks=40, size=4, guessers=()):
    """Three people rank some sources of each task, as Plackett and Luce would have it; guessers at random."""
    draw = np.random.default_rng(seed)
    rows = []
    for task in range(tasks):
        shown = draw.choice(sorted(WORTH), size, replace=False)
        for person in range(3):
            seen = {key: (0 if person in guessers else WORTH[key]) + draw.gumbel() for key in shown.tolist()}
            rows.append(Ranked(task, person, [[key] for key in sorted(seen, key=seen.get, reverse=True)]))
    return rows


@pytest.mark.parametrize(("size", "pairs"), [(4, False), (2, True), (2, False)])
def test_the_better_stand_higher_and_the_truth_lies_inside(size, pairs):
    found = standings(ranked(1, tasks=80, size=size), pairs=pairs, draws=30)
    assert [each.source for each in found] == ["a", "b", "c", "d"]
    for each in found:
        assert each.low < each.chance < each.high
        assert each.low - 0.05 < 1 / (1 + np.exp(-WORTH[each.source])) < each.high + 0.05
    assert sum(each.n for each in found) == 80 * 3 * size


def test_who_guesses_counts_for_little():
    honest = standings(ranked(2), pairs=False, draws=2)[0].chance
    diluted = standings(ranked(2, guessers=(2,)), pairs=False, draws=2)[0].chance
    assert diluted > honest - 0.08


def test_a_tie_is_half_a_win_for_each():
    rows = [Ranked(task, 1, [["x", "y"]]) for task in range(20)]
    one, other = standings(rows, pairs=True, draws=5)
    assert (one.source, other.source) == ("x", "y")
    assert one.chance == pytest.approx(0.5)
    won = [*rows, *(Ranked(20 + task, 1, [["y"], ["x"]]) for task in range(20))]
    assert standings(won, pairs=True, draws=5)[0].source == "y"


def test_the_order_of_the_answers_changes_nothing():
    rows = ranked(3, tasks=10)
    assert standings(rows, pairs=False, draws=3) == standings(rows[::-1], pairs=False, draws=3)


def test_sources_that_were_never_compared():
    with pytest.raises(Apart) as apart:
        standings([Ranked(1, 1, [["a"], ["b"]]), Ranked(2, 1, [["c"], ["d"]])], pairs=True)
    assert apart.value.groups == [["a", "b"], ["c", "d"]]


def test_without_answers_there_are_none():
    assert standings([], pairs=True) == []
