"""markdown: a string, shown rendered; marks are on its source."""

from typing import Annotated

from pydantic import Field

from annotation.questions.fields import text as plain
from annotation.questions.shapes import Model

NAME = "markdown"
KEYED = False
MARKABLE = True


class Config(Model):
    """Settings of a Markdown field."""

    lang: str | None = None
    dir: plain.Direction | None = None
    max_chars: Annotated[int, Field(ge=1)] | None = None
    math: bool = False


check = plain.check
text = plain.text
media = plain.media
