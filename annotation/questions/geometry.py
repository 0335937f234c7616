"""Plane geometry of regions, in pixels of the picture: origin top left, y down."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from annotation.questions.base import Json

Point = Sequence[float]
Ring = list[list[float]]
Size = tuple[float | None, float | None]  # of a picture; None: not known
LIMIT = 1e7  # no picture is larger; beyond it a number is a mistake
CROSSING_LIMIT = 500  # points; beyond it nobody looks whether an outline crosses itself
NOISE = 1e-6  # what sums of floats may be off
SLACK = 1.0  # pixels that may reach over the edge and are clipped


def is_coordinate(value: Json) -> bool:
    """A finite number within reason."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LIMIT


def is_box(value: Json) -> bool:
    """`[x, y, width, height]`."""
    return isinstance(value, list) and len(value) == 4 and all(map(is_coordinate, value))


def is_point(value: Json) -> bool:
    """`[x, y]`."""
    return isinstance(value, list) and len(value) == 2 and all(map(is_coordinate, value))


def is_ring(value: Json) -> bool:
    """A list of points."""
    return isinstance(value, list) and all(map(is_point, value))


def rounded(value: float, *, integer: bool) -> float:
    """Two decimals or none, half up: the one rounding that a browser does alike. Whole numbers come out as int."""
    result = math.floor(value + 0.5) if integer else math.floor(value * 100 + 0.5) / 100
    return int(result) if result == int(result) else result


def clipped(value: float, high: float | None) -> float:
    """Moved onto the edge if it lies at most one pixel outside; `high` None: the size is not known."""
    if -SLACK <= value < 0:
        return 0
    return high if high is not None and high + NOISE < value <= high + SLACK else value


def upright(box: Sequence[float]) -> list[float]:
    """Positive width and height."""
    x, y, width, height = box
    return [min(x, x + width), min(y, y + height), abs(width), abs(height)]


def clipped_box(box: Sequence[float], size: Size) -> list[float]:
    """Edges at most one pixel outside moved onto the edge of the picture."""
    (left, width), (top, height) = (_clipped_side(box[axis], box[axis + 2], size[axis]) for axis in (0, 1))
    return [left, top, width, height]


def _clipped_side(start: float, length: float, high: float | None) -> tuple[float, float]:
    first, last = clipped(start, high), clipped(start + length, high)
    return first, length if (first, last) == (start, start + length) else last - first


def turned(angle: float) -> float:
    """The same direction in (-180, 180]."""
    angle = math.fmod(angle, 360)
    if angle <= -180:
        return angle + 360
    return angle - 360 if angle > 180 else angle


def area(ring: Ring) -> float:
    """Signed area; positive if the points go clockwise as seen, y being down (shoelace formula)."""
    following = [*ring[1:], *ring[:1]]
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, following, strict=True)) / 2


def closed(ring: Ring) -> Ring:
    """Without a closing point, with a positive area."""
    while len(ring) > 1 and ring[0] == ring[-1]:
        ring = ring[:-1]
    return ring[::-1] if area(ring) < 0 else ring


def extent(ring: Ring) -> tuple[float, float]:
    """Width and height of the box around it."""
    xs, ys = [point[0] for point in ring], [point[1] for point in ring]
    return max(xs) - min(xs), max(ys) - min(ys)


def inside(point: Point, size: Size) -> bool:
    """Whether it lies in the picture, edges included."""
    return all(value >= 0 and (high is None or value <= high + NOISE) for value, high in zip(point, size, strict=True))


def crosses_itself(ring: Ring) -> bool:
    """Whether two edges that are no neighbours meet. Every pair at once; not looked at beyond CROSSING_LIMIT points."""
    count = len(ring)
    if not 3 < count <= CROSSING_LIMIT:
        return False
    start = np.asarray(ring, dtype=float)
    end = np.roll(start, -1, axis=0)
    one, two = np.triu_indices(count, k=2)
    apart = ~((one == 0) & (two == count - 1))
    one, two = one[apart], two[apart]
    a, b, c, d = start[one], end[one], start[two], end[two]
    return bool(np.any((_side(a, b, c) * _side(a, b, d) < 0) & (_side(c, d, a) * _side(c, d, b) < 0)))


def _side(a: Any, b: Any, point: Any) -> Any:
    """Sign: on which side of the line from a to b the point lies."""
    return np.sign((b[:, 0] - a[:, 0]) * (point[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (point[:, 0] - a[:, 0]))
