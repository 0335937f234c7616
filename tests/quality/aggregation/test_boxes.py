"""Boxes fused: means in which rough hands and slips count for little."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quality.aggregation.boxes import Drawn, fused


def drawn(sides, thing, owner, weight=None):
    return Drawn(
        np.array(sides, float), np.array(thing), np.array(owner), np.ones(len(sides)) if weight is None else weight
    )


def noisy(scales, things=8, seed=1, slips=0.0):
    """(boxes of that many people with errors of these scales, the truth)."""
    draw = np.random.default_rng(seed)
    true = np.array([[0, 0, 100, 50]]) + 300 * np.arange(things)[:, None]
    error = draw.normal(0, 1, (things, len(scales), 4)) * np.array(scales)[None, :, None] * np.array([100, 50] * 2)
    error += (draw.random(error.shape) < slips) * 30
    people = np.tile(np.arange(len(scales)), things)
    return drawn((true[:, None] + error).reshape(-1, 4), np.repeat(np.arange(things), len(scales)), people), true


def off(found, true):
    return float(np.abs(found - true).mean())


def test_two_people_meet_in_the_middle():
    found = fused(drawn([[0, 0, 10, 10], [2, 0, 12, 10]], [0, 0], [0, 1]))
    assert found == pytest.approx(np.array([[1, 0, 11, 10]]))


def test_equal_boxes_stay():
    found = fused(drawn([[3, 4, 10, 11]] * 3 + [[20, 20, 30, 30]], [0, 0, 0, 1], [0, 1, 2, 1]))
    assert found == pytest.approx(np.array([[3, 4, 10, 11], [20, 20, 30, 30]]))


def test_nothing_to_compare():
    sides = [[3, 4, 10, 11], [20, 20, 20, 20]]
    assert fused(drawn(sides, [0, 1], [0, 1])) == pytest.approx(np.array(sides))


def test_steady_hands_count_more():
    """Better than the mean, than the median and than the steadiest hand."""
    boxes, true = noisy([0.02, 0.02, 0.1, 0.1, 0.1])
    table = boxes.sides.reshape(len(true), 5, 4)
    found = off(fused(boxes), true)
    assert found < off(table.mean(axis=1), true)
    assert found < off(np.median(table, axis=1), true)
    assert found < min(off(table[:, person], true) for person in range(5))


def test_slips_count_little():
    boxes, true = noisy([0.02] * 5, slips=0.1)
    assert off(fused(boxes), true) < off(boxes.sides.reshape(len(true), 5, 4).mean(axis=1), true) / 2


def test_weights_count():
    light, heavy = (
        fused(drawn([[0, 0, 10, 10], [2, 0, 12, 10]], [0, 0], [0, 1], np.array([1.0, weight])))[0, 0]
        for weight in (1.0, 3.0)
    )
    assert light < heavy < 2


@given(st.integers(0, 1000), st.floats(0.1, 100), st.floats(-500, 500))
def test_size_and_place_do_not_matter(seed, size, place):
    boxes, _ = noisy([0.03, 0.06, 0.09], things=3, seed=seed)
    moved = drawn(boxes.sides * size + place, boxes.thing, boxes.owner)
    assert fused(moved) == pytest.approx(fused(boxes) * size + place, rel=1e-5, abs=1e-4 * size)


@given(st.integers(0, 1000))
def test_the_result_lies_between_what_was_drawn(seed):
    boxes, true = noisy([0.05, 0.05, 0.2], things=4, seed=seed)
    table = boxes.sides.reshape(len(true), 3, 4)
    found = fused(boxes)
    assert (found >= table.min(axis=1) - 1e-6).all()
    assert (found <= table.max(axis=1) + 1e-6).all()
