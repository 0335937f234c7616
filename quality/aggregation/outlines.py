"""The pixel vote: outlines of several people painted over each other, and the line around what most of them cover."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from quality.aggregation.votes import EPSILON
from quality.agreement.areas import Rings, edges_of, overlap, x_at

CELLS = 300  # along the longer side
SMALLEST = 16.0  # cells of a hole
TOLERANCE = (
    1.5  # cells by which a corner may be cut when the staircase of cells is made a line: half a percent of the size
)

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Corner = tuple[int, int]


def voted_outline(shapes: Sequence[Rings], weights: Sequence[float]) -> list[Floats]:
    """Around the cells that more than half of the weight covers: the largest piece, f8[n, 2], and its holes.

    Empty where nothing is covered by so many.
    """
    edges = [edges_of(rings) for rings in shapes]
    every = np.concatenate(edges)
    low = np.array([every[:, [0, 2]].min(), every[:, 1].min()])
    high = np.array([every[:, [0, 2]].max(), every[:, 3].max()])
    cell = float((high - low).max()) / CELLS
    width, height = (np.ceil((high - low) / cell).astype(int) + 1).tolist()
    votes = np.zeros((height, width))
    for lines, weight in zip(edges, weights, strict=True):
        votes += weight * painted((lines - np.tile(low, 2)) / cell, width, height)
    return [ring * cell + low for ring in _largest(votes > sum(weights) / 2 + EPSILON)]


def painted(edges: Floats, width: int, height: int) -> Mask:
    """bool[height, width]: cells whose centre is inside, by the even-odd rule. edges f8[n, 4] as `edges_of`, unit = cell."""
    first = np.ceil(edges[:, 1] - 0.5).astype(int)
    count = np.ceil(edges[:, 3] - 0.5).astype(int) - first
    edge = np.repeat(np.arange(len(edges)), count)
    row = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count) + np.repeat(first, count)
    column = np.clip(np.ceil(x_at(edges[edge], row + 0.5) - 0.5).astype(int), 0, width)
    turns = np.bincount(row * (width + 1) + column, minlength=height * (width + 1)).reshape(height, width + 1)
    inside: Mask = np.cumsum(turns, axis=1)[:, :width] % 2 == 1
    return inside


def _largest(mask: Mask) -> list[Floats]:
    """The largest piece of a mask as simplified rings in cells: its outline, and the holes in it that are worth a line."""
    rings = [simplified(np.array(ring, dtype=np.float64), TOLERANCE) for ring in _borders(mask)]
    sized = sorted(((_signed_area(ring), ring) for ring in rings), key=lambda each: -each[0])
    if not sized or sized[0][0] <= 0:
        return []
    outer = sized[0][1]
    return [outer, *(ring for area, ring in sized if area < -SMALLEST and overlap([outer], [ring])[2] > 0)]


def _borders(mask: Mask) -> list[list[Corner]]:
    """Closed lines between covered and other cells, cell by cell, covered ones on the right hand."""
    follow: dict[Corner, list[Corner]] = defaultdict(list)
    solid = np.pad(mask, 1)
    here = solid[1:-1, 1:-1]
    sides = (
        (here & ~solid[:-2, 1:-1], (0, 0), (1, 0)),
        (here & ~solid[1:-1, 2:], (1, 0), (1, 1)),
        (here & ~solid[2:, 1:-1], (1, 1), (0, 1)),
        (here & ~solid[1:-1, :-2], (0, 1), (0, 0)),
    )
    for border, start, end in sides:
        for y, x in np.argwhere(border).tolist():
            follow[x + start[0], y + start[1]].append((x + end[0], y + end[1]))
    rings = []
    for start in list(follow):
        while follow[start]:
            rings.append(_walk(start, follow))
    return rings


def _walk(start: Corner, follow: dict[Corner, list[Corner]]) -> list[Corner]:
    """From a corner along unused sides back to it. Where two cells touch by a corner it stays with its own cell."""
    ring, here = [start], follow[start].pop()
    while here != start:
        before = ring[-1]
        ring.append(here)
        right = (here[0] - here[1] + before[1], here[1] + here[0] - before[0])
        ways = follow[here]
        here = ways.pop(ways.index(right) if right in ways else 0)
    return ring


def _signed_area(ring: Floats) -> float:
    """Positive for outlines, negative for holes."""
    x, y = ring.T
    return float(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2


def simplified(ring: Floats, tolerance: float) -> Floats:
    """A closed line with fewer corners, none of the old ones further off than `tolerance` (Douglas, Peucker 1973)."""
    far = int(np.argmax(((ring - ring[0]) ** 2).sum(axis=1)))
    closed = np.concatenate([ring, ring[:1]])
    keep = {0, far, len(ring)}
    waiting = [(0, far), (far, len(ring))]
    while waiting:
        start, end = waiting.pop()
        off = _distances(closed[start + 1 : end], closed[start], closed[end])
        if off.size and off.max() > tolerance:
            middle = start + 1 + int(off.argmax())
            keep.add(middle)
            waiting += [(start, middle), (middle, end)]
    return closed[sorted(keep)[:-1]]


def _distances(points: Floats, start: Floats, end: Floats) -> Floats:
    """Of points from the stretch between two others."""
    along = end - start
    length = float(along @ along)
    part = np.clip((points - start) @ along / length, 0, 1) if length else np.zeros(len(points))
    away: Floats = np.hypot(*(points - start - part[:, None] * along).T)
    return away
