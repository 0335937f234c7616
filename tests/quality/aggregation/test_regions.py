"""Regions: clusters over people, merged boxes and polygons, labels, doubts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quality.aggregation import regions, shapes
from quality.aggregation.clusters import clusters
from quality.aggregation.outlines import painted, simplified, voted_outline
from quality.aggregation.shapes import Thing, frame, likeness, rings
from quality.agreement.areas import edges_of, overlap, polygon_iou
from tests.quality.aggregation.cases import LABELS, boxes_of, votes

CONFIG = {"labels": LABELS, "shapes": ["box", "polygon"], "confirm_empty": True}
SQUARE = [[0, 0], [100, 0], [100, 100], [0, 100]]


def shown(result):
    return [(region["label"], *region["bbox"]) for region in result.value["regions"]]


def polygon(points, **more):
    return {"id": "p", "label": "x", "shape": "polygon", "points": points, **more}


def merged(members, weights, *, integer):
    """One thing alone."""
    return shapes.merged([Thing(members, range(len(members)), weights)], integer=integer)[0]


def moved(ring, dx, dy):
    return [[x + dx, y + dy] for x, y in ring]


@pytest.mark.parametrize(
    ("answers", "merged_", "confidence", "doubt"),
    [
        ([[("x", 0, 0, 10, 10)]] * 3, [("x", 0, 0, 10, 10)], 1, ""),
        ([[("x", 0, 0, 10, 10)], [("x", 2, 0, 10, 10)], [("x", 1, 1, 10, 10)]], [("x", 1, 0.31, 10, 10)], None, ""),
        ([[("x", 0, 0, 10, 10)], [("x", 0, 0, 10, 10)], []], [("x", 0, 0, 10, 10)], 2 / 3, ""),
        ([[("x", 0, 0, 10, 10)], [], []], [], 2 / 3, ""),
        ([[("x", 0, 0, 10, 10)], []], [], 1 / 2, "tie"),
        ([[("x", 0, 0, 9, 9)], [("x", 20, 0, 9, 9)], [("x", 40, 0, 9, 9)]], [], 0, ""),
        ([[], [], []], [], 1, ""),
        ([[("x", 0, 0, 10, 10)], [("y", 0, 0, 10, 10)], [("y", 0, 0, 10, 10)]], [("y", 0, 0, 10, 10)], 2 / 3, ""),
        ([[("x", 0, 0, 10, 10)], [("y", 0, 0, 10, 10)]], [("x", 0, 0, 10, 10)], 1 / 2, "tie"),
    ],
    ids=["all", "apart", "two of three", "one of three", "half", "no two alike", "nothing", "label", "label tied"],
)
def test_boxes(answers, merged_, confidence, doubt):
    result = regions.aggregate(votes(*(boxes_of(*each, none=not each) for each in answers)), CONFIG, {})
    assert (shown(result), result.doubt) == (merged_, doubt)
    assert result.value.get("none", False) is not bool(merged_)
    assert confidence is None or result.confidence == pytest.approx(confidence)


def test_confidence_falls_with_the_overlap():
    result = regions.aggregate(votes(boxes_of(("x", 0, 0, 10, 10)), boxes_of(("x", 0, 0, 8, 10))), CONFIG, {})
    assert shown(result) == [("x", 0, 0, 9, 10)]
    assert result.confidence == pytest.approx((9 / 10 + 8 / 9) / 2)


def test_one_person_gives_a_region_at_most_once():
    doubled = boxes_of(("x", 0, 0, 10, 10), ("x", 1, 0, 10, 10))
    single = boxes_of(("x", 0, 0, 10, 10))
    assert shown(regions.aggregate(votes(doubled, single, single), CONFIG, {})) == [("x", 0, 0, 10, 10)]
    both = regions.aggregate(votes(doubled, doubled, single), CONFIG, {})
    assert shown(both) == [("x", 0, 0, 10, 10), ("x", 1, 0, 10, 10)]


def test_the_same_label_is_looked_for_first():
    """Two labels drawn on one place by both: neither is taken for a slip of the other."""
    one = boxes_of(("x", 0, 0, 10, 10), ("y", 1, 0, 10, 10))
    other = boxes_of(("y", 0, 0, 10, 10), ("x", 1, 0, 10, 10))
    result = regions.aggregate(votes(one, other), CONFIG, {})
    assert sorted(region["label"] for region in result.value["regions"]) == ["x", "y"]
    assert result.doubt == ""


def test_pictures_are_apart():
    here, there = boxes_of(("x", 0, 0, 9, 9)), boxes_of(("x", 0, 0, 9, 9))
    here["regions"][0]["item"], there["regions"][0]["item"] = "a", "b"
    assert regions.distance(here, there, CONFIG, {}) == 1
    assert regions.aggregate(votes(here, there, here), CONFIG, {}).value["regions"][0]["item"] == "a"


def test_drawing_order_is_kept():
    first, second = ("x", 50, 50, 9, 9), ("y", 0, 0, 9, 9)
    one, other = boxes_of(first, second), boxes_of(second, first)
    assert shown(regions.aggregate(votes(one, one, other), CONFIG, {})) == [first, second]
    assert shown(regions.aggregate(votes(one, other, other), CONFIG, {})) == [second, first]
    assert shown(regions.aggregate(votes(one, other), CONFIG, {})) == [second, first]  # equal: from the top left


def test_attributes_and_relations():
    config = CONFIG | {
        "attributes": [{"key": "cut", "type": "boolean"}],
        "relations": [{"key": "part", "directed": True}],
    }
    value = boxes_of(("x", 0, 0, 9, 9), ("y", 20, 0, 9, 9))
    value["regions"][0]["attributes"] = {"cut": True}
    value["relations"] = [{"id": "q", "type": "part", "from": "r1", "to": "r0"}]
    result = regions.aggregate(votes(value, value, boxes_of(("x", 0, 0, 9, 9))), config, {})
    assert [region.get("attributes") for region in result.value["regions"]] == [{"cut": True}, None]
    assert result.value["relations"] == [{"id": "e1", "type": "part", "from": "m2", "to": "m1"}]


def test_distance_counts_matches_at_the_asked_overlap():
    a, b = boxes_of(("x", 0, 0, 10, 10), ("x", 50, 0, 10, 10)), boxes_of(("x", 0, 0, 10, 7))
    assert regions.distance(a, b, CONFIG, {}) == pytest.approx(1 / 3)
    assert regions.distance(a, b, CONFIG | {"iou": 0.75}, {}) == 1
    assert regions.distance(a, boxes_of(("y", 0, 0, 10, 10)), CONFIG, {}) == 1
    assert regions.distance(boxes_of(), boxes_of(none=True), CONFIG, {}) == 0
    assert regions.distance(a, boxes_of(), CONFIG, {}) == 1


def test_gold_passes_from_an_f1_of_three_quarters():
    expected = boxes_of(*(("x", 20 * n, 0, 10, 10) for n in range(4)))
    near = boxes_of(*(("x", 20 * n, 0, 10, 10) for n in range(3)))
    assert regions.passes(near, expected, CONFIG, {}) == (True, pytest.approx(6 / 7))
    far = boxes_of(*(("x", 20 * n + 200 * (n > 1), 0, 10, 10) for n in range(4)))
    assert regions.passes(far, expected, CONFIG, {}) == (False, 0.5)


def test_turned_boxes():
    flat = {"id": "b", "label": "x", "shape": "box", "bbox": [0, 40, 100, 20]}
    upright_ = {"id": "b", "label": "x", "shape": "box", "bbox": [40, 0, 20, 100]}
    assert likeness([flat | {"angle": 90}], [upright_])[0, 0] == pytest.approx(1)
    assert rings(flat | {"angle": 90})[0][0] == pytest.approx([60, 0])
    assert frame(flat | {"angle": 90}) == pytest.approx([40, 0, 20, 100])
    angles = [179, -179, 178]
    result = merged([flat | {"angle": angle} for angle in angles], [1, 1, 1], integer=False)
    assert result == {"shape": "box", "bbox": [0, 40, 100, 20], "angle": 179}
    mixed = merged([flat, flat | {"angle": 4}, flat], [1, 1, 1], integer=True)
    assert mixed == {"shape": "box", "bbox": [0, 40, 100, 20]}


def test_shape_of_the_majority():
    box = {"id": "b", "label": "x", "shape": "box", "bbox": [0, 0, 100, 100]}
    assert merged([box, polygon(SQUARE), polygon(SQUARE)], [1, 1, 1], integer=False) == {
        "shape": "polygon",
        "points": SQUARE,
    }
    assert merged([box, polygon(SQUARE)], [1, 1], integer=False)["shape"] == "box"


def test_polygons_by_pixel_vote():
    """Three shifted squares: the middle of what two of three cover, nearer to all than anybody's own."""
    cast = [polygon(SQUARE), polygon(moved(SQUARE, 12, 0)), polygon(moved(SQUARE, 6, 9))]
    result = merged(cast, [1, 1, 1], integer=False)
    wanted = [[6, 0], [100, 0], [100, 9], [106, 9], [106, 100], [6, 100]]
    assert polygon_iou([result["points"]], [wanted]) > 0.98
    assert len(result["points"]) < 12
    best_of_them = max(likeness([each], cast)[0].sum() for each in cast)
    assert likeness([result], cast)[0].sum() > best_of_them


def test_equal_polygons_keep_their_points():
    hole = [[20, 20], [40, 20], [40, 40]]
    cast = [polygon(SQUARE, holes=[hole])] * 3
    assert merged(cast, [1, 1, 1], integer=False) == {"shape": "polygon", "points": SQUARE, "holes": [hole]}


def test_a_hole_most_people_drew_stays():
    hole = [[20, 20], [60, 20], [60, 60], [20, 60]]
    cast = [
        polygon(SQUARE, holes=[hole]),
        polygon(moved(SQUARE, 6, 0), holes=[moved(hole, 3, 3)]),
        polygon(moved(SQUARE, 0, 6)),
    ]
    outer, inner = (np.abs(overlap([ring], [])[0]) for ring in voted_outline([rings(each) for each in cast], [1, 1, 1]))
    assert outer == pytest.approx(100 * 100, rel=0.02)
    assert inner == pytest.approx(37 * 37, rel=0.03)


def test_nothing_in_common_leaves_no_outline():
    assert voted_outline([[SQUARE], [moved(SQUARE, 200, 0)], [moved(SQUARE, 0, 200)]], [1, 1, 1]) == []


def test_whole_pixels():
    cast = [polygon(SQUARE), polygon(moved(SQUARE, 12, 0)), polygon(moved(SQUARE, 6, 9))]
    result = merged(cast, [1, 1, 1], integer=True)
    assert all(isinstance(number, int) for point in result["points"] for number in point)
    assert len({tuple(point) for point in result["points"]}) == len(result["points"])


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 20)), min_size=3, max_size=8))
def test_painting_covers_the_area(ring):
    edges = edges_of([ring]) * 4
    mask = painted(edges, 121, 81)
    length = sum(np.hypot(*np.subtract(p, q)) for p, q in zip(ring, ring[1:] + ring[:1], strict=True))
    assert mask.sum() / 16 == pytest.approx(overlap([ring], [])[0], abs=length / 4 + 0.1)


def test_simplified_line():
    stairs = np.array([[x, x // 2] for x in range(20)] + [[20, 20], [0, 20]], dtype=float)
    line = simplified(stairs, 1.0)
    assert len(line) == 4
    assert polygon_iou([line.tolist()], [stairs.tolist()]) > 0.95


def test_clusters():
    likeness_ = np.zeros((4, 4))
    likeness_[0, 1], likeness_[1, 2], likeness_[0, 3] = 0.9, 0.8, 0.7
    assert clusters(likeness_, [0, 1, 2, 2], "xxxx", 0.5) == [[0, 1], [2], [3]]
    likeness_[0, 2] = 0.6
    assert clusters(likeness_, [0, 1, 2, 2], "xxxx", 0.5) == [[0, 1, 2], [3]]
    assert clusters(likeness_[:3, :3], [0, 1, 1], "xyy", 0.5) == [[0, 1], [2]]
    assert clusters(likeness_[:3, :3], [0, 1, 1], "xyx", 0.5) == [[0, 2], [1]]
    assert clusters(np.zeros((0, 0)), [], "", 0.5) == []
