"""Pairs of people over their common tasks, and the largest group who have all done the same ones."""

import numpy as np
import pytest

from quality.agreement.crossing import Crossed
from quality.agreement.kappa import apart, confusion, weighted_kappa


def crossed(answers):
    """answers: {person: {task: place}}."""
    rows = [(task, person, place) for person, given in answers.items() for task, place in given.items()]
    task, person, place = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return Crossed.of(task, person, place)


def some(seed, tasks, classes=3):
    draw = np.random.default_rng(seed)
    return {int(task): int(place) for task, place in zip(tasks, draw.integers(0, classes, len(tasks)), strict=True)}


def test_kappa_of_those_with_enough_tasks_in_common():
    one, other = some(1, range(30)), some(2, range(5, 40))
    found = crossed({7: one, 8: other, 9: some(3, range(38, 60))}).pairs(apart(3))
    (pair,) = found
    both = range(5, 30)
    expected = weighted_kappa(confusion([one[t] for t in both], [other[t] for t in both], range(3)), apart(3))
    assert (pair.first, pair.second, pair.n) == (7, 8, 25)
    assert pair.kappa == pytest.approx(expected)
    assert pair.low < pair.kappa < pair.high


def test_those_who_agree_least_come_first():
    one = some(1, range(40))
    found = crossed({1: one, 2: one, 3: some(4, range(40))}).pairs(1 - np.eye(3))
    assert [(pair.first, pair.second) for pair in found][-1] == (1, 2)
    assert found[-1].kappa == 1
    assert [pair.kappa for pair in found] == sorted(pair.kappa for pair in found)


def test_who_always_says_the_same_has_no_kappa():
    same = dict.fromkeys(range(30), 1)
    assert crossed({1: same, 2: same}).pairs(1 - np.eye(3)) == []


def test_the_group_that_leaves_most_answers():
    answers = {1: some(1, range(100)), 2: some(2, range(100)), 3: some(3, range(90)), 4: some(4, range(25))}
    assert crossed(answers).panel().shape == (3, 90)
    assert crossed({1: answers[1], 4: answers[4]}).panel().shape == (2, 25)


@pytest.mark.parametrize("answers", [{}, {1: some(1, range(50))}, {1: some(1, range(50)), 2: some(2, range(40, 55))}])
def test_nobody_has_enough_in_common(answers):
    found = crossed(answers)
    assert found.panel().size == 0
    assert found.pairs(1 - np.eye(3)) == []


def test_of_many_people_those_with_most_answers(monkeypatch):
    monkeypatch.setattr("quality.agreement.crossing.MOST_PEOPLE", 2)
    found = crossed({5: some(1, range(30)), 6: some(2, range(5)), 7: some(3, range(40))})
    assert found.people.tolist() == [5, 7]
