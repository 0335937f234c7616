"""What else than alpha says how far the answers of a project agree: each statistic only where it means something."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from django.db import connection

from annotation.models import Project, SchemaVersion
from annotation.queries.schemas import compiled
from annotation.questions.base import Question
from quality.aggregation.ranking import ranks
from quality.aggregation.suited import numbers
from quality.agreement.crossing import Crossed, Floats, Integers
from quality.agreement.intraclass import icc
from quality.agreement.kappa import apart, gwet_ac1
from quality.agreement.ranks import kendall_w
from quality.agreement.resampling import bootstrap
from quality.queries.labels import CLASS, classes_of
from workforce.models.public_id import encode

LATEST = 2_000  # tasks that are looked at one by one
ONE_CLASS = 0.8  # of the answers: from here on kappa and alpha fall although people agree
DRAWS = 200


@dataclass(frozen=True, slots=True)
class Figure:
    """A statistic with its 95 % bootstrap interval over `n` tasks. kind: ac1, icc, icc_mean or w; people: who are in it, 0 where all are.

    by_chance: what people who answer without looking come to.
    """

    kind: str
    value: float
    low: float
    high: float
    n: int
    people: int = 0
    by_chance: float = 0.0


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people, by pseudonym: Cohen's kappa, on a scale weighted by the squared distance, over `n` common tasks."""

    question: str
    first: str
    second: str
    kappa: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Concordance:
    """figures: by question. pairs: those who agree least first."""

    figures: dict[str, list[Figure]] = field(default_factory=dict)
    pairs: list[Pair] = field(default_factory=list)


ANSWERS = """
SELECT n.task_id, n.contributor_id, {value}
  FROM (SELECT id FROM task WHERE project_id = %(project)s AND purpose = 'work' AND answers > 1 ORDER BY id DESC LIMIT %(latest)s) t
  JOIN annotation n ON n.task_id = t.id
 WHERE n.status IN ('pending', 'accepted', 'corrected') AND n.exit = '' AND n.schema_version = ANY(%(versions)s::int[])
   AND {value} IS NOT NULL
 ORDER BY n.task_id, n.contributor_id
"""
ALIASES = (
    "SELECT contributor_id, public_id FROM contributor_alias WHERE organization_id = %s AND contributor_id = ANY(%s)"
)
GIVEN = "(n.answer -> 'value' -> %(question)s)"


def concordance(project: Project) -> Concordance:
    """Of the questions of the present schema that are asked once a task: a statement each, and one for the pairs."""
    found, pairs = Concordance(), []
    current = SchemaVersion.objects.filter(project=project, number=project.schema_version).values("major")
    versions = list(SchemaVersion.objects.filter(project=project, major__in=current).values_list("number", flat=True))
    for question in compiled(project.pk, project.schema_version).questions:
        if question.per is not None:
            continue
        if question.type == "ranking":
            found.figures[question.name] = list(_rankings(_read(project, question, GIVEN, versions)))
        elif classes := classes_of(question):
            rows = _read(project, question, CLASS[question.type].format(value=GIVEN), versions)
            crossed = _crossed(rows, classes)
            found.figures[question.name] = list(_classed(question, rows, classes, crossed))
            pairs += [(question.name, pair) for pair in crossed.pairs(_disagreement(question, len(classes)))]
    names = _aliases(project, {who for _, pair in pairs for who in (pair.first, pair.second)})
    found.pairs.extend(
        Pair(name, names[each.first], names[each.second], each.kappa, each.low, each.high, each.n)
        for name, each in sorted(pairs, key=lambda pair: pair[1].kappa)
        if {each.first, each.second} <= names.keys()
    )
    return found


Rows = Sequence[tuple[int, int, str]]


def _read(project: Project, question: Question, value: str, versions: list[int]) -> Rows:
    """(task, person, value) of the latest tasks with two answers or more. value: of an answer, in SQL."""
    bound: dict[str, Any] = {
        "project": project.pk,
        "question": question.name,
        "latest": LATEST,
        "versions": versions,
    }
    with connection.cursor() as cursor:
        cursor.execute(ANSWERS.format(value=value), bound)
        return list(cursor.fetchall())


def _aliases(project: Project, people: set[int]) -> Mapping[int, str]:
    if not people:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(ALIASES, [project.organization_id, list(people)])
        return {person: encode("ctr", alias) for person, alias in cursor.fetchall()}


def _crossed(rows: Rows, classes: Sequence[str]) -> Crossed:
    place = {key: number for number, key in enumerate(classes)}
    columns = [(task, person, place[said]) for task, person, said in rows if said in place]
    task, person, said = np.array(columns, dtype=np.int64).reshape(-1, 3).T
    return Crossed.of(task, person, said)


def _disagreement(question: Question, classes: int) -> Floats:
    """On a scale the squared distance; else every difference counts the same."""
    config = question.config.model_dump(exclude_none=True)
    steps = np.array(list(numbers(question.type, config).values()))
    if len(steps):
        squared: Floats = (steps[:, None] - steps[None, :]) ** 2
        return squared
    return apart(classes) if question.type == "preference" else 1 - np.eye(classes)


def _classed(question: Question, rows: Rows, classes: Sequence[str], crossed: Crossed) -> Iterator[Figure]:
    if numbers(question.type, question.config.model_dump(exclude_none=True)):
        yield from _intraclass(crossed.panel())
        return
    place = {key: number for number, key in enumerate(classes)}
    tasks = {task: number for number, task in enumerate(dict.fromkeys(task for task, _, _ in rows))}
    counts = np.zeros((len(tasks), len(classes)))
    for task, _, said in rows:
        if said in place:
            counts[tasks[task], place[said]] += 1
    counts = counts[counts.sum(axis=1) > 1]
    if counts.sum() and counts.sum(axis=0).max() > ONE_CLASS * counts.sum():
        low, high = bootstrap(lambda drawn: gwet_ac1(counts[drawn]), len(counts), draws=DRAWS)
        yield Figure("ac1", gwet_ac1(counts), low, high, len(counts))


def _intraclass(panel: Floats) -> Iterator[Figure]:
    """Of one rating, and of the mean of all in the group."""
    people, tasks = panel.shape
    if not people:
        return
    for kind, form in (("icc", "random"), ("icc_mean", "random_mean")):
        statistic = partial(_form, panel, form)
        value = statistic(np.arange(tasks))
        if not np.isnan(value):
            yield Figure(kind, value, *bootstrap(statistic, tasks, draws=DRAWS), tasks, people)


def _form(panel: Floats, form: str, drawn: Integers) -> float:
    """One of the forms of the intraclass correlation, of these tasks."""
    return float(getattr(icc(panel[:, drawn]), form))


def _rankings(rows: Rows) -> Iterator[Figure]:
    """Kendall's W, as a mean over the tasks of which all have ranked the same items, three or more."""
    orders: dict[int, list[dict[str, int]]] = defaultdict(list)
    for task, _, value in rows:
        orders[task].append(ranks(json.loads(value)))
    found = [(concord, 1 / len(given)) for given in orders.values() if (concord := _concord(given)) is not None]
    if found:
        each, chance = np.array(found).T
        low, high = bootstrap(lambda drawn: float(each[drawn].mean()), len(each), draws=DRAWS)
        yield Figure("w", float(each.mean()), low, high, len(each), by_chance=float(chance.mean()))


def _concord(given: Sequence[Mapping[str, int]]) -> float | None:
    items = sorted(given[0])
    if len(given) < 2 or len(items) < 3 or any(order.keys() != given[0].keys() for order in given):
        return None
    concord = kendall_w([[order[item] for item in items] for order in given])
    return None if np.isnan(concord) else concord
