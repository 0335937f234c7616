"""rating: a step on a scale."""

import re
from typing import Annotated, Any, Literal

from pydantic import Field

from annotation.questions import messages
from annotation.questions.base import Around, Context, Json, Problem, Seen, pointer, problem
from annotation.questions.shapes import Model, Words

NAME = "rating"
FIELDS: frozenset[str] | None = None
TEXT = MANY = False
Value: Any = int | Literal["na"]
NA = "na"
LARGEST = 2**53  # beyond it a JSON number is no longer a whole number for certain


class Config(Model):
    """Settings of a rating. `anchors`: words at some of the steps."""

    min: Annotated[int, Field(ge=-100)]
    max: Annotated[int, Field(le=100)]
    anchors: dict[str, Words] = {}
    style: Literal["buttons", "stars", "slider"] | None = None
    allow_na: bool = False
    measure: Literal["ordinal", "interval"] = "ordinal"


def whole(value: Json) -> Json:
    """A number without a fraction as an int; everything else as it is."""
    if isinstance(value, float) and abs(value) < LARGEST and value == int(value):
        return int(value)
    return value


def is_whole(value: Json) -> bool:
    """Whether it is a whole number."""
    return isinstance(value, int) and not isinstance(value, bool)


def normalise(value: Json, _config: Config, _context: Context) -> Json:
    """3.0 is 3."""
    return whole(value)


def validate(value: Json, config: Config, _context: Context) -> list[Problem]:
    """`out_of_range`, `na_not_allowed`."""
    if value == NA:
        return [] if config.allow_na else [problem("", "na_not_allowed")]
    if not is_whole(value):
        return [problem("", "type", wanted=messages.A_WHOLE_NUMBER)]
    if config.min <= value <= config.max:
        return []
    return [problem("", "out_of_range", min=config.min, max=config.max)]


def answered(_value: Json, _config: Config) -> bool:
    """Whatever is chosen."""
    return True


def seen(value: Json, _config: Config) -> Seen:
    """The number, or `na`."""
    return Seen(value)


def lint(config: Config, _around: Around) -> list[Problem]:
    """A scale of at least two steps, with its anchors on it."""
    found = [problem("/max", "bad_scale")] if config.min >= config.max else []
    return found + lint_anchors(config.anchors, config.min, config.max)


def lint_anchors(anchors: dict[str, Any], low: int, high: int) -> list[Problem]:
    """Anchors stand at steps of the scale."""
    return [problem(pointer("anchors", step), "bad_scale") for step in anchors if not _is_step(step, low, high)]


def _is_step(step: str, low: int, high: int) -> bool:
    return re.fullmatch(r"0|-?[1-9][0-9]{0,2}", step) is not None and low <= int(step) <= high


def suits(_config: Config, _context: Context) -> list[Problem]:
    """Every task."""
    return []


def widened(old: Config, new: Config) -> bool:
    """The same steps: another scale gives every step another meaning."""
    return (old.min, old.max) == (new.min, new.max) and new.allow_na >= old.allow_na
