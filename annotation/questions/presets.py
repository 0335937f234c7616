"""Presets: ready-made schemas. A project copies one and it becomes the project's own."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from annotation.questions.base import Json

FOLDER = Path(__file__).with_name("presets")


@dataclass(frozen=True, slots=True)
class Preset:
    """`title`, `about`: words per language. `defaults`: answers, review (none, sample, all), minutes. `example`: payload and value."""

    name: str
    version: int
    title: dict[str, str]
    about: dict[str, str]
    schema: dict[str, Json]
    gold: tuple[str, ...]
    exports: tuple[str, ...]
    defaults: dict[str, Any]
    example: dict[str, Any]


@lru_cache(maxsize=1)
def all_presets() -> tuple[Preset, ...]:
    """All that there are, by name."""
    return tuple(load(path.stem) for path in sorted(FOLDER.glob("*.json")))


def names() -> tuple[str, ...]:
    """Their names."""
    return tuple(preset.name for preset in all_presets())


@lru_cache(maxsize=128)
def load(name: str) -> Preset:
    """The preset of this name. Raises KeyError if there is none."""
    path = FOLDER / f"{name}.json"
    if not name.isidentifier() or not path.is_file():
        raise KeyError(name)
    body = json.loads(path.read_text(encoding="utf-8"))
    return Preset(
        name=body["preset"],
        version=body["version"],
        title=body["title"],
        about=body["about"],
        schema=body["schema"],
        gold=tuple(body.get("gold", ())),
        exports=tuple(body["exports"]),
        defaults=body.get("defaults", {}),
        example=body["example"],
    )
