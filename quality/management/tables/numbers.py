"""Labels that are numbers: their values, and the steps of the scale that they make."""

from collections.abc import Mapping
from dataclasses import replace
from math import isfinite
from pathlib import Path

import numpy as np

from quality.aggregation.em import Floats
from quality.aggregation.ordinal import MOST_CLASSES
from quality.aggregation.store import LabelStore
from quality.management.tables.reading import Answers, TableError


def numbers_of(path: Path, answers: Answers) -> Floats:
    """f8[K]: of the classes, which came from this file. Raises TableError for one that is not a number."""
    return np.array([_number(path, label) for label in answers.classes])


def on_scale(path: Path, answers: Answers, known: Mapping[str, str]) -> tuple[Answers, Mapping[str, str]]:
    """The answers with the numbers that occur as classes, in rising order: 2 and 2.0 are one. And what is known, in the same words.

    Raises TableError for labels that are not numbers, or too many different ones.
    """
    steps, place = np.unique(numbers_of(path, answers), return_inverse=True)
    if len(steps) > MOST_CLASSES:
        says = f"{len(steps)} different numbers are too many steps for one scale; {MOST_CLASSES} are the most. Take interval."
        raise TableError(path, None, says)
    store = answers.store
    label = place[store.label] if len(place) else store.label
    again = LabelStore.from_rows(store.tasks[store.task], store.workers[store.worker], label, len(steps))
    names = [said(step) for step in steps.tolist()]
    answered = set(answers.tasks)
    return replace(answers, classes=names, store=again), {
        task: said(float(label)) for task, label in known.items() if task in answered
    }


def said(number: float) -> str:
    """As short as ten digits allow."""
    return f"{number:.10g}"


def _number(path: Path, label: str) -> float:
    try:
        number = float(label)
    except ValueError:
        number = float("nan")
    if not isfinite(number):
        raise TableError(
            path, None, f"the label {label[:80]!r} is not a number. Correct it, or take another estimator."
        )
    return number
