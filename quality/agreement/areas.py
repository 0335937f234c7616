"""Overlap of shapes in a plane: boxes in bulk, polygons exactly.

The area of a polygon is an integral over y of the length of its inside. Between neighbouring heights at which an edge
starts, ends or crosses another, these lengths are linear in y, so the value at mid-height times the height is exact. The
inside follows the even-odd rule: holes and self-crossing outlines need no special case, and no configuration of touching
corners or shared edges can fail, as it can in polygon clipping.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Rings = Sequence[ArrayLike]  # each f8[n, 2]: points of an outline or a hole, closed by itself


def box_iou(a: Floats, b: Floats) -> Floats:
    """f8[n, m]: intersection over union of boxes [x, y, width, height]; 0 where both have no area."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, :2] + a[:, None, 2:], b[None, :, :2] + b[None, :, 2:])
    both = np.clip(high - low, 0, None).prod(axis=2)
    either: Floats = (a[:, 2] * a[:, 3])[:, None] + (b[:, 2] * b[:, 3])[None, :] - both
    shares: Floats = np.divide(both, either, out=np.zeros_like(both), where=either > 0)
    return shares


def polygon_iou(a: Rings, b: Rings) -> float:
    """Intersection over union of two polygons; 0 where both have no area."""
    area_a, area_b, both = overlap(a, b)
    either = area_a + area_b - both
    return both / either if either > 0 else 0.0


def overlap(a: Rings, b: Rings) -> tuple[float, float, float]:
    """Areas of a, of b and of their intersection."""
    edges_a, edges_b = edges_of(a), edges_of(b)
    edges = np.concatenate([edges_a, edges_b])
    of_a = np.arange(len(edges)) < len(edges_a)
    heights = np.unique(np.concatenate([edges[:, 1], edges[:, 3], _crossings(edges)]))
    first = np.searchsorted(heights, edges[:, 1])
    slabs = np.searchsorted(heights, edges[:, 3]) - first
    edge = np.repeat(np.arange(len(edges)), slabs)
    slab = np.arange(len(edge)) - np.repeat(np.cumsum(slabs) - slabs, slabs) + np.repeat(first, slabs)
    x = x_at(edges[edge], (heights[slab] + heights[slab + 1]) / 2)
    order = np.lexsort((x, slab))
    # Every closed ring crosses a height an even number of times: both parities are 0 again where a slab ends.
    in_a = np.cumsum(of_a[edge[order]]) % 2 == 1
    in_b = np.cumsum(~of_a[edge[order]]) % 2 == 1
    piece = np.diff(x[order], append=0.0) * np.diff(heights)[slab[order]]
    return float(piece[in_a].sum()), float(piece[in_b].sum()), float(piece[in_a & in_b].sum())


def edges_of(rings: Rings) -> Floats:
    """f8[n, 4]: edges (x, y, x, y) of all rings, upper end first; level ones enclose nothing and are left out."""
    parts = [np.asarray(ring, dtype=np.float64).reshape(-1, 2) for ring in rings]
    edges = np.concatenate([np.hstack([ring, np.roll(ring, -1, axis=0)]) for ring in parts] or [np.empty((0, 4))])
    edges = edges[edges[:, 1] != edges[:, 3]]
    downward: Floats = np.where(edges[:, 1:2] < edges[:, 3:4], edges, edges[:, [2, 3, 0, 1]])
    return downward


def x_at(edges: Floats, y: Floats) -> Floats:
    """Where each edge is at its height."""
    x: Floats = edges[:, 0] + (y - edges[:, 1]) / (edges[:, 3] - edges[:, 1]) * (edges[:, 2] - edges[:, 0])
    return x


def _crossings(edges: Floats) -> Floats:
    """Heights at which two edges cross."""
    left, right = np.minimum(edges[:, 0], edges[:, 2]), np.maximum(edges[:, 0], edges[:, 2])
    near = (edges[:, None, 1] < edges[None, :, 3]) & (left[:, None] <= right[None, :])
    i, j = np.nonzero(np.triu(near & near.T, 1))
    dx, dy = edges[:, 2] - edges[:, 0], edges[:, 3] - edges[:, 1]
    turn = dx[i] * dy[j] - dy[i] * dx[j]
    i, j, turn = i[turn != 0], j[turn != 0], turn[turn != 0]
    across, down = edges[j, 0] - edges[i, 0], edges[j, 1] - edges[i, 1]
    along_i = (across * dy[j] - down * dx[j]) / turn
    along_j = (across * dy[i] - down * dx[i]) / turn
    hit = (along_i > 0) & (along_i < 1) & (along_j > 0) & (along_j < 1)
    heights: Floats = edges[i[hit], 1] + along_i[hit] * dy[i[hit]]
    return heights
