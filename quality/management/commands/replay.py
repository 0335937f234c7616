"""`manage.py replay`: how many answers of a file would have been enough. Needs no database."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError

from quality.aggregation.decide import UNCALIBRATED
from quality.aggregation.em import Integers
from quality.aggregation.replay import replay
from quality.management.tables.reading import Answers, TableError, read_answers
from quality.management.tables.writing import check, put, write

HEADER = ("task", "label", "confidence", "used")
LEAST = 2


class Command(BaseCommand):
    """Reads, replays, writes."""

    help = (
        "Let the answers of LABELS.csv (columns task, worker, label) come one by one, ask for no more where a project would not, and write "
        "what the result would be and how many answers it took (task, label, confidence, used). A tie has no label. Needs neither database "
        "nor servers."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("labels", type=Path, metavar="LABELS.csv", help="Who said what of which task.")
        parser.add_argument(
            "--target", type=float, default=UNCALIBRATED, metavar="P", help="Enough when so sure (0.99)."
        )
        parser.add_argument("--min", type=int, default=LEAST, dest="least", metavar="N", help="Answers at least (2).")
        parser.add_argument("--seed", type=int, metavar="N", help="A random order; else that of the file.")
        parser.add_argument("--out", type=Path, metavar="RESULT.csv", help="Where the result goes; else to the screen.")

    def handle(
        self, *_: Any, labels: Path, target: float, least: int, seed: int | None, out: Path | None, **__: Any
    ) -> None:
        if not 0 < target <= 1 or least < 1 or (seed or 0) < 0:
            raise CommandError("--target must lie above 0 and not above 1, --min must be 1 or more, --seed 0 or more.")
        try:
            if out:
                check(out, labels)
            rows = _results(read_answers(labels), target, least, seed)
            if out:
                write(out, HEADER, rows)
            else:
                put(sys.stdout, HEADER, rows)
        except TableError as error:
            raise CommandError(str(error)) from error


def _results(answers: Answers, target: float, least: int, seed: int | None) -> Iterator[tuple[str, str, str, int]]:
    """A row per task."""
    if not answers.tasks:
        return
    found = replay(answers.store, _arrival(answers, seed), target=target, least=least)
    names = [*answers.classes, ""]  # -1, a tie, is the last
    columns = (column.tolist() for column in (found.label, found.confidence, found.used))
    for task, label, sure, used in zip(answers.tasks, *columns, strict=True):
        yield task, names[label], f"{sure:.6f}", used


def _arrival(answers: Answers, seed: int | None) -> Integers:
    """i8[N]: when each label comes."""
    if seed is None:
        return answers.row.astype(np.int64)
    return np.random.default_rng(seed).permutation(len(answers.row))
