"""Weights of people whose answers have no classes."""

import pytest

from quality.aggregation import peers


def apart(a, b):
    return abs(a - b)


def mean(votes):
    return sum(vote.value * vote.weight for vote in votes) / sum(vote.weight for vote in votes) if votes else None


def test_who_comes_near_weighs_more():
    tasks = [{"near": 0.5, "nearer": 0.5, "far": 1.0}] * 20
    known = peers.learn(tasks, apart, mean)
    assert known.weight("near") == known.weight("nearer") > known.weight("far")
    assert known.weight("stranger") == pytest.approx(known.usual**2)


def test_against_what_the_others_say_together():
    """By hand. First pass: a, b and c come 0.75, 0.75 and 0.5 near to each of the others, drawn to the mean of 2/3 as by five tasks;
    then a and b are held against the mean of two unequal ones, c against 0.5.
    """
    known = peers.learn([{"a": 0.5, "b": 0.5, "c": 1.0}], apart, mean)
    heavy, light = ((5 * 2 / 3 + near) / 6 for near in (0.75, 0.5))
    met = 1 - 0.5 * light**2 / (heavy**2 + light**2)
    assert known.known["a"] == (pytest.approx(met), 1)
    assert known.known["c"] == (pytest.approx(0.5), 1)
    assert known.usual == pytest.approx((2 * met + 0.5) / 3)


def test_little_is_known_of_who_has_little():
    tasks = [{"often": 0.0, "other": 0.0}] * 50 + [{"once": 1.0, "other": 0.0}]
    known = peers.learn(tasks, apart, mean)
    assert known.weight("often") > known.weight("once") > 0.5


@pytest.mark.parametrize("tasks", [[], [{}], [{"a": 0.2}]])
def test_nobody_to_hold_against(tasks):
    known = peers.learn(tasks, apart, mean)
    assert (known.known, known.weight("a")) == ({}, 1)


def test_where_the_others_cannot_agree_nothing_is_said():
    known = peers.learn([{"a": 0.0, "b": 1.0}], apart, lambda _votes: None)
    assert known.known == {}


def test_the_order_of_answers_changes_nothing():
    tasks = [{"a": 0.1, "b": 0.4, "c": 0.9}, {"b": 0.3, "a": 0.2}]
    other = [dict(reversed(each.items())) for each in tasks]
    one, same = (peers.learn(each, apart, mean) for each in (tasks, other))
    assert all(one.weight(person) == pytest.approx(same.weight(person), abs=1e-12) for person in "abc")
