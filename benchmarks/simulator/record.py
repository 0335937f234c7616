"""Days in a file, so that one which took hours can stand beside those of another run. Only where the world is the same."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.simulator.measures import Measures, Waits
from benchmarks.simulator.world import World


def write(file: Path, drawn: World, days: Sequence[Measures]) -> None:
    """The figures of these days, with the mark of their world."""
    body = {"world": mark(drawn), "days": [asdict(day) for day in days]}
    file.write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")


def read(file: Path, drawn: World) -> list[Measures]:
    """The days in a file. Raises SystemExit if they are of another world."""
    body = json.loads(file.read_text(encoding="utf-8"))
    if body["world"] != mark(drawn):
        raise SystemExit(f"{file} has figures of another day. Give its size, seed and load.")
    return [_day(each) for each in body["days"]]


def mark(drawn: World) -> str:
    """The same for the same people, projects and posts, and for no others."""
    return hashlib.sha256(repr(drawn).encode()).hexdigest()


def _day(body: dict[str, Any]) -> Measures:
    return Measures(**{**body, "waits": {name: _waits(each) for name, each in body["waits"].items()}})


def _waits(body: dict[str, Any]) -> Waits:
    return Waits(**{**body, "leased": tuple(body["leased"]), "done": tuple(body["done"])})
