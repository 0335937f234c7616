"""image: a picture, by its source or as `{src, width, height, sha256, alt}`."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field

from annotation.questions.base import Json, Problem
from annotation.questions.fields.parts import check_image, media_in
from annotation.questions.shapes import Model

NAME = "image"
KEYED = False
MARKABLE = False


class Config(Model):
    """Settings of an image field. `grid`: lines every so many px; `pixelated`: enlarged without smoothing."""

    grid: Annotated[int, Field(ge=1)] | None = None
    pixelated: bool = False


def check(value: Json, _config: Any, path: str, problems: list[Problem]) -> Json:
    """Stored as an object with its source."""
    return check_image(value, path, problems)


def text(_value: Json, _item: str | None) -> str | None:
    """A picture has none."""
    return None


def media(value: Json, _config: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """The picture."""
    yield from media_in(value, "")
