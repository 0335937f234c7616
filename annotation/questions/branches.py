"""Rows that stand below each other by their `parent`: the order of a tree, and what is no tree."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from annotation.questions.base import Json, Problem, problem

Row = dict[str, Json]


def parents_first(rows: Sequence[Row]) -> list[Row]:
    """Each row before those below it, and these right behind it; as they are if that is no tree."""
    below: dict[Json, list[Row]] = defaultdict(list)
    for row in rows:
        below[row.get("parent")].append(row)
    found: list[Row] = []
    waiting = below[None][::-1]
    while waiting and len(found) <= len(rows):
        row = waiting.pop()
        found.append(row)
        waiting.extend(reversed(below.get(row["id"], [])))
    names = {row["id"] for row in rows}
    return found if len(found) == len(rows) == len(names) else list(rows)


def branch_problems(rows: Sequence[Row]) -> Iterator[Problem]:
    """`bad_parent` of a row whose parent is not there, `cycle` of one that stands below itself; paths start at the rows."""
    parents = {row["id"]: row.get("parent") for row in rows}
    circles = _circles(parents)
    for place, row in enumerate(rows):
        parent = row.get("parent")
        if parent == row["id"] or (parent is not None and parent not in parents):
            yield problem(f"/{place}/parent", "bad_parent")
        elif row["id"] in circles:
            yield problem(f"/{place}/parent", "cycle")


def _circles(parents: dict[str, str | None]) -> set[str]:
    """Those that are their own ancestors."""
    done: set[str] = set()
    found: set[str] = set()
    for start in parents:
        way: dict[str, int] = {}
        at: str | None = start
        while at in parents and at not in done and at not in way:
            way[at] = len(way)
            at = parents[at]
        if at in way:
            found.update(each for each, place in way.items() if place >= way[at])
        done.update(way)
    return found
