"""Overlap of shapes and matching of marks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quality.agreement.areas import box_iou, overlap, polygon_iou
from quality.agreement.matching import f1, match

SQUARE = [(0, 0), (4, 0), (4, 4), (0, 4)]
HOLE = [(1, 1), (3, 1), (3, 3), (1, 3)]


def boxes(*rows):
    return np.array(rows, dtype=float).reshape(-1, 4)


def test_boxes():
    iou = box_iou(boxes((0, 0, 4, 4), (9, 9, 0, 0)), boxes((0, 0, 4, 4), (2, 0, 4, 4), (4, 0, 4, 4), (9, 9, 0, 0)))
    assert iou == pytest.approx(np.array([[1, 1 / 3, 0, 0], [0, 0, 0, 0]]))
    assert box_iou(boxes(), boxes((0, 0, 1, 1))).shape == (0, 1)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ([SQUARE], [SQUARE], (16, 16, 16)),
        ([SQUARE], [SQUARE[::-1]], (16, 16, 16)),
        ([SQUARE], [[(2, 2), (6, 2), (6, 6), (2, 6)]], (16, 16, 4)),
        ([SQUARE], [[(4, 0), (8, 0), (8, 4), (4, 4)]], (16, 16, 0)),
        ([SQUARE], [[(0, 0), (4, 0), (0, 4)]], (16, 8, 8)),
        ([SQUARE, HOLE], [SQUARE], (12, 16, 12)),
        ([SQUARE, HOLE], [HOLE], (12, 4, 0)),
        ([[(2, 0), (4, 2), (2, 4), (0, 2)]], [SQUARE], (8, 16, 8)),
        ([[(0, 0), (4, 4), (4, 0), (0, 4)]], [SQUARE], (8, 16, 8)),
        ([[(0, 0), (4, 0)]], [SQUARE], (0, 16, 0)),
        ([], [SQUARE], (0, 16, 0)),
    ],
    ids=[
        "same",
        "reversed",
        "corner",
        "touching",
        "half",
        "hole",
        "in hole",
        "turned",
        "crossing itself",
        "flat",
        "none",
    ],
)
def test_overlap_of_polygons(a, b, expected):
    assert overlap(a, b) == pytest.approx(expected)
    assert overlap(b, a) == pytest.approx((expected[1], expected[0], expected[2]))


def test_overlap_where_edges_cross_between_corners():
    star = [(0, 0), (10, 0), (10, 10), (0, 10)]
    turned = [(5, -2), (12, 5), (5, 12), (-2, 5)]
    assert overlap([star], [turned]) == pytest.approx((100, 98, 82))


points = st.tuples(st.integers(0, 20), st.integers(0, 20))


@settings(max_examples=60)
@given(st.lists(points, min_size=3, max_size=9), st.lists(points, min_size=3, max_size=9))
def test_overlap_equals_counting_points(a, b):
    """Even-odd by brute force: on a grid finer than the corners."""
    step = 20 / 240
    y, x = np.mgrid[0:240, 0:240] * step + step / 2 + 1e-7

    def inside(ring):
        hit = np.zeros(x.shape, dtype=bool)
        for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1], strict=True):
            if y0 != y1:
                hit ^= ((y0 > y) != (y1 > y)) & (x < (x1 - x0) * (y - y0) / (y1 - y0) + x0)
        return hit

    in_a, in_b = inside(a), inside(b)
    counted = np.array([in_a.sum(), in_b.sum(), (in_a & in_b).sum()]) * step**2
    around = sum(
        np.hypot(*np.subtract(p, q)) for ring in (a, b) for p, q in zip(ring, ring[1:] + ring[:1], strict=True)
    )
    assert np.abs(np.array(overlap([a], [b])) - counted).max() <= around * step + 1e-6


@given(st.lists(points, min_size=3, max_size=12), st.floats(-50, 50), st.floats(0.1, 30))
def test_iou_does_not_depend_on_place_or_size(ring, shift, scale):
    other = [(x + 3, y + 1) for x, y in ring]
    moved = [[(x * scale + shift, y * scale - shift) for x, y in each] for each in (ring, other)]
    before = polygon_iou([ring], [other])
    assert 0 <= before <= 1 + 1e-9
    assert polygon_iou([moved[0]], [moved[1]]) == pytest.approx(before, abs=1e-6)
    if overlap([ring], [ring])[0] > 0:
        assert polygon_iou([ring], [ring]) == pytest.approx(1)


def test_matching_takes_as_many_pairs_as_it_can():
    likeness = np.array([[0.9, 0.6], [0.8, 0.1]])
    assert match(likeness, 0.5) == [(0, 1), (1, 0)]
    assert match(likeness, 0.85) == [(0, 0)]
    assert match(likeness, 0.95) == []
    assert match(np.empty((0, 3)), 0.5) == []


def test_f1():
    assert f1(0, 0, 0) == 1
    assert f1(0, 0, 3) == 0
    assert f1(2, 2, 4) == pytest.approx(2 / 3)
