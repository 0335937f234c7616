"""Regions as geometry: what they cover, how alike they are, and one shape for several."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians, sin
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quality.aggregation import boxes
from quality.aggregation.median import median
from quality.aggregation.outlines import voted_outline
from quality.aggregation.votes import EPSILON, heaviest
from quality.agreement.areas import box_iou, polygon_iou

Region = Mapping[str, Any]
Ring = list[list[float]]
Floats = NDArray[np.float64]


def upright(region: Region) -> bool:
    """A box along the axes."""
    return region["shape"] == "box" and not region.get("angle")


def rings(region: Region) -> list[Ring]:
    """Outline and holes."""
    if region["shape"] == "polygon":
        return [region["points"], *region.get("holes", ())]
    x, y, width, height = region["bbox"]
    turn = radians(region.get("angle", 0))
    centre_x, centre_y = x + width / 2, y + height / 2
    corners = [(-width / 2, -height / 2), (width / 2, -height / 2), (width / 2, height / 2), (-width / 2, height / 2)]
    return [
        [[centre_x + dx * cos(turn) - dy * sin(turn), centre_y + dx * sin(turn) + dy * cos(turn)] for dx, dy in corners]
    ]


def frame(region: Region) -> list[float]:
    """The smallest upright box around a region: [x, y, width, height]."""
    if upright(region):
        return list(region["bbox"])
    xs, ys = zip(*rings(region)[0], strict=True)
    return [min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)]


def likeness(mine: Sequence[Region], yours: Sequence[Region], wanted: NDArray[np.bool_] | None = None) -> Floats:
    """f8[n, m]: intersection over union of regions. wanted bool[n, m]: pairs worth the work; the others are 0."""
    frames = [np.array([frame(region) for region in side], dtype=np.float64).reshape(-1, 4) for side in (mine, yours)]
    iou = box_iou(*frames)
    if wanted is not None:
        iou *= wanted
    bent = [np.array([not upright(region) for region in side], dtype=bool) for side in (mine, yours)]
    for i, j in np.argwhere((iou > 0) & (bent[0][:, None] | bent[1][None, :])):
        iou[i, j] = polygon_iou(rings(mine[i]), rings(yours[j]))
    return iou


@dataclass(frozen=True, slots=True)
class Thing:
    """What several people drew of one thing: a region of each, the number of its author, and the weight of that, above 0."""

    regions: Sequence[Region]
    owners: Sequence[int]
    weights: Sequence[float]

    def of_one_shape(self) -> "Thing":
        """Of the shape that most of the weight chose; boxes on a tie."""
        chosen: dict[str, float] = {}
        for region, weight in zip(self.regions, self.weights, strict=True):
            chosen[region["shape"]] = chosen.get(region["shape"], 0.0) + weight
        shape = heaviest(chosen)[0] or "box"
        rows = zip(self.regions, self.owners, self.weights, strict=True)
        return Thing(*map(list, zip(*(row for row in rows if row[0]["shape"] == shape), strict=True)))

    @property
    def upright(self) -> bool:
        """Boxes along the axes, all of them."""
        return all(map(upright, self.regions))


def merged(things: Sequence[Thing], *, integer: bool) -> list[dict[str, Any]]:
    """One shape for each of the things of a task: {shape, bbox or points, angle?, holes?}.

    Boxes: `boxes.fused`, or, if one of a thing is turned, weighted median of centre and size, with the median angle. Polygons: the pixel
    vote, unless one person's own outline is nearer to all.
    """
    chosen = [thing.of_one_shape() for thing in things]
    fused = iter(_fused([thing for thing in chosen if thing.upright], integer=integer))
    return [next(fused) if thing.upright else _merged_one(thing, integer=integer) for thing in chosen]


def _fused(things: Sequence[Thing], *, integer: bool) -> list[dict[str, Any]]:
    """Upright boxes, all of a task at once: so it shows whose hand is steady."""
    if not things:
        return []
    x, y, width, height = np.array([box["bbox"] for thing in things for box in thing.regions], dtype=np.float64).T
    drawn = boxes.Drawn(
        np.column_stack([x, y, x + width, y + height]),
        np.repeat(np.arange(len(things)), [len(thing.regions) for thing in things]),
        np.array([owner for thing in things for owner in thing.owners]),
        np.array([weight for thing in things for weight in thing.weights]),
    )
    return [
        {"shape": "box", "bbox": _rounded([left, top, right - left, bottom - top], integer=integer)}
        for left, top, right, bottom in boxes.fused(drawn).tolist()
    ]


def _merged_one(thing: Thing, *, integer: bool) -> dict[str, Any]:
    merge = _merged_polygon if thing.regions[0]["shape"] == "polygon" else _merged_turned
    return merge(thing.regions, thing.weights, integer=integer)


def _merged_turned(turned: Sequence[Region], weights: Sequence[float], *, integer: bool) -> dict[str, Any]:
    x, y, width, height = (np.array([box["bbox"] for box in turned], dtype=np.float64)).T
    wide, high = median(width.tolist(), weights), median(height.tolist(), weights)
    centre_x, centre_y = median((x + width / 2).tolist(), weights), median((y + height / 2).tolist(), weights)
    box = {"shape": "box", "bbox": _rounded([centre_x - wide / 2, centre_y - high / 2, wide, high], integer=integer)}
    angle = _middle_angle([float(each.get("angle", 0)) for each in turned], weights)
    return box | ({"angle": angle} if angle else {})


def _middle_angle(angles: Sequence[float], weights: Sequence[float]) -> float:
    """The given angle nearest to all others on the circle; the smallest of equals."""

    def away(angle: float) -> float:
        gaps = (abs(angle - other) % 360 for other in angles)
        return round(sum(weight * min(gap, 360 - gap) for gap, weight in zip(gaps, weights, strict=True)), 9)

    return min(angles, key=lambda angle: (away(angle), abs(angle), angle))


def _merged_polygon(polygons: Sequence[Region], weights: Sequence[float], *, integer: bool) -> dict[str, Any]:
    candidates = [{key: polygon[key] for key in ("points", "holes") if polygon.get(key)} for polygon in polygons]
    if len(polygons) > 1:
        voted = [
            _tidy(ring.tolist(), integer=integer) for ring in voted_outline([rings(each) for each in polygons], weights)
        ]
        outer, *holes = [ring for ring in voted if len(ring) > 2] or [polygons[0]["points"]]
        candidates.append({"points": outer} | ({"holes": holes} if holes else {}))
    shapes: list[dict[str, Any]] = [{"shape": "polygon"} | each for each in candidates]
    near = [float(np.dot(row, weights)) for row in likeness(shapes, polygons)]
    return next(shape for shape, value in zip(shapes, near, strict=True) if value > max(near) - EPSILON)


def _tidy(ring: Sequence[Sequence[float]], *, integer: bool) -> Ring:
    """Rounded, without points that fell together."""
    points = [_rounded(point, integer=integer) for point in ring]
    return [point for place, point in enumerate(points) if point != points[place - 1]]


def _rounded(numbers: Sequence[float], *, integer: bool) -> list[float]:
    """As the question asks: to whole pixels, or to two decimals."""
    return [round(number) for number in numbers] if integer else [round(float(number), 2) for number in numbers]
