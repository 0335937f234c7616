"""Columns of records: what kind of cell stands in each row, its normal form, and what may be wrong with it."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, model_validator

from annotation.questions import messages, patterns
from annotation.questions.attributes import is_number, may_refer, targets
from annotation.questions.base import Around, Context, Json, Problem, problem
from annotation.questions.conditions import same
from annotation.questions.options import lint_keys, not_higher, not_lower, widened_list
from annotation.questions.prose import compose, trim
from annotation.questions.rating import is_whole, whole
from annotation.questions.shapes import Key, Model, Name, Options, Words, not_a

Kind = Literal[
    "text", "long_text", "markdown", "code", "integer", "number", "boolean", "choice", "choices", "date", "url", "ref"
]  # fmt: skip
TEXTS = frozenset({"text", "long_text", "markdown", "code", "url"})  # cells of which two can be nearly equal
ONE_LINE = frozenset({"text", "url"})
CHOSEN = frozenset({"choice", "choices"})
NUMBERS = frozenset({"integer", "number"})
_ADDRESS = re.compile(r"https?://[^\s/?#]+\S*", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# settings that mean something for some kinds of cells only
_ONLY = {
    **dict.fromkeys(("min", "max"), NUMBERS),
    **dict.fromkeys(("min_chars", "max_chars", "pattern"), TEXTS),
}


class Column(Model):
    """A column of a table that people write. `not`: values that may not be there; `unique`: no two rows have the same.

    `to` of a ref: an items field, or an earlier question with marks or records.
    """

    key: Key
    title: Words = ""
    help: Words = ""
    type: Kind
    options: Options | None = None
    required: bool = False
    min: float | None = None
    max: float | None = None
    refused: list[str | float | bool] = Field(default=[], alias="not")
    min_chars: Annotated[int, Field(ge=0)] | None = None
    max_chars: Annotated[int, Field(ge=1)] | None = None
    pattern: str | None = None
    unique: bool = False
    to: Name | None = None

    @model_validator(mode="after")
    def _complete(self) -> "Column":
        if (self.options is None) == (self.type in CHOSEN) or (self.to is None) == (self.type == "ref"):
            raise not_a(messages.SOMETHING_ELSE)
        return self

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Place of each option."""
        return {option.key: place for place, option in enumerate(self.options or ())}

    @cached_property
    def matcher(self) -> patterns.Matcher:
        """The pattern, for the whole cell."""
        return patterns.matcher(self.pattern or "")


# --- Normal form ----------------------------------------------------------------------------------------------------
def normal_cells(cells: Mapping[str, Json], columns: Sequence[Column]) -> dict[str, Json]:
    """In the order of the columns, without empty cells; a box that is not ticked says no. Unknown ones stay behind as they are."""
    found = {}
    for column in columns:
        cell = _normal(cells.get(column.key), column)
        if cell is not None:
            found[column.key] = cell
    return found | {key: each for key, each in cells.items() if key not in found and not _is_known(key, columns)}


def _is_known(key: str, columns: Sequence[Column]) -> bool:
    return any(column.key == key for column in columns)


def _normal(cell: Json, column: Column) -> Json:
    """None for an empty one."""
    if isinstance(cell, str):
        return _normal_text(compose(cell), column.type) or None
    if cell is None and column.type == "boolean":
        return False
    if column.type == "choices" and isinstance(cell, list) and all(isinstance(each, str) for each in cell):
        return sorted(cell, key=lambda key: column.index.get(key, len(column.index))) or None
    return whole(cell)


def _normal_text(cell: str, kind: str) -> str:
    """Code keeps its blanks, unless it has nothing else."""
    plain = trim(cell)
    if kind == "code" and plain:
        return cell
    return plain.replace("\n", " ") if kind in ONE_LINE else plain


def says_nothing(cells: Mapping[str, Json]) -> bool:
    """Whether nothing but boxes without a tick is left of a row."""
    return all(cell is False for cell in cells.values())


# --- What is wrong --------------------------------------------------------------------------------------------------
def cell_problems(cell: Json, column: Column, context: Context) -> list[Problem]:
    """What is wrong with one cell, whatever stands in the other rows."""
    fits, wanted = _WANTED[column.type]
    if not fits(cell):
        return [problem("", "type", wanted=wanted)]
    if any(same(cell, each) for each in column.refused):
        return [problem("", "not_allowed")]
    return _CHECKS.get(column.type, _written_problems)(cell, column, context)


def _written_problems(cell: str, column: Column, _context: Context) -> list[Problem]:
    found = []
    if column.type == "url" and not _ADDRESS.fullmatch(cell):
        found.append(problem("", "bad_url"))
    if column.min_chars is not None and len(cell) < column.min_chars:
        found.append(problem("", "too_short", min=column.min_chars))
    if column.max_chars is not None and len(cell) > column.max_chars:
        found.append(problem("", "too_long", max=column.max_chars))
    if column.pattern is not None and not patterns.fits(cell, column.matcher):
        found.append(problem("", "pattern"))
    return found


def _number_problems(cell: float, column: Column, _context: Context) -> list[Problem]:
    low, high = column.min, column.max
    if (low is None or cell >= low) and (high is None or cell <= high):
        return []
    return [
        problem("", "out_of_range", min="-∞" if low is None else whole(low), max="∞" if high is None else whole(high))
    ]


def _choice_problems(cell: str | list[str], column: Column, _context: Context) -> list[Problem]:
    chosen = cell if isinstance(cell, list) else [cell]
    unknown = [problem("", "unknown_option")] if set(chosen) - column.index.keys() else []
    return unknown + ([problem("", "duplicate")] if len(set(chosen)) < len(chosen) else [])


def _date_problems(cell: str, _column: Column, _context: Context) -> list[Problem]:
    if _DATE.fullmatch(cell):
        try:
            date.fromisoformat(cell)
        except ValueError:
            return [problem("", "bad_date")]
        return []
    return [problem("", "bad_date")]


def _ref_problems(cell: str, column: Column, context: Context) -> list[Problem]:
    return [] if cell in targets(column.to or "", context, set()) else [problem("", "unknown_item")]


def _no_problems(_cell: Json, _column: Column, _context: Context) -> list[Problem]:
    return []


def _is_text(cell: Json) -> bool:
    return isinstance(cell, str)


def _are_texts(cell: Json) -> bool:
    return isinstance(cell, list) and all(isinstance(each, str) for each in cell)


def _is_boolean(cell: Json) -> bool:
    return isinstance(cell, bool)


_CHECKS: Mapping[str, Callable[[Json, Column, Context], list[Problem]]] = {
    "integer": _number_problems,
    "number": _number_problems,
    "boolean": _no_problems,
    "choice": _choice_problems,
    "choices": _choice_problems,
    "date": _date_problems,
    "ref": _ref_problems,
}
_WANTED: Mapping[str, tuple[Callable[[Json], bool], str]] = {
    **dict.fromkeys((*TEXTS, "date"), (_is_text, messages.A_STRING)),
    "integer": (is_whole, messages.A_WHOLE_NUMBER),
    "number": (is_number, messages.A_NUMBER),
    "boolean": (_is_boolean, messages.A_BOOLEAN),
    "choice": (_is_text, messages.A_CHOICE),
    "choices": (_are_texts, messages.A_LIST),
    "ref": (_is_text, messages.A_KEY),
}


# --- Settings -------------------------------------------------------------------------------------------------------
def lint_column(column: Column, around: Around) -> list[Problem]:
    """Settings that belong to its kind and fit together; paths are relative to the column."""
    found = lint_keys(column.options, "options")
    alien = [name for name, kinds in _ONLY.items() if getattr(column, name) is not None and column.type not in kinds]
    found.extend(problem(f"/{name}", "bad_reference") for name in alien)
    for low, high in (("min", "max"), ("min_chars", "max_chars")):
        least, most = getattr(column, low), getattr(column, high)
        if least is not None and most is not None and least > most:
            found.append(problem(f"/{high}", "bad_scale"))
    if column.pattern is not None and not patterns.compiles(column.pattern):
        found.append(problem("/pattern", "bad_pattern"))
    if column.to is not None and (column.to == around.name or not may_refer(column.to, around)):
        found.append(problem("/to", "bad_reference"))
    return found


def widened_columns(old: Sequence[Column], new: Sequence[Column]) -> bool:
    """Whether old rows are still complete, and mean the same."""
    now, before = {each.key: each for each in new}, {each.key for each in old}
    if any(each.required and each.key not in before for each in new):
        return False
    return all(each.key in now and _widened(each, now[each.key]) for each in old)


def _widened(old: Column, new: Column) -> bool:
    alike = (old.type, old.to) == (new.type, new.to) and new.pattern in (None, old.pattern)
    stricter = (
        new.required > old.required or new.unique > old.unique or any(each not in old.refused for each in new.refused)
    )
    range_ = not_higher(old.min, new.min) and not_lower(old.max, new.max)
    length = not_higher(old.min_chars, new.min_chars) and not_lower(old.max_chars, new.max_chars)
    return alike and not stricter and range_ and length and widened_list(old.options, new.options)
