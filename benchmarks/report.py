"""Figures of a benchmark: printed as a table, written as JSON `{name: {value, unit, goal, holds}}`."""

import argparse
import json
from pathlib import Path
from typing import Any


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What every benchmark understands."""
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")


class Figures:
    """What was measured, in the order of measuring; each is printed when it is known."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[str, Any]] = {}

    def add(self, name: str, value: float, unit: str, goal: float | None = None, *, most: bool = False) -> None:
        """A figure. `goal`: the least that it should be, or with `most` the most."""
        holds = None if goal is None else value <= goal if most else value >= goal
        self._rows[name] = {"value": round(value, 3), "unit": unit, "goal": goal, "holds": holds}
        wanted = (
            "" if goal is None else f"{'at most' if most else 'at least'} {goal:g}: {'holds' if holds else 'MISSED'}"
        )
        print(f"{name:<58} {value:>12,.2f} {unit:<6} {wanted}".rstrip(), flush=True)

    @property
    def hold(self) -> bool:
        """Is no goal missed?"""
        return all(row["holds"] is not False for row in self._rows.values())

    def write(self, path: Path | None) -> None:
        """As JSON, if there is a path."""
        if path is not None:
            path.write_text(json.dumps(self._rows, indent=1) + "\n", encoding="utf-8")


def quantile(values: list[float], share: float) -> float:
    """The value below which that share of the values lies; 0 if there are none."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0
