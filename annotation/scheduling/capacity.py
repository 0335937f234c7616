"""What more people would change."""

import math

import numpy as np

from annotation.scheduling.forecast import expected
from annotation.scheduling.supply import Supply

MOST = 500  # people that are ever advised at once


def joined(*, supply: Supply, people: float, more: int) -> Supply:
    """The supply with `more` people who bring as much, and at the same hours, as the `people` so far do on average."""
    return supply._replace(seconds=supply.seconds * (1 + more / max(people, 1.0)))


def invites(
    *, work_s: float, supply: Supply, people: float, start_s: float, until_s: float, accept: float = 1.0
) -> int:
    """How many to invite so that the work is done in `until_s` seconds from `start_s`; 0 if it is anyway.

    `accept`: share of the invited who come. At most MOST.
    """
    brought = expected(supply=supply, start_s=start_s, passed_s=until_s)
    each = brought / max(people, 1.0) * accept
    missing = work_s - brought
    if missing <= 0:
        return 0
    return MOST if each <= 0 else min(MOST, math.ceil(missing / each))


def sensible(people: float) -> int:
    """How many more to speak of where nothing is missing: a quarter more, at least one."""
    return max(1, round(people / 4))


def gain(people: float, more: int) -> float:
    """By which share the supply grows."""
    return float(np.float64(more) / max(people, 1.0))
