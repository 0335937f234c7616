"""How far the answers of a project agree: by question, by week and by guideline, each with its interval. All is summed in the database."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar, cast

import numpy as np
from django.db import connection

from annotation.models import Project, SchemaVersion
from annotation.queries.schemas import compiled
from annotation.questions.base import Question
from annotation.questions.schema import Schema
from quality.agreement.alpha import Level
from quality.agreement.bounds import wilson
from quality.agreement.patterns import alpha_of_patterns
from quality.models import EstimatorRun
from quality.queries.labels import CLASS, classes_of

WEEKS = 12
Key = TypeVar("Key", bound=Hashable)
DRAWS = 400
LATEST = 10_000  # tasks that are looked at one by one


@dataclass(frozen=True, slots=True)
class Share:
    """Mean agreement of `n` tasks with two answers or more, 0..1, in a 95 % interval as wide as if each agreed wholly or not at all."""

    mean: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Alpha:
    """Krippendorff's alpha, 1 = perfect, 0 = as by chance, with a 95 % bootstrap interval over `n` of the latest tasks."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """By name of the question; of each by Monday of the last weeks, and by the guideline in force when the last answer came."""

    shares: dict[str, Share]
    weeks: dict[str, dict[date, Share]]
    guidelines: dict[str, dict[int, Share]]
    alphas: dict[str, Alpha]


SUMS = """
SELECT k.key, date_trunc('week', c.updated_at AT TIME ZONE 'UTC')::date,
       width_bucket(c.updated_at, ARRAY(SELECT created_at FROM guideline WHERE project_id = %(project)s ORDER BY number)), count(*),
       sum((k.value ->> 'agreement')::float8)
  FROM consensus c CROSS JOIN LATERAL jsonb_each(c.answers) k
 WHERE c.project_id = %(project)s AND c.n > 1 AND k.value ->> 'agreement' IS NOT NULL
 GROUP BY 1, 2, 3
"""
Sums = Sequence[tuple[str, date, int, int, float]]


def agreement(project: Project) -> Agreement:
    """Of the questions of the present schema. A statement, one per question with classes or a scale, and one for marks and verdicts."""
    schema = compiled(project.pk, project.schema_version)
    names = {question.name for question in schema.questions}
    with connection.cursor() as cursor:
        cursor.execute(SUMS, {"project": project.pk})
        rows = [row for row in cursor.fetchall() if row[0] in names]
    recent = sorted({row[1] for row in rows})[-WEEKS:]
    return Agreement(
        shares={name: by[""] for name, by in _shares(rows, lambda _: "").items()},
        weeks=_shares([row for row in rows if row[1] in recent], lambda row: row[1]),
        guidelines=_shares(rows, lambda row: row[2]),
        alphas=_alphas(project, schema) | _measured(project, schema),
    )


def _shares(rows: Sums, key: Callable[[tuple[str, date, int, int, float]], Key]) -> dict[str, dict[Key, Share]]:
    """{question: {key: share}}, keys in rising order."""
    sums: dict[str, dict[Key, list[float]]] = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0]))
    for row in sorted(rows):
        part = sums[row[0]][key(row)]
        part[0] += row[3]
        part[1] += row[4]
    return {
        name: {at: Share(total / n, *wilson(total, n), int(n)) for at, (n, total) in by.items()}
        for name, by in sums.items()
    }


# --- Corrected for chance ---------------------------------------------------------------------------------------------
PATTERNS = """
SELECT labels, count(*) FROM (
    SELECT array_agg(label ORDER BY label) AS labels FROM (
        SELECT n.task_id, {label} AS label
          FROM (SELECT id FROM task WHERE project_id = %(project)s AND purpose = 'work' ORDER BY id DESC LIMIT %(latest)s) t
          JOIN annotation n ON n.task_id = t.id
         WHERE n.status IN ('pending', 'accepted', 'corrected') AND n.exit = '' AND n.schema_version = ANY(%(versions)s)) l
     WHERE label = ANY(%(classes)s) GROUP BY task_id HAVING count(*) > 1) u
 GROUP BY labels
"""


def _alphas(project: Project, schema: Schema) -> dict[str, Alpha]:
    current = SchemaVersion.objects.filter(project=project, number=project.schema_version).values("major")
    versions = SchemaVersion.objects.filter(project=project, major__in=current).values_list("number", flat=True)
    found = {question.name: _alpha(project, question, list(versions)) for question in schema.questions}
    return {name: alpha for name, alpha in found.items() if alpha is not None}


def _measured(project: Project, schema: Schema) -> dict[str, Alpha]:
    """Of marks in texts and of verdicts step by step, as the present runs have measured it: that takes as long as learning does."""
    names = [question.name for question in schema.questions if question.type in ("spans", "verdicts")]
    if not names:
        return {}
    runs = EstimatorRun.objects.filter(project=project, status=EstimatorRun.Status.FITTED, question__in=names)
    found = runs.filter(parameters__has_key="alpha").values_list("question", "parameters__alpha")
    return {question: Alpha(**stored) for question, stored in found if stored}


def _alpha(project: Project, question: Question, versions: list[int]) -> Alpha | None:
    """None for a question without classes or scale, with one that the task supplies, or where alpha is not defined."""
    scale = _scale(question)
    if scale is None:
        return None
    level, values = scale
    rows = _patterns(project, question, list(values), versions)
    steps = sorted(set(values.values()))
    place = {name: steps.index(value) for name, value in values.items()}
    counts = np.zeros((len(rows), len(steps)))
    for at, (labels, _) in enumerate(rows):
        np.add.at(counts[at], [place[each] for each in labels], 1)
    times = np.array([n for _, n in rows], dtype=np.int64)
    value, low, high = alpha_of_patterns(counts, times, level, np.array(steps), draws=DRAWS)
    return None if np.isnan(value) else Alpha(value, low, high, int(times.sum()))


def _patterns(
    project: Project, question: Question, classes: list[str], versions: list[int]
) -> list[tuple[list[str], int]]:
    """Which answers tasks were given, sorted, and how many tasks were given these."""
    label = CLASS[question.type].format(value="(n.answer -> 'value' -> %(question)s)")
    bound: dict[str, Any] = {"project": project.pk, "question": question.name, "latest": LATEST}
    with connection.cursor() as cursor:
        cursor.execute(PATTERNS.format(label=label), {**bound, "versions": versions, "classes": classes})
        return list(cursor.fetchall())


def _scale(question: Question) -> tuple[Level, dict[str, float]] | None:
    """How a question measures, and where each of its classes stands."""
    config = question.config.model_dump(exclude_none=True)
    if question.per is not None:
        return None
    if question.type == "rating":
        steps = range(config["min"], config["max"] + 1)
        return cast("Level", config["measure"]), {str(step): float(step) for step in steps}
    classes = classes_of(question)
    if not classes:
        return None
    level = cast("Level", "interval" if question.type == "preference" else config.get("measure", "nominal"))
    given = {option["key"]: option.get("value") for option in config.get("options", ())} if level != "nominal" else {}
    return level, {name: float(place if given.get(name) is None else given[name]) for place, name in enumerate(classes)}
