"""Rows that must be there among records: so many whose cell in a column is this."""

import json
from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from annotation.questions import messages
from annotation.questions.attributes import is_number, title_of
from annotation.questions.base import Json, Problem, problem
from annotation.questions.columns import CHOSEN, NUMBERS, Column
from annotation.questions.conditions import same
from annotation.questions.rating import whole
from annotation.questions.shapes import Key, Model, not_a

Scalar = str | float | bool


class Counted(Model):
    """So many rows whose cell is this; `exactly` so many."""

    column: Key
    equals: Scalar = Field(alias="is")
    count: Annotated[int, Field(ge=0)]
    lt: ClassVar[None] = None
    gt: ClassVar[None] = None


class AtLeast(Model):
    """At least so many rows whose cell is this, or below, or above a number."""

    column: Key
    equals: Scalar | None = Field(default=None, alias="is")
    lt: float | None = None
    gt: float | None = None
    count: Annotated[int, Field(ge=1)]

    @model_validator(mode="after")
    def _asks_something(self) -> "AtLeast":
        if self.equals is None and self.lt is None and self.gt is None:
            raise not_a(messages.SOMETHING_ELSE)
        return self


def can_hold(column: Column, wanted: Counted | AtLeast) -> bool:
    """A number is compared with numbers, an option is there to be chosen."""
    if (wanted.lt is not None or wanted.gt is not None) and column.type not in NUMBERS:
        return False
    return column.type not in CHOSEN or wanted.equals in column.index


def wanted_problems(
    rows: Sequence[dict[str, Json]], columns: Sequence[Column], exactly: Sequence[Counted], at_least: Sequence[AtLeast]
) -> list[Problem]:
    """What is not there as often as it should be; paths start at the value."""
    titles = {column.key: title_of(column.title, column.key) for column in columns}
    asked: list[tuple[str, Counted | AtLeast]] = [
        *(("exactly", each) for each in exactly),
        *(("at_least", each) for each in at_least),
    ]
    found = []
    for code, wanted in asked:
        count = sum(_holds(row["cells"].get(wanted.column), wanted) for row in rows)
        if count < wanted.count or (code == "exactly" and count > wanted.count):
            found.append(
                problem("/records", code, count=wanted.count, column=titles.get(wanted.column), test=_test(wanted))
            )
    return found


def _test(wanted: Counted | AtLeast) -> str:
    tests = (("=", wanted.equals), ("<", wanted.lt), (">", wanted.gt))
    return ", ".join(
        f"{sign} {json.dumps(whole(each), ensure_ascii=False)}" for sign, each in tests if each is not None
    )


def _holds(cell: Json, wanted: Counted | AtLeast) -> bool:
    if wanted.equals is not None and not (same(cell, wanted.equals) or _has(cell, wanted.equals)):
        return False
    if wanted.gt is None and wanted.lt is None:
        return True
    return is_number(cell) and (wanted.gt is None or cell > wanted.gt) and (wanted.lt is None or cell < wanted.lt)


def _has(cell: Json, key: Scalar) -> bool:
    return isinstance(cell, list) and key in cell
