"""Ranked pairs: one order out of many, built from the clearest majorities down (Tideman 1987)."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations, groupby

from quality.aggregation.votes import EPSILON

Ranks = dict[str, int]
Edge = tuple[str, str]


def order_of(ballots: Sequence[tuple[Ranks, float]]) -> list[list[str]]:
    """Groups of items, best first, from ranks per ballot (0 = best; missing = last) and their weights.

    Majorities of one size are locked together, and those among them that contradict each other are left open: no name and
    no order of ballots decides. Items are ordered by how many they beat less how many beat them, along locked majorities.
    """
    items = sorted({item for ranks, _ in ballots for item in ranks})
    beaten: dict[str, set[str]] = {item: set() for item in items}
    for edges in _majorities(items, ballots):
        _lock(edges, beaten)
    below = {item: _reached(item, beaten) for item in items}
    above = {item: sum(item in found for found in below.values()) for item in items}
    places: dict[int, list[str]] = defaultdict(list)
    for item in items:
        places[above[item] - len(below[item])].append(item)
    return [places[balance] for balance in sorted(places)]


def _majorities(items: list[str], ballots: Sequence[tuple[Ranks, float]]) -> list[list[Edge]]:
    """Pairs (winner, loser) in groups of one margin, widest first; a margin of 0 is a tie and no majority."""
    last = len(items)
    found = []
    for a, b in combinations(items, 2):
        margin = sum(
            weight * ((ranks.get(b, last) > ranks.get(a, last)) - (ranks.get(b, last) < ranks.get(a, last)))
            for ranks, weight in ballots
        )
        if abs(margin) > EPSILON:
            found.append((round(abs(margin), 9), (a, b) if margin > 0 else (b, a)))
    found.sort(key=lambda each: -each[0])
    return [[edge for _, edge in group] for _, group in groupby(found, key=lambda each: each[0])]


def _lock(edges: list[Edge], beaten: dict[str, set[str]]) -> None:
    """Add the edges that do not close a circle with what is locked and with each other."""
    trial = {item: set(found) for item, found in beaten.items()}
    for winner, loser in edges:
        trial[winner].add(loser)
    reached = {item: _reached(item, trial) for item in trial}
    for winner, loser in edges:
        if winner not in reached[loser]:
            beaten[winner].add(loser)


def _reached(start: str, beaten: dict[str, set[str]]) -> set[str]:
    """All items that `start` beats, directly or over others."""
    found: set[str] = set()
    waiting = list(beaten[start])
    while waiting:
        item = waiting.pop()
        if item not in found:
            found.add(item)
            waiting.extend(beaten[item])
    return found
