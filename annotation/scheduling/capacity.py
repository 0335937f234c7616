"""What more people would change."""

import math

MOST = 500  # people that are ever advised at once


def grown(*, people: float, more: int) -> float:
    """How many times the supply it is with `more` people who bring as much, and at the same hours, as the `people` so far on average."""
    return 1 + more / max(people, 1.0)


def tries(people: float) -> list[int]:
    """Numbers of people to look at: a quarter more, at least one, and on from there."""
    found = [max(1, round(people / 4))]
    while found[-1] < MOST:
        found.append(min(MOST, math.ceil(found[-1] * 1.4)))
    return found
