"""`manage.py aggregate`: one label per task out of a file of answers. Needs no database."""

from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError

from quality.aggregation import fitting, interval
from quality.aggregation.em import Floats, Integers, winners
from quality.aggregation.store import LabelStore
from quality.aggregation.suited import INTERVAL, ORDINAL
from quality.management.tables.numbers import numbers_of, on_scale, said
from quality.management.tables.reading import Answers, TableError, read_answers, read_gold
from quality.management.tables.writing import check, write

MAJORITY = "majority"
METHODS = (*fitting.METHODS, INTERVAL)
HEADER = ("task", "label", "confidence", "votes")


class Command(BaseCommand):
    """Reads, estimates, writes."""

    help = (
        "Estimate the right label of each task of LABELS.csv (columns task, worker, label) and write RESULT.csv (task, label, confidence, "
        "votes). A tie has no label. Labels of `ordinal` and `interval` are numbers; by `interval` the label is a mean, sd its standard "
        "deviation, and the confidence how much of the variance of the tasks it explains. Needs neither database nor servers."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("labels", type=Path, metavar="LABELS.csv", help="Who said what of which task.")
        parser.add_argument("--estimator", default="auto", metavar="NAME", help=f"{', '.join(METHODS)} (auto).")
        parser.add_argument("--gold", type=Path, metavar="GOLD.csv", help="Known labels (columns task, label).")
        parser.add_argument("--out", type=Path, required=True, metavar="RESULT.csv", help="Where the result goes.")

    def handle(self, *_: Any, labels: Path, estimator: str, gold: Path | None, out: Path, **__: Any) -> None:
        if estimator not in METHODS:
            raise CommandError(f"There is no estimator {estimator!r}. Choose one of {', '.join(METHODS)}.")
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
            if estimator == INTERVAL:
                write(out, (*HEADER, "sd"), _means(answers, numbers_of(labels, answers), known))
                return
            if estimator == ORDINAL:
                answers, known = on_scale(labels, answers, known)
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


def _means(answers: Answers, values: Floats, known: Mapping[str, str]) -> Iterator[tuple[str, str, str, int, str]]:
    """A row per task; with what nobody can be learned from, all people count alike."""
    gold = np.array([float(known[task]) if task in known else np.nan for task in answers.tasks])
    fit = interval.learn(answers.store, values, gold=gold)
    explained = 1 - fit.belief.variance / fit.crowd.variance
    votes = np.bincount(answers.store.task, minlength=len(answers.tasks)).tolist()
    columns = (fit.belief.mean, explained, np.sqrt(fit.belief.variance))
    for task, n, mean, sure, deviation in zip(
        answers.tasks, votes, *(column.tolist() for column in columns), strict=True
    ):
        yield task, said(mean), f"{sure:.6f}", n, f"{deviation:.6g}"


def posterior(store: LabelStore, estimator: str, gold: Integers) -> Floats:
    """f8[I, K] by the estimator of this name. Votes are counted where nothing can be learned of anybody."""
    return fitting.fit(store, estimator if store.comparable() else MAJORITY, gold=gold).posterior
