"""Which source does best: what people have said of items that name the `model` they come from, over all tasks of a project."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from annotation.models import Project
from annotation.queries.schemas import compiled
from quality.aggregation.catalogue import item_key
from quality.aggregation.preference import direction
from quality.aggregation.standings import Apart, Order, Ranked, Standing, standings

MOST = 3_000  # answers, the latest: compared within seconds
COMPARING = ("preference", "ranking")


@dataclass(frozen=True, slots=True)
class Compared:
    """A question that compares the items of a field."""

    name: str
    type: str
    field: str


@dataclass(frozen=True, slots=True)
class Standings:
    """rows: the best first. answers: so many of `people` to `tasks` have been counted. apart: groups of sources that were never compared
    with each other; then there are no rows.
    """

    rows: list[Standing]
    answers: int
    tasks: int
    people: int
    apart: list[list[str]]


READ = """
SELECT n.task_id, n.contributor_id, n.answer -> 'value' -> %(question)s,
       (SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('id', i.item -> 'id', 'model', i.item -> 'model')) ORDER BY i.at)
          FROM jsonb_array_elements(p.body -> %(field)s) WITH ORDINALITY AS i (item, at))
  FROM task t JOIN annotation n ON n.task_id = t.id JOIN task_payload p ON p.task_id = t.id
 WHERE t.project_id = %(project)s AND t.purpose = 'work' AND n.status IN ('pending', 'accepted', 'corrected') AND n.exit = ''
   AND n.answer -> 'value' ? %(question)s AND jsonb_typeof(p.body -> %(field)s) = 'array'
 ORDER BY n.id DESC LIMIT %(most)s
"""


def questions(project: Project) -> list[Compared]:
    """Those of the present schema that are asked once a task, of one field."""
    return [
        Compared(each.name, each.type, each.on[0])
        for each in compiled(project.pk, project.schema_version).questions
        if each.type in COMPARING and each.per is None and len(each.on) == 1
    ]


def of_question(project: Project, question: Compared) -> Standings:
    """Worked out anew whenever it is asked for. One statement."""
    ranked = list(_ranked(project, question))
    counts = len(ranked), len({each.task for each in ranked}), len({each.person for each in ranked})
    try:
        return Standings(standings(ranked, pairs=question.type == "preference"), *counts, [])
    except Apart as apart:
        return Standings([], *counts, apart.groups)


def _ranked(project: Project, question: Compared) -> Iterator[Ranked]:
    bound: dict[str, Any] = {"project": project.pk, "question": question.name, "field": question.field, "most": MOST}
    with connection.cursor() as cursor:
        cursor.execute(READ, bound)
        rows = cursor.fetchall()
    order = _of_preference if question.type == "preference" else _of_ranking
    for task, person, value, items in rows:
        sources = _sources(json.loads(items or "[]"))
        found = order(json.loads(value), sources) if sources else []
        if found:
            yield Ranked(task, person, found)


def _sources(items: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """By key of the item; empty unless each has a source of its own."""
    found = {item_key(item, at): str(item["model"]) for at, item in enumerate(items) if "model" in item}
    return found if len(set(found.values())) == len(items) else {}


def _of_preference(value: Mapping[str, Any], sources: Mapping[str, str]) -> Order:
    """Nothing where both are bad."""
    if value.get("both_bad") or len(sources) != 2:
        return []
    first, second = sources.values()
    return {"first": [[first], [second]], "tie": [[first, second]], "second": [[second], [first]]}[direction(value)]


def _of_ranking(value: Mapping[str, Any], sources: Mapping[str, str]) -> Order:
    """Nothing where all are bad, or an item is unknown."""
    order = value["order"]
    known = all(item in sources for group in order for item in group)
    return [[sources[item] for item in group] for group in order] if known else []
