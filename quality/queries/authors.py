"""How often the authors on the desk were right so far, by question and by what they have answered to it now."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from annotation.models import Annotation, Task
from annotation.questions.base import Question
from annotation.questions.schema import Schema
from quality.aggregation.registry import CLASSED, KINDS
from quality.agreement.bounds import wilson
from quality.queries.labels import classes_of

LATEST = 200  # checked answers of a person
TEXTS = "text"  # two can differ and both be right


@dataclass(frozen=True, slots=True)
class Record:
    """Of `n` checked answers to a question `right` were right: Wilson's 95 % interval. said: only those that said this; empty: all."""

    question: str
    said: str
    right: int
    n: int
    low: float
    high: float


# What an answer was held against: the known answer of its task, or what a reviewer made of it; per question.
CHECKED = """
SELECT e.contributor_id, n.answer -> 'value',
       coalesce(g.expected, (SELECT jsonb_object_agg(k.key, k.value -> 'value') FROM jsonb_each(r.answers) k
                              WHERE k.value ->> 'method' = 'review'))
  FROM unnest(%(people)s::bigint[]) p (id)
 CROSS JOIN LATERAL (
    SELECT v.contributor_id, v.annotation_id FROM evidence v
     WHERE v.project_id = %(project)s AND v.contributor_id = p.id AND v.kind IN ('gold', 'review')
     ORDER BY v.id DESC LIMIT %(latest)s) e
  JOIN annotation n ON n.id = e.annotation_id AND n.task_id <> %(task)s
  LEFT JOIN gold_item g ON g.task_id = n.task_id AND g.status <> 'quarantined'
  LEFT JOIN result r ON r.task_id = n.task_id AND r.revision = n.revision + 1
"""


def records(*, task: Task, answers: Sequence[Annotation], schema: Schema) -> list[list[Record]]:
    """Per answer on the desk what is known of its author; questions of which nothing is known are left out. One statement."""
    questions = [each for each in schema.questions if each.per is None and each.type in KINDS and each.type != TEXTS]
    checked = _checked(task, [row.contributor_id for row in answers])
    return [
        [record for each in questions for record in _records(each, row.answer.get("value") or {}, checked)]
        for row, checked in ((row, checked[row.contributor_id]) for row in answers)
    ]


def _checked(task: Task, people: Sequence[int]) -> dict[int, list[tuple[dict[str, Any], dict[str, Any]]]]:
    """Per person the values of answers, each with what it was held against."""
    values: dict[str, Any] = {"people": list(people), "project": task.project_id, "task": task.pk, "latest": LATEST}
    found: dict[int, list[tuple[dict[str, Any], dict[str, Any]]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(CHECKED, values)
        for person, value, truth in cursor.fetchall():
            if value and truth:
                found[person].append((json.loads(value), json.loads(truth)))
    return found


def _records(
    question: Question, value: dict[str, Any], checked: Sequence[tuple[dict[str, Any], dict[str, Any]]]
) -> list[Record]:
    """Of the question as a whole; then of the class that the answer gives it, if it gives one."""
    name = question.name
    both = [(given[name], truth[name]) for given, truth in checked if name in given and truth.get(name) is not None]
    said = _class(question, value.get(name))
    alike = [(given, truth) for given, truth in both if said and _class(question, given) == said]
    return [*_record(question, "", both), *_record(question, said, alike)]


def _class(question: Question, value: Any) -> str:
    """Which of the question's classes a value is; empty if it is none."""
    classes = classes_of(question)
    if not classes or value is None or (isinstance(value, dict) and "score" not in value):
        return ""
    found = CLASSED[question.type][1](value)
    return found if found in classes else ""


def _record(question: Question, said: str, pairs: Sequence[tuple[Any, Any]]) -> list[Record]:
    if not pairs:
        return []
    config = question.config.model_dump(exclude_none=True)
    passes = KINDS[question.type].passes
    right = sum(passes(given, truth, config, {})[0] for given, truth in pairs)
    return [Record(question.name, said, right, len(pairs), *wilson(right, len(pairs)))]
