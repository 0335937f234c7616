"""A pilot's answers under every rule: what stands on the frontier, and what does not depend on chance or names."""

from itertools import pairwise

import numpy as np
import pytest

from quality.aggregation.frontier import REVIEWER, WORTH, Point, Rule, frontier, pareto, rules
from quality.aggregation.store import LabelStore


def crowd(seed=1, tasks=40, classes=3, answers=5):
    """Rows (task, person, label) of twelve people, some better than others, and the truth."""
    draw = np.random.default_rng(seed)
    truth = draw.integers(0, classes, tasks)
    skill = draw.choice([0.9, 0.75, 0.5], 12)
    rows = [
        (task, int(person), int(truth[task] if draw.random() < skill[person] else draw.integers(0, classes)))
        for task in range(tasks)
        for person in draw.choice(12, answers, replace=False)
    ]
    return rows, truth


def store_of(rows, classes=3):
    return LabelStore.from_rows(*(list(column) for column in zip(*rows, strict=True)), classes)


def test_every_point_is_dearer_and_better_than_the_one_before():
    rows, truth = crowd()
    points = frontier(store_of(rows), truth, answer=5, review=3, orders=5)
    prices = [point.price(5, 3) for point in points]
    assert len(points) > 3
    assert prices == sorted(prices)
    assert all(b.accuracy > a.accuracy + WORTH for a, b in pairwise(points))
    assert all(point.low <= point.accuracy <= point.high for point in points)
    assert all(point.rule.least <= point.answers <= point.rule.most for point in points)


def test_answers_that_nobody_doubts_cost_one_each():
    truth = np.arange(30) % 3
    rows = [(task, person, int(truth[task])) for task in range(30) for person in range(5)]
    (point,) = frontier(store_of(rows), truth, answer=5, review=3, orders=2)
    assert (point.answers, point.accuracy, point.rule.reviewed) == (1, 1, 0)


def test_reviews_of_everything_unsure_are_as_good_as_the_reviewer():
    draw = np.random.default_rng(3)
    truth = draw.integers(0, 2, 40)
    rows = [
        (task, person, int(draw.integers(0, 2))) for task in range(40) for person in range(3)
    ]  # nobody knows anything
    best = frontier(store_of(rows, 2), truth, answer=100, review=1, orders=10)[-1]
    assert best.rule.reviewed == 0.5
    assert best.accuracy == pytest.approx((REVIEWER + 0.5) / 2, abs=0.1)
    assert 0.5 <= best.below <= 1


def test_neither_the_order_of_rows_nor_names_matter():
    rows, truth = crowd(2)
    points = frontier(store_of(rows), truth, answer=5, review=3, orders=3)
    assert frontier(store_of(rows[::-1]), truth, answer=5, review=3, orders=3) == points
    renamed = [(task, 100 + person, label) for task, person, label in rows]
    assert frontier(store_of(renamed), truth, answer=5, review=3, orders=3) == points


def test_of_equals_the_simplest_rule():
    simple, longer = Rule(1, 1, 1.0, "auto", 0.0), Rule(1, 2, 0.8, "auto", 0.0)
    made = [Point(rule, 1.0, 0.0, 0.9, 0.8, 1.0) for rule in (longer, simple)]
    assert [point.rule for point in pareto(made, 5, 3)] == [simple]


def test_every_rule_is_possible_and_none_is_tried_twice():
    tried = rules(4)
    assert len(set(tried)) == len(tried)
    assert all(1 <= rule.least <= rule.most <= 4 for rule in tried)


def test_nothing_of_nothing():
    assert frontier(LabelStore.from_rows([], [], [], 2), np.array([], dtype=int), answer=1, review=1) == []
