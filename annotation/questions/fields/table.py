"""table: rows of named values. Key = row `id`, else its index."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from annotation.questions import messages
from annotation.questions.base import Json, Problem, pointer, problem
from annotation.questions.fields import parts
from annotation.questions.shapes import Key, Model, Words

NAME = "table"
KEYED = True
MARKABLE = False


class Column(Model):
    """A column that is shown, under its title."""

    key: Key
    title: Words = ""
    type: Literal["text", "number", "boolean", "date", "url"] = "text"


class Config(Model):
    """Settings of a table. `columns`: which are shown, and in which order; without them all, as they come."""

    columns: list[Column] = []
    max_rows: Annotated[int, Field(ge=1)] | None = None


_CHECKS: Mapping[str, parts.Check] = {"number": parts.check_number, "boolean": parts.check_boolean}


def check(value: Json, config: Config, path: str, problems: list[Problem]) -> Json:
    """At least one row, at most `max_rows`; values of the kind that their column says, null ones dropped."""
    checks = {column.key: _CHECKS.get(column.type, parts.check_text) for column in config.columns}

    def check_row(row: Json, at: str, found: list[Problem]) -> Json:
        return _check_row(row, {**checks, "id": parts.check_key}, at, found)

    stored = parts.check_elements(value, check_row, path, problems)
    if isinstance(value, list) and config.max_rows is not None and len(value) > config.max_rows:
        problems.append(problem(path, "too_many", max=config.max_rows))
    return stored


def _check_row(row: Json, checks: Mapping[str, parts.Check], path: str, problems: list[Problem]) -> Json:
    if not isinstance(row, dict):
        return parts.wrong(path, messages.AN_OBJECT, problems, row)
    return {
        name: checks.get(name, _check_scalar)(each, path + pointer(name), problems)
        for name, each in row.items()
        if each is not None
    }


def _check_scalar(value: Json, path: str, problems: list[Problem]) -> Json:
    if isinstance(value, int | float):  # true and false are among them
        return value
    return parts.check_text(value, path, problems)


def text(_value: Json, _item: str | None) -> str | None:
    """A row is no text."""
    return None


def media(_value: Json, _config: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """None."""
    yield from ()
