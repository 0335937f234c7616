"""What more people would change."""

import math

from annotation.scheduling.supply import Supply

MOST = 500  # people that are ever advised at once


def joined(*, supply: Supply, people: float, more: int) -> Supply:
    """The supply with `more` people who bring as much, and at the same hours, as the `people` so far do on average."""
    return supply._replace(seconds=supply.seconds * (1 + more / max(people, 1.0)))


def sensible(people: float) -> int:
    """How many more to speak of where nothing is missing: a quarter more, at least one."""
    return max(1, round(people / 4))


def gain(people: float, more: int) -> float:
    """By which share the supply grows."""
    return more / max(people, 1.0)


def next_try(more: int) -> int:
    """The next number to look at, where one was too few."""
    return min(MOST, math.ceil(more * 1.3))
