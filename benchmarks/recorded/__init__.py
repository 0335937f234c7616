"""Recorded answers of crowds, and the truth: see the README beside this for where they come from."""

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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


Span = tuple[int, int, str]  # first token, token after the last, type


@dataclass(frozen=True, slots=True)
class Marked:
    """Documents in which people marked names. answers: by document and worker, as values of a span question; truth: by document."""

    answers: Mapping[str, Mapping[str, dict[str, Any]]]
    truth: Mapping[str, frozenset[Span]]


def load(name: str) -> Recorded:
    """A set by its name."""
    rows = _rows(name)
    labels = [(row["task"], row["worker"], row["label"]) for row in rows]
    return Recorded(name, labels, {row["task"]: row["truth"] for row in rows if row["truth"]})


def load_marks(name: str = "ner_mturk_val") -> Marked:
    """The set in which spans were marked."""
    found: dict[str, dict[str, set[Span]]] = defaultdict(lambda: defaultdict(set))
    for row in _rows(name):
        spans = found[row["doc"]][row["worker"]]
        if row["type"]:
            spans.add((int(row["start"]), int(row["end"]), row["type"]))
    truth = {doc: frozenset(markings.pop("", ())) for doc, markings in found.items()}
    return Marked({doc: {who: value_of(spans) for who, spans in each.items()} for doc, each in found.items()}, truth)


def value_of(spans: Iterable[Span]) -> dict[str, Any]:
    """As somebody would have marked it in a text of one letter a token, with a blank between two."""
    return {
        "spans": [
            {"id": f"r{place}", "label": type_, "start": 2 * start, "end": 2 * end - 1}
            for place, (start, end, type_) in enumerate(sorted(spans))
        ]
    }


def spans_in(value: Mapping[str, Any]) -> frozenset[Span]:
    """Back into tokens."""
    return frozenset((span["start"] // 2, (span["end"] + 1) // 2, span["label"]) for span in value["spans"])


def _rows(name: str) -> list[dict[str, str]]:
    with gzip.open(HERE / f"{name}.csv.gz", "rt", encoding="utf-8") as file:
        return list(csv.DictReader(file))
