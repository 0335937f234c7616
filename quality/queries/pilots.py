"""A pilot: the few dozen tasks of a project with most answers, and what they say about the rules that it could take."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np

from annotation.models import Annotation, Project, Purpose, Result, Task
from annotation.queries.schemas import compiled
from quality.aggregation import fitting
from quality.aggregation.frontier import Point, frontier
from quality.aggregation.registry import CLASSED
from quality.aggregation.store import LabelStore
from quality.models import GoldItem, Review
from quality.queries.labels import classes_of

FEWEST_TASKS, MOST_TASKS = 20, 100
FEWEST_ANSWERS, MOST_ANSWERS = 3, 7
RATED = "rating"  # what it would be worth is worked out for classes of which one is as wrong as another
COUNTING = ("pending", "accepted", "corrected")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of which a pilot can be made: its answers are one of the same few classes for every task."""

    name: str
    type: str
    classes: list[str]

    def place(self, value: Mapping[str, Any]) -> int:
        """The number of the class of an answer or result; -1 if there is none."""
        given = value.get(self.name)
        code = None if given is None else CLASSED[self.type][1](given)
        return self.classes.index(code) if code in self.classes else -1


@dataclass(frozen=True, slots=True)
class Pilot:
    """tasks: from so many it is drawn, with so many `answers` of each; `known`: of so many the class is known by more than these answers.

    points: cheapest first; empty while there are too few tasks. seconds: a person's usual time for one answer.
    """

    question: str
    tasks: int
    answers: int
    known: int
    seconds: float
    points: list[Point]


def questions(project: Project) -> list[Asked]:
    """Those of the present schema, in its order."""
    asked = [(each, classes_of(each)) for each in compiled(project.pk, project.schema_version).questions]
    return [Asked(each.name, each.type, classes) for each, classes in asked if classes and each.type != RATED]


def pilot(*, project: Project, question: Asked) -> Pilot:
    """Measured anew whenever it is asked for: a second of one core for fifty tasks. A constant number of statements."""
    labels, seconds = _labels(project, question)
    most = next(
        (n for n in range(MOST_ANSWERS, FEWEST_ANSWERS, -1) if _with(labels, n) >= FEWEST_TASKS), FEWEST_ANSWERS
    )
    chosen = [task for task, given in labels.items() if len(given) >= most][:MOST_TASKS]
    known = _known(chosen, question)
    points: list[Point] = []
    if len(chosen) >= FEWEST_TASKS:
        terms = project.terms
        points = _points(
            question,
            {task: labels[task] for task in chosen},
            known,
            float(terms.get("price_minor", 0)),
            float(terms.get("review_price_minor", 0)),
        )
    return Pilot(question.name, len(chosen), most, len(known), seconds, points)


def _with(labels: Mapping[int, list[tuple[int, int]]], n: int) -> int:
    return sum(len(given) >= n for given in labels.values())


def _labels(project: Project, question: Asked) -> tuple[dict[int, list[tuple[int, int]]], float]:
    """{task: [(person, class)]} of the tasks with most answers, at most 7 of each; and the usual seconds of an answer."""
    tasks = Task.objects.filter(project=project, purpose__in=(Purpose.WORK, Purpose.GOLD), answers__gte=FEWEST_ANSWERS)
    keys = list(tasks.order_by("-answers", "-id").values_list("pk", flat=True)[: 2 * MOST_TASKS])
    rows = Annotation.objects.filter(task__in=keys, status__in=COUNTING, exit="").order_by("task_id", "id")
    found: dict[int, list[tuple[int, int]]] = {}
    took = []
    for task, person, answer, active_ms in rows.values_list("task_id", "contributor_id", "answer", "active_ms"):
        place = question.place(answer.get("value", {}))
        given = found.setdefault(task, [])
        if place >= 0 and len(given) < MOST_ANSWERS:
            given.append((person, place))
            took.append(active_ms / 1000)
    return found, median(took) if took else 0.0


def _known(tasks: list[int], question: Asked) -> dict[int, int]:
    """{task: class} of planted tasks and of those whose result a reviewer has accepted or corrected."""
    undisputed = GoldItem.objects.exclude(status=GoldItem.Status.QUARANTINED)
    planted = undisputed.filter(task__in=tasks).values_list("task_id", "expected")
    judged = Review.objects.filter(task__in=tasks, decision__in=("accept", "correct")).values("task_id")
    results = Result.objects.filter(task__in=judged).order_by("id").values_list("task_id", "answers")
    values = [(task, expected) for task, expected in planted]
    values += [(task, {name: each.get("value") for name, each in answers.items()}) for task, answers in results]
    return {task: place for task, value in values if (place := question.place(value)) >= 0}


def _points(
    question: Asked, labels: Mapping[int, list[tuple[int, int]]], known: Mapping[int, int], answer: float, review: float
) -> list[Point]:
    """Held against what is known; of other tasks, against what all their answers say together."""
    rows = [(task, *each) for task, given in labels.items() for each in given]
    task, person, label = (list(column) for column in zip(*rows, strict=True))
    store = LabelStore.from_rows(task, person, label, len(question.classes))
    gold = np.array([known.get(key, -1) for key in store.tasks.tolist()])
    truth = fitting.fit(store, "auto", gold=gold).label.astype(np.int64)
    clear = truth >= 0
    kept = np.flatnonzero(clear[store.task])
    whole = LabelStore.from_rows(
        store.tasks[store.task[kept]], store.workers[store.worker[kept]], store.label[kept], store.classes
    )
    return frontier(whole, truth[clear], answer=answer, review=review)
