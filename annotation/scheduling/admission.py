"""May a deadline be promised? Earliest deadline first: what is due until then must fit into what people bring until then."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MARGIN = 0.85  # of the expected supply that may be promised


def feasible(*, due_s: Floats, need_s: Floats, supply_s: Floats, margin: float = MARGIN) -> tuple[bool, Floats]:
    """Whether all can be met, and for each the earliest deadline it could have while the others keep theirs.

    `due_s`: deadlines in seconds from now; `need_s`: active seconds each needs (80 %); `supply_s`: active seconds in each coming hour.
    Earliest deadlines in seconds from now, inf beyond the supply. EDF is optimal for one divisible resource (Liu and Layland 1973).
    """
    given = np.concatenate([[0.0], np.cumsum(supply_s * margin)])
    order = np.argsort(due_s, kind="stable")
    load = np.cumsum(need_s[order])
    all_met = bool((load <= _until(given, due_s[order])).all())
    return all_met, np.array([_earliest(place, due_s, need_s, given) for place in range(len(due_s))])


def _until(given: Floats, at_s: Floats) -> Floats:
    """Seconds brought until then."""
    found: Floats = np.interp(at_s / 3600, np.arange(len(given)), given)
    return found


def _when(given: Floats, wanted: float) -> float:
    """Seconds until so much is brought."""
    place = int(np.searchsorted(given, wanted))
    if place >= len(given):
        return float("inf")
    if place == 0:
        return 0.0
    part = (wanted - given[place - 1]) / (given[place] - given[place - 1])
    return float((place - 1 + part) * 3600)


def _earliest(place: int, due_s: Floats, need_s: Floats, given: Floats) -> float:
    """Own work goes behind every other that would miss its deadline, else as far forward as it fits."""
    own, others = need_s[place], np.delete(np.arange(len(due_s)), place)
    order = others[np.argsort(due_s[others], kind="stable")]
    load = np.cumsum(need_s[order])
    room = _until(given, due_s[order]) - load
    squeezed = np.flatnonzero((room >= 0) & (room < own))  # met without us, missed if we went before
    before = int(squeezed[-1]) + 1 if len(squeezed) else 0
    at = _when(given, own + (load[before - 1] if before else 0.0))
    while before < len(order) and due_s[order[before]] <= at:  # whoever is due by then goes first
        at = _when(given, own + load[before])
        before += 1
    return at
