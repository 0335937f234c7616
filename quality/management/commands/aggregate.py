"""`manage.py aggregate`: one label per task out of a file of answers. Needs no database."""

from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError

from quality.aggregation import fitting
from quality.aggregation.em import Floats, Integers, winners
from quality.aggregation.store import LabelStore
from quality.management.tables.reading import Answers, TableError, read_answers, read_gold
from quality.management.tables.writing import check, write

MAJORITY = "majority"
HEADER = ("task", "label", "confidence", "votes")


class Command(BaseCommand):
    """Reads, estimates, writes."""

    help = (
        "Estimate the right label of each task of LABELS.csv (columns task, worker, label) and write RESULT.csv (task, label, confidence, "
        "votes). A tie has no label. Needs neither database nor servers."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("labels", type=Path, metavar="LABELS.csv", help="Who said what of which task.")
        parser.add_argument("--estimator", default="auto", metavar="NAME", help=f"{', '.join(fitting.METHODS)} (auto).")
        parser.add_argument("--gold", type=Path, metavar="GOLD.csv", help="Known labels (columns task, label).")
        parser.add_argument("--out", type=Path, required=True, metavar="RESULT.csv", help="Where the result goes.")

    def handle(self, *_: Any, labels: Path, estimator: str, gold: Path | None, out: Path, **__: Any) -> None:
        if estimator not in fitting.METHODS:
            raise CommandError(f"There is no estimator {estimator!r}. Choose one of {', '.join(fitting.METHODS)}.")
        try:
            check(out, labels, gold)
            known = read_gold(gold) if gold else {}
            answers = read_answers(labels, known)
            if answers.tasks and estimator != MAJORITY and not answers.store.comparable():
                self.stderr.write(
                    f"{labels}: no two people share two tasks; nothing can be learned of them, so votes are counted."
                )
            if unknown := known.keys() - set(answers.tasks):
                self.stderr.write(
                    f"{gold}: tasks without answers are left out: {len(unknown)}, for one {min(unknown)!r}."
                )
            write(out, HEADER, _results(answers, estimator, known))
        except TableError as error:
            raise CommandError(str(error)) from error


def _results(answers: Answers, estimator: str, known: Mapping[str, str]) -> Iterator[tuple[str, str, str, int]]:
    """A row per task."""
    if not answers.tasks:
        return
    place = {name: number for number, name in enumerate(answers.classes)}
    gold = np.array([place[known[task]] if task in known else -1 for task in answers.tasks])
    belief = posterior(answers.store, estimator, gold)
    names = [*answers.classes, ""]  # -1, a tie, is the last
    votes = np.bincount(answers.store.task).tolist()
    for task, label, sure, n in zip(
        answers.tasks, winners(belief).tolist(), belief.max(axis=1).tolist(), votes, strict=True
    ):
        yield task, names[label], f"{sure:.6f}", n


def posterior(store: LabelStore, estimator: str, gold: Integers) -> Floats:
    """f8[I, K] by the estimator of this name. Votes are counted where nothing can be learned of anybody."""
    return fitting.fit(store, estimator if store.comparable() else MAJORITY, gold=gold).posterior
