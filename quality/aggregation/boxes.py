"""One box for those that several people drew of one thing: a mean in which neither a rough hand nor a slip counts for much.

A side that somebody drew is taken for the true one and an error, counted in sizes of the thing: Student's t with four degrees of freedom,
so that a side dragged far off pulls little (Lange, Little and Taylor 1989), at a scale of each person's own. The scales are learned from
all boxes of the task by expectation-maximisation, each person held against the others only, since whoever counts most is always near the
mean; and they are drawn towards the usual scale, since a task may have two boxes or two hundred.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

FREEDOM = 4.0  # of the t distribution; the usual choice
PULL = 2.0  # boxes as which the usual scale counts in everybody's own
ROUNDS = 6
SMALLEST = 1e-8  # squared error in sizes: who draws alike to the pixel is not infinitely good
MAD = 1.4826  # median absolute error of a normal distribution to its standard deviation


@dataclass(frozen=True, slots=True)
class Drawn:
    """M boxes. sides f8[M, 4]: left, top, right, bottom; thing i8[M]: what each is of, rising 0, 0, 1, ...; owner i8[M]: who drew it.

    weight f8[M]: above 0. Nobody has two boxes of one thing.
    """

    sides: Floats
    thing: Integers
    owner: Integers
    weight: Floats

    @property
    def first(self) -> Integers:
        """i8[G]: where the boxes of each thing begin."""
        return np.flatnonzero(np.diff(self.thing, prepend=-1))


def fused(drawn: Drawn) -> Floats:
    """f8[G, 4]: sides of each thing's box."""
    first = drawn.first
    corners = np.array([np.median(boxes, axis=0) for boxes in np.split(drawn.sides, first[1:])])
    sizes = np.maximum(np.tile(corners[:, 2:] - corners[:, :2], 2), SMALLEST)
    place = drawn.sides / sizes[drawn.thing]
    error = place - (corners / sizes)[drawn.thing]
    shared = np.bincount(drawn.thing)[drawn.thing] > 1
    usual = max((MAD * np.median(np.abs(error[shared]))) ** 2, SMALLEST) if shared.any() else 1.0
    scale = np.full(int(drawn.owner.max()) + 1, usual)
    trust = _trust(error**2 / usual)
    for _ in range(ROUNDS if shared.any() else 0):
        scale, trust = _learned(drawn, place, scale, trust, shared)
    pull = drawn.weight[:, None] * trust / scale[drawn.owner][:, None]
    mean: Floats = np.add.reduceat(pull * place, first) / np.add.reduceat(pull, first) * sizes
    return mean


def _trust(surprise: Floats) -> Floats:
    """What an error weighs against others of its author's. surprise: squared, in scales."""
    weight: Floats = (FREEDOM + 1) / (FREEDOM + surprise)
    return weight


def _learned(
    drawn: Drawn, place: Floats, scale: Floats, trust: Floats, shared: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """One step: squared scale of each person, and trust in each side. shared bool[M]: boxes that there are others to hold against."""
    first, thing, owner = drawn.first, drawn.thing, drawn.owner
    own = scale[owner][:, None]
    pull = drawn.weight[:, None] * trust / own
    known = trust / own
    others = np.maximum(np.add.reduceat(pull, first)[thing] - pull, SMALLEST)
    mean = (np.add.reduceat(pull * place, first)[thing] - pull * place) / others
    doubt = 1 / np.maximum(np.add.reduceat(known, first)[thing] - known, SMALLEST)  # variance of the others' mean
    apart = (place - mean) ** 2
    trust = np.where(shared[:, None], _trust(apart / (own + doubt)), 1.0)
    part = own / (own + doubt)  # of a difference that is the person's own
    squares = (trust * part**2 * apart + part * doubt).mean(axis=1)
    count = np.bincount(owner[shared], minlength=len(scale))
    total = np.bincount(owner[shared], squares[shared], minlength=len(scale))
    usual = total.sum() / count.sum()
    return np.maximum((total + PULL * usual) / (count + PULL), SMALLEST), trust
