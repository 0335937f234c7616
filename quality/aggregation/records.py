"""Records: rows that more than half of the weight has written, recognised by the columns that `match` names; without these nothing is
merged, and somebody must read the answers.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from annotation.questions.branches import parents_first
from quality.aggregation.clusters import clusters
from quality.aggregation.rows import NEAR, Row, Table
from quality.aggregation.votes import (
    EPSILON,
    Config,
    Payload,
    Result,
    Vote,
    conclude,
    nothing,
    ordered,
    share_of,
    shares,
)

LEVEL = "distance"
METHOD = "row_vote"
ENOUGH = 0.8  # F1 of the rows at which an answer passes
HALF = 0.5
ABSENT = ""


def distance(a: Any, b: Any, config: Config, _payload: Payload) -> float:
    """1 - F1 of the rows that both have, times the mean share of their cells that are equal."""
    found, alike = _compared(a, b, config)
    return 1 - found * alike


def _compared(a: Any, b: Any, config: Config) -> tuple[float, float]:
    """(F1 of the rows, mean share of equal cells in those that both have)."""
    table = Table(config)
    mine, yours = table.rows(a), table.rows(b)
    if not mine and not yours:
        return 1.0, 1.0
    pairs = list(table.aligned(mine, yours))
    if not pairs:
        return 0.0, 0.0
    return 2 * len(pairs) / (len(mine) + len(yours)), sum(table.in_common(*pair) for pair in pairs) / len(pairs)


def passes(value: Any, expected: Any, config: Config, _payload: Payload) -> tuple[bool, float]:
    """Row F1 of at least 0.8, whatever the other cells say. Score: 1 - distance."""
    found, alike = _compared(value, expected, config)
    return found >= ENOUGH - EPSILON, found * alike


def aggregate(votes: Sequence[Vote], config: Config, payload: Payload) -> Result:
    """Rows of more than half of the weight, each cell as most of it has it, in the order of their mean places.

    confidence: mean over these rows of the weight behind a row, less where it is not of one mind about the cells; without rows, the
    share of the empty answers. A tie about a cell that is needed is a doubt.
    """
    counted = ordered(votes)
    if not counted:
        return nothing(METHOD)
    if not config.get("match"):
        value = counted[0].value if len(counted) == 1 else None
        return _concluded(counted, value, None, config, payload, doubt="cannot_merge")
    if all(vote.value == counted[0].value for vote in counted):
        return _concluded(counted, counted[0].value, 1.0, config, payload)
    merged = _merged(counted, config)
    confidence = sum(each.sure for each in merged) / len(merged) if merged else _share_of_empty(counted)
    tied = any(each.tied for each in merged)
    return _concluded(counted, _value(merged, counted), confidence, config, payload, doubt="tie" if tied else "")


def _concluded(
    votes: Sequence[Vote], value: Any, confidence: float | None, config: Config, payload: Payload, **more: Any
) -> Result:
    method = METHOD if config.get("match") else "none"
    return conclude(votes, value, confidence, method, lambda a, b: distance(a, b, config, payload), **more)


def _share_of_empty(votes: Sequence[Vote]) -> float:
    return share_of(votes, lambda value: not value["records"])


# --- Rows of several answers become one ------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Written:
    """A row in an answer: whose, its weight, where it stands, and what it says."""

    vote: int
    weight: float
    place: int
    record: Mapping[str, Any]
    row: Row


@dataclass(slots=True)
class _Merged:
    """A row of the result in the making. sure: the weight behind it and its cells; tied: a needed cell has two values of one weight."""

    support: list[_Written]
    cells: dict[str, Any] = field(default_factory=dict)
    sure: float = 0.0
    tied: bool = False

    @property
    def order(self) -> tuple[float, str]:
        """Its mean place; of equal ones by its words."""
        weight = sum(each.weight for each in self.support)
        mean = sum(each.weight * each.place for each in self.support) / weight
        return round(mean, 9), json.dumps(self.cells, ensure_ascii=False)


def _merged(votes: Sequence[Vote], config: Config) -> list[_Merged]:
    """The rows that are kept, in their order."""
    table = Table(config)
    written = _written(votes, table)
    found = [_Merged([written[at] for at in group]) for group in _groups(written, table)]
    kept = [each for each in found if sum(one.weight for one in each.support) > HALF + EPSILON]
    for each in kept:
        _vote(each, config, table)
    return sorted(kept, key=lambda each: each.order)


def _written(votes: Sequence[Vote], table: Table) -> list[_Written]:
    """Every row of every answer, by its words, so that its place in the list says nothing."""
    found = [
        _Written(number, weight, place, record, row)
        for number, (vote, weight) in enumerate(zip(votes, shares(votes), strict=True))
        for place, (record, row) in enumerate(zip(vote.value["records"], table.rows(vote.value), strict=True))
    ]
    return sorted(found, key=lambda each: (each.row.text, each.vote, each.place))


def _groups(written: Sequence[_Written], table: Table) -> list[list[int]]:
    """Places of rows that are the same one; at most one per answer. Equal rows are compared once."""
    different = list({each.row.text: each.row for each in written}.values())
    number = {row.text: place for place, row in enumerate(different)}
    near = np.eye(len(different))
    for i, a in enumerate(different):
        for j in range(i + 1, len(different)):
            near[i, j] = near[j, i] = table.likeness(a, different[j])
    of = [number[each.row.text] for each in written]
    return clusters(near[np.ix_(of, of)], [each.vote for each in written], [""] * len(of), NEAR)


def _vote(merged: _Merged, config: Config, table: Table) -> None:
    """Each cell by itself. Texts of the same letters count together; a text by which rows are recognised is of one mind anyway."""
    behind = sum(each.weight for each in merged.support)
    minds = []
    for column in config["columns"]:
        key = column["key"]
        weights: dict[str, float] = defaultdict(float)
        for each in merged.support:
            weights[_class(each.row.cells.get(key))] += each.weight
        most = max(weights.values())
        leaders = {name for name, weight in weights.items() if weight > most - EPSILON}
        named = key in table.match and key in table.texts
        merged.tied = merged.tied or (len(leaders) > 1 and bool(column.get("required")) and not named)
        if leaders != {ABSENT}:
            merged.cells[key] = _put(key, leaders, merged.support)
        if weights.keys() != {ABSENT} and not named:
            minds.append(most / behind)
    merged.sure = behind * (sum(minds) / len(minds) if minds else 1.0)


def _class(cell: Any) -> str:
    return ABSENT if cell is None else json.dumps(cell, ensure_ascii=False)


def _put(key: str, leaders: set[str], support: Sequence[_Written]) -> Any:
    """As most of the weight spells it; of equally heavy spellings the longest, then by its letters, so that no name decides."""
    spellings: dict[str, float] = defaultdict(float)
    for each in support:
        if key in each.record["cells"] and _class(each.row.cells[key]) in leaders:
            spellings[_class(each.record["cells"][key])] += each.weight
    most = max(spellings.values())
    return json.loads(
        max((text for text in spellings if spellings[text] > most - EPSILON), key=lambda text: (len(text), text))
    )


# --- The merged answer ----------------------------------------------------------------------------------------------
def _value(merged: Sequence[_Merged], votes: Sequence[Vote]) -> dict[str, Any]:
    """Rows with ids of their own, below the row that most of the weight puts them below, if that is kept too."""
    if not merged:
        confirmed = any(vote.value.get("none") for vote in votes)
        return {"records": [], "none": True} if confirmed else {"records": []}
    place = {(one.vote, one.record["id"]): at for at, each in enumerate(merged) for one in each.support}
    above: dict[int, int] = {}
    for at, each in enumerate(merged):
        parent = _parent(each, place)
        if parent is not None and not _is_below(parent, at, above):
            above[at] = parent
    names = {at: {"parent": _id(parent)} for at, parent in above.items()}
    rows = [{"id": _id(at), **names.get(at, {}), "cells": each.cells} for at, each in enumerate(merged)]
    return {"records": parents_first(rows)}


def _id(place: int) -> str:
    return f"m{place + 1}"


def _parent(merged: _Merged, place: Mapping[tuple[int, str], int]) -> int | None:
    """By vote; of equally heavy ones none, then the one that stands first."""
    weights: dict[int, float] = defaultdict(float)
    for each in merged.support:
        weights[place.get((each.vote, each.record.get("parent", "")), -1)] += each.weight
    most = max(weights.values())
    winner = min(at for at, weight in weights.items() if weight > most - EPSILON)
    return winner if winner >= 0 else None


def _is_below(row: int | None, top: int, above: Mapping[int, int]) -> bool:
    """Whether a row is another one, or stands somewhere below it."""
    while row is not None and row != top:
        row = above.get(row)
    return row == top
