"""audio: a recording, by its source or as `{src, seconds, sample_rate, channels, lang, sha256, alt}`."""

from collections.abc import Iterator, Mapping
from typing import Any

from annotation.questions.base import Json, Problem
from annotation.questions.fields import parts
from annotation.questions.fields.text import Direction
from annotation.questions.shapes import Model

NAME = "audio"
KEYED = False
MARKABLE = False


class Config(Model):
    """Settings of an audio field: language and direction of what is written down of it."""

    lang: str | None = None
    dir: Direction | None = None


_RECORDING: Mapping[str, parts.Check] = {
    "src": parts.check_source,
    "sha256": parts.check_sha256,
    "alt": parts.check_text,
    "seconds": parts.check_not_negative,
    "sample_rate": parts.check_size,
    "channels": parts.check_size,
    "lang": parts.check_plain,
}


def check(value: Json, _config: Any, path: str, problems: list[Problem]) -> Json:
    """Stored as an object with its source."""
    if isinstance(value, str):
        return {"src": parts.check_source(value, path, problems)}
    return parts.check_members(value, _RECORDING, ("src",), path, problems)


def text(_value: Json, _item: str | None) -> str | None:
    """A recording has none."""
    return None


def media(value: Json, _config: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """The recording."""
    yield from parts.media_in(value, "")
