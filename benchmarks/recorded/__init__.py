"""Recorded answers of crowds, and the truth: see the README beside this for where they come from."""

import csv
import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
SETS = ("bluebirds", "rte", "music_genre", "weather_sentiment")


@dataclass(frozen=True, slots=True)
class Recorded:
    """One set. labels: (task, worker, label) as recorded; truth: of the tasks where it is known."""

    name: str
    labels: list[tuple[str, str, str]]
    truth: Mapping[str, str]

    @property
    def classes(self) -> list[str]:
        """All labels there are, sorted."""
        return sorted({label for _, _, label in self.labels} | set(self.truth.values()))


def load(name: str) -> Recorded:
    """A set by its name."""
    with gzip.open(HERE / f"{name}.csv.gz", "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    labels = [(row["task"], row["worker"], row["label"]) for row in rows]
    return Recorded(name, labels, {row["task"]: row["truth"] for row in rows if row["truth"]})
