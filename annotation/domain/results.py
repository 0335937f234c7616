"""Results: the settled value of a task, with confidence, method and provenance."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from annotation.domain import judgements
from annotation.domain.events import Fact, publish
from annotation.domain.tasks import LIVE, WrongState, fact
from annotation.models import Result, Task
from workforce.domain.actor import Actor
from workforce.models.public_id import encode

INLINE_BYTES = 16_000  # a larger result is fetched by its address, not carried in the event


@dataclass(frozen=True, slots=True)
class Settlement:
    """What was decided for one task.

    `answers` {question: {value, confidence 0..1 or None, method, n, status, calibrated, soft?, dissent?, run?}}.
    """

    task: Task
    answers: dict[str, dict[str, Any]]
    confidence: float | None
    reviews: Sequence[str] = ()  # public ids
    corrected: frozenset[int] = field(default_factory=frozenset)  # answers (keys) whose value a reviewer replaced
    disagreement: str = ""  # why the answers differ, where the reviewer who decided has said it


@dataclass(frozen=True, slots=True)
class _Given:
    """A counting answer of a task and revision."""

    id: int
    annotation: str
    contributor: str


GIVEN = """
SELECT n.task_id, n.id, n.public_id, k.public_id FROM annotation n JOIN task t ON t.id = n.task_id AND t.revision = n.revision
  LEFT JOIN contributor_alias k ON k.organization_id = n.organization_id AND k.contributor_id = n.contributor_id
 WHERE n.task_id = ANY(%s) AND n.status IN ('pending', 'accepted', 'corrected') AND n.exit = '' ORDER BY n.id
"""
STORE = """
INSERT INTO result (organization_id, project_id, task_id, revision, answers, provenance, confidence)
SELECT t.organization_id, t.project_id, t.id, t.revision + 1, v.answers::jsonb, v.provenance::jsonb, v.confidence
  FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::float8[]) AS v (task_id, answers, provenance, confidence)
  JOIN task t ON t.id = v.task_id ORDER BY t.id
RETURNING task_id, id, public_id, revision, created_at
"""
COMPLETE = """
UPDATE task t SET status = 'completed', completed_at = now(), revision = t.revision + 1, recycled = false, answers = v.n, seats_taken = v.n,
       seats = greatest(v.n, 1), seats_max = greatest(t.seats_max, v.n)
  FROM unnest(%s::bigint[], %s::int[]) AS v (task_id, n) WHERE t.id = v.task_id
"""


def settle(*, settlements: Iterable[Settlement], by: Actor, how: str = "policy") -> list[Result]:
    """Write the results of locked tasks and complete them; their pending answers are accepted, or corrected, and paid.

    Set-based: the number of statements does not depend on the number of tasks. Raises WrongState if one of the tasks has ended.
    """
    settled = sorted(settlements, key=lambda each: each.task.pk)
    for each in settled:
        if each.task.status not in LIVE:
            raise WrongState(state=each.task.status)
    if not settled:
        return []
    given = _given([each.task.pk for each in settled])
    provenance = [_provenance(each, given[each.task.pk]) for each in settled]
    results = _store(settled, provenance)
    with connection.cursor() as cursor:
        cursor.execute(COMPLETE, [list(given), [len(rows) for rows in given.values()]])
    corrected = {pk for each in settled for pk in each.corrected}
    right = [row.id for rows in given.values() for row in rows if row.id not in corrected]
    judgements.accept(annotations=right, by=by, how=how)
    if corrected:
        judgements.correct(annotations=corrected, by=by)
    publish(*(_completed(each.task, result) for each, result in zip(settled, results, strict=True)), by=by)
    return results


def _given(task_ids: list[int]) -> dict[int, list[_Given]]:
    """The counting answers per task; every task has a list."""
    rows: dict[int, list[_Given]] = {pk: [] for pk in task_ids}
    with connection.cursor() as cursor:
        cursor.execute(GIVEN, [task_ids])
        for task_id, pk, key, alias in cursor.fetchall():
            rows[task_id].append(_Given(pk, encode("ann", key), encode("ctr", alias) if alias else ""))
    return rows


def _provenance(settlement: Settlement, given: list[_Given]) -> dict[str, Any]:
    return {
        "annotations": [row.annotation for row in given],
        "reviews": list(settlement.reviews),
        "contributors": sorted({row.contributor for row in given if row.contributor}),
        "schema_version": settlement.task.schema_version,
        "guideline_version": settlement.task.project.guideline_version,
        **({"disagreement": settlement.disagreement} if settlement.disagreement else {}),
    }


def _store(settled: list[Settlement], provenance: list[dict[str, Any]]) -> list[Result]:
    """Insert the result rows; the results in the order of the settlements."""
    columns: list[Any] = [
        [each.task.pk for each in settled],
        [json.dumps(each.answers, ensure_ascii=False) for each in settled],
        [json.dumps(row, ensure_ascii=False) for row in provenance],
        [each.confidence for each in settled],
    ]
    with connection.cursor() as cursor:
        cursor.execute(STORE, columns)
        stored = {row[0]: row[1:] for row in cursor.fetchall()}
    return [_result(each, about, *stored[each.task.pk]) for each, about in zip(settled, provenance, strict=True)]


def _result(
    settlement: Settlement, provenance: dict[str, Any], pk: int, key: Any, revision: int, created_at: datetime
) -> Result:
    return Result(
        pk=pk,
        public_id=encode("res", key),
        organization_id=settlement.task.organization_id,
        project_id=settlement.task.project_id,
        task=settlement.task,
        revision=revision,
        answers=settlement.answers,
        provenance=provenance,
        confidence=settlement.confidence,
        created_at=created_at,
    )


def _completed(task: Task, result: Result) -> Fact:
    """The event, and the task as it now stands."""
    task.status, task.revision, task.completed_at = Task.Status.COMPLETED, result.revision, result.created_at
    shown: dict[str, Any] = {"result": on_the_wire(result, task)}
    if len(json.dumps(shown)) > INLINE_BYTES:
        shown = {"result": None, "result_url": f"/api/v1/tasks/{task.public_id}/result"}
    return fact(task, "task.completed", status=task.status, revision=result.revision, **shown)


def on_the_wire(result: Result, task: Task) -> dict[str, Any]:
    """The result as the API and the event show it."""
    return {
        "id": result.public_id,
        "object": "result",
        "mode": task.project.mode,
        "created_at": result.created_at.isoformat(),
        "task": task.public_id,
        "revision": result.revision,
        "answers": result.answers,
        "provenance": result.provenance,
        "superseded_by": None,
    }
