"""text: a string."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from annotation.questions.base import Json, Problem, problem
from annotation.questions.fields.parts import check_text
from annotation.questions.shapes import Model

NAME = "text"
KEYED = False
MARKABLE = True
Direction = Literal["auto", "ltr", "rtl"]


class Config(Model):
    """Settings of a text field."""

    lang: str | None = None
    dir: Direction | None = None
    split: Literal["none", "line", "paragraph"] | None = None
    max_chars: Annotated[int, Field(ge=1)] | None = None


def check(value: Json, config: Any, path: str, problems: list[Problem]) -> Json:
    """LF, NFC, not longer than `max_chars`."""
    text = check_text(value, path, problems)
    if config.max_chars is not None and isinstance(text, str) and len(text) > config.max_chars:
        problems.append(problem(path, "too_long", max=config.max_chars))
    return text


def text(value: Json, item: str | None) -> str | None:
    """The string itself; it has no elements."""
    return value if isinstance(value, str) and item is None else None


def media(_value: Json, _config: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """None."""
    yield from ()
