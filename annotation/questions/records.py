"""records: a list that somebody writes, row by row: criteria of a rubric, options of an answer, sources, lines of a receipt."""

import json
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from annotation.questions import messages
from annotation.questions.attributes import without_nulls
from annotation.questions.base import Around, Context, Json, Problem, Seen, pointer, problem
from annotation.questions.branches import branch_problems, parents_first
from annotation.questions.columns import (
    Column,
    cell_problems,
    lint_column,
    normal_cells,
    says_nothing,
    widened_columns,
)
from annotation.questions.options import lint_keys, not_higher, not_lower
from annotation.questions.shapes import Key, Model, Name, is_key
from annotation.questions.wanted import AtLeast, Counted, can_hold, wanted_problems

NAME = "records"
FIELDS: frozenset[str] | None = None
TEXT = MANY = False
MEMBERS = ("records", "none")
ROW = ("id", "parent", "cells")
MOST = 300  # rows of an answer, whatever the settings say: each is held against each of another one


class Config(Model):
    """Settings of records. `match`: columns that say of two rows that they are the same one; without it answers are not merged.

    `tree`: a row may stand below another; `ordered`: the order is part of the answer; `prefill`: a table or list of items to start from.
    """

    columns: Annotated[list[Column], Field(min_length=1)]
    render: Literal["table", "cards", "chat"] = "table"
    min: Annotated[int, Field(ge=0)] | None = None
    max: Annotated[int, Field(ge=1, le=MOST)] = MOST
    tree: bool = False
    ordered: bool = False
    match: list[Key] = []
    exactly: list[Counted] = []
    at_least: list[AtLeast] = []
    lint: list[Literal["atomic", "self_contained", "not_tautological", "no_near_duplicates"]] = []
    prefill: Name | None = None
    confirm_empty: bool = False


class Row(Model):
    """A row: its cells by column. `parent`: the row that it stands below."""

    id: Key
    parent: Key | None = None
    cells: dict[str, Any]


class Value(Model):
    """The rows in their order; `none`: it is confirmed that there are none."""

    records: list[Row]
    none: Literal[True] | None = None


# --- Normal form ----------------------------------------------------------------------------------------------------
def normalise(value: Json, config: Config, _context: Context) -> Json:
    """Cells trimmed, empty ones left out; ids for rows without one; parents before what stands below them."""
    if not isinstance(value, dict):
        return value
    kept = without_nulls(value)
    if kept == {"none": True}:
        kept["records"] = []
    rows = kept.get("records")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return kept
    kept["records"] = _with_ids([_normal_row(without_nulls(row), config) for row in rows])
    if not _shape(kept, config):
        kept["records"] = parents_first(kept["records"])
    return {name: kept[name] for name in (*MEMBERS, *kept) if name in kept}


def _normal_row(row: dict[str, Json], config: Config) -> dict[str, Json]:
    if isinstance(row.get("cells"), dict):
        row["cells"] = normal_cells(row["cells"], config.columns)
    return row


def _with_ids(rows: list[dict[str, Json]]) -> list[dict[str, Json]]:
    taken = {row["id"] for row in rows if isinstance(row.get("id"), str)}
    free = (name for name in (f"r{number}" for number in range(1, 2 * len(rows) + 1)) if name not in taken)
    return [row if "id" in row else {"id": next(free), **row} for row in rows]


# --- What is wrong --------------------------------------------------------------------------------------------------
def validate(value: Json, config: Config, context: Context) -> list[Problem]:
    """Each cell and row by itself, what the rows may not have twice, the tree, how many there are."""
    found = _shape(value, config)
    if found:
        return found
    rows = value["records"]
    for place, row in enumerate(rows):
        found.extend(each.under("records", place) for each in _row_problems(row, config, context))
    found.extend(each.under("records") for each in _twice(rows, config))
    found.extend(each.under("records") for each in branch_problems(rows))
    return found + _count_problems(value, config)


def _shape(value: Json, config: Config) -> list[Problem]:
    if not isinstance(value, dict):
        return [problem("", "type", wanted=messages.AN_OBJECT)]
    found = [problem(pointer(name), "type", wanted=messages.NOTHING) for name in value if name not in MEMBERS]
    if value.get("none", True) is not True:
        found.append(problem("/none", "type", wanted=messages.TRUE))
    rows = value.get("records")
    if not isinstance(rows, list):
        return [*found, problem("/records", "type", wanted=messages.A_LIST)]
    for place, row in enumerate(rows):
        found.extend(each.under("records", place) for each in _row_shape(row, config))
    return found


def _row_shape(row: Json, config: Config) -> list[Problem]:
    if not isinstance(row, dict):
        return [problem("", "type", wanted=messages.AN_OBJECT)]
    known = ROW if config.tree else ("id", "cells")
    found = [problem(pointer(name), "type", wanted=messages.NOTHING) for name in row if name not in known]
    keys = ("id", "parent") if config.tree and "parent" in row else ("id",)
    found.extend(problem(f"/{name}", "type", wanted=messages.A_KEY) for name in keys if not is_key(row.get(name)))
    if not isinstance(row.get("cells"), dict):
        found.append(problem("/cells", "type", wanted=messages.AN_OBJECT))
    return found


def _row_problems(row: dict[str, Json], config: Config, context: Context) -> list[Problem]:
    cells, known = row["cells"], {column.key for column in config.columns}
    found = [problem(pointer("cells", key), "unknown_column") for key in cells if key not in known]
    for column in config.columns:
        if column.key in cells:
            faults = cell_problems(cells[column.key], column, context)
            found.extend(each.under("cells", column.key) for each in faults)
        elif column.required:
            found.append(problem(pointer("cells", column.key), "required"))
    return found or ([problem("", "required")] if says_nothing(cells) else [])


def _twice(rows: Sequence[dict[str, Json]], config: Config) -> list[Problem]:
    """Ids, and cells of columns without doubles; case makes no difference."""
    found, ids = [], set()
    for place, row in enumerate(rows):
        if row["id"] in ids:
            found.append(problem(f"/{place}/id", "duplicate"))
        ids.add(row["id"])
    for column in config.columns:
        before = set()
        for place, row in enumerate(rows if column.unique else ()):
            said = json.dumps(row["cells"].get(column.key)).casefold()
            if column.key in row["cells"] and said in before:
                found.append(problem(pointer(place, "cells", column.key), "not_unique"))
            before.add(said)
    return found


def _count_problems(value: dict[str, Json], config: Config) -> list[Problem]:
    rows, count = value["records"], len(value["records"])
    if count and "none" in value:
        return [problem("/none", "contradiction")]
    if not count and config.confirm_empty and "none" not in value:
        return [problem("", "empty_unconfirmed")]
    if config.min is not None and count < config.min:
        return [problem("/records", "too_few", min=config.min)]
    if count > config.max:
        return [problem("/records", "too_many", max=config.max)]
    return wanted_problems(rows, config.columns, config.exactly, config.at_least) if count else []


# --- What others ask of it ------------------------------------------------------------------------------------------
def answered(value: Json, config: Config) -> bool:
    """No rows are an answer where that is to be confirmed, or `min` is given as 0."""
    return bool(value != {"records": []}) or config.confirm_empty or config.min == 0


def seen(value: Json, _config: Config) -> Seen:
    """The number of rows."""
    return Seen(len(value["records"]), count=len(value["records"]))


def lint(config: Config, around: Around) -> list[Problem]:
    """Columns in themselves, settings that name them, limits; and what this version cannot do yet."""
    found = lint_keys(config.columns, "columns")
    for place, column in enumerate(config.columns):
        found.extend(each.under("columns", place) for each in lint_column(column, around))
    if config.min is not None and config.min > config.max:
        found.append(problem("/max", "bad_scale"))
    if config.render == "chat":
        found.append(problem("/render", "unsupported_type", type="chat"))
    found.extend(problem(f"/lint/{place}", "unsupported_type", type=name) for place, name in enumerate(config.lint))
    return found + _lint_named(config) + _lint_prefill(config, around)


def _lint_named(config: Config) -> list[Problem]:
    known = {column.key: column for column in config.columns}
    found = [problem(f"/match/{place}", "bad_reference") for place, key in enumerate(config.match) if key not in known]
    for member in ("exactly", "at_least"):
        for place, wanted in enumerate(getattr(config, member)):
            column = known.get(wanted.column)
            if column is None or not can_hold(column, wanted):
                found.append(problem(f"/{member}/{place}/column", "bad_reference"))
    return found


def _lint_prefill(config: Config, around: Around) -> list[Problem]:
    if config.prefill is None:
        return []
    field = around.fields.get(config.prefill)
    if field is None:
        return [problem("/prefill", "unknown_field")]
    return [] if field.type in ("table", "items") else [problem("/prefill", "wrong_field_type", type=field.type)]


def suits(_config: Config, _context: Context) -> list[Problem]:
    """Every task."""
    return []


def widened(old: Config, new: Config) -> bool:
    """At least the same rows, started from alike, in an order that means as much."""
    limits = not_higher(old.min, new.min) and not_lower(old.max, new.max) and new.confirm_empty <= old.confirm_empty
    rules = all(each in old.exactly for each in new.exactly) and all(each in old.at_least for each in new.at_least)
    alike = (old.ordered, old.prefill) == (new.ordered, new.prefill) and new.tree >= old.tree
    return limits and rules and alike and widened_columns(old.columns, new.columns)
