"""How far batches are, in figures."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection, models
from django.db.models import Exists, QuerySet
from django.db.models.expressions import Expression, RawSQL, Value

from annotation.models import Batch, Project, Task
from annotation.scheduling.supply import Floats

STOPS, FEWEST = 500, 30  # results from which it is learned how many answers a task takes


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the tasks of a batch or project, known answers apart. `tasks`: by status; the rest: answers of tasks that still collect them."""

    tasks: dict[str, int] = field(default_factory=dict)
    collecting: int = 0  # tasks
    given: int = 0
    least: int = 0
    most: int = 0
    ended: int = 0  # answers of tasks that no longer collect
    opened_at: datetime | None = None
    first_rank: int = 0
    last_rank: int = 0

    @property
    def total(self) -> int:
        """Tasks that count towards the end: all but the canceled ones."""
        return sum(n for status, n in self.tasks.items() if status != Task.Status.CANCELED)

    @property
    def done(self) -> int:
        """Tasks with a result, and those that turned out to have none."""
        return self.tasks.get(Task.Status.COMPLETED, 0) + self.tasks.get(Task.Status.FAILED, 0)

    @property
    def answers(self) -> int:
        """All that were given."""
        return self.given + self.ended


FIGURES = """
SELECT t.{of}, t.status, count(*), count(*) FILTER (WHERE c.yes), coalesce(sum(t.answers) FILTER (WHERE c.yes), 0),
       coalesce(sum(t.seats - t.answers) FILTER (WHERE c.yes), 0), coalesce(sum(t.seats_max - t.answers) FILTER (WHERE c.yes), 0),
       coalesce(sum(t.answers) FILTER (WHERE NOT c.yes AND t.stage = 'label'), 0), min(t.created_at), min(t.rank), max(t.rank)
  FROM task t, LATERAL (SELECT t.stage = 'label' AND t.status NOT IN ('completed', 'failed', 'canceled') AS yes) c
 WHERE t.{of} = ANY(%s) AND t.purpose = 'work' GROUP BY 1, 2
"""
OF_BATCHES, OF_PROJECTS = (FIGURES.format(of=column) for column in ("batch_id", "project_id"))


def figures(batch_ids: Sequence[int]) -> dict[int, Figures]:
    """By batch; of those that have tasks. One statement."""
    return _read(OF_BATCHES, batch_ids)


def figures_of_project(project_id: int) -> Figures:
    """Of all tasks of a project, in batches or not. One statement, over all of them."""
    return _read(OF_PROJECTS, [project_id]).get(project_id, Figures())


def _read(statement: str, keys: Sequence[int]) -> dict[int, Figures]:
    rows: dict[int, list[tuple[Any, ...]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(keys)])
        for key, *row in cursor.fetchall():
            rows.setdefault(key, []).append(tuple(row))
    return {key: _figures(found) for key, found in rows.items()}


def _figures(rows: list[tuple[Any, ...]]) -> Figures:
    """The rows of a batch or project, one for each status."""
    status, n, *counts, opened, first, last = zip(*rows, strict=True)
    collecting, given, least, most, ended = map(sum, counts)
    tasks = dict(zip(status, n, strict=True))
    return Figures(tasks, collecting, given, least, most, ended, min(opened), min(first), max(last))


AHEAD = """
SELECT coalesce(batch_id, 0), sum(seats - seats_taken), min(rank), max(rank) FROM task
 WHERE project_id = %s AND claimable AND stage = 'label' AND purpose = 'work' GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Free seats of the open tasks of a batch (0: of none), and where they stand in line."""

    batch: int
    seats: int
    first_rank: int
    last_rank: int


def waiting(project: Project) -> list[Waiting]:
    """What waits in a project. One statement, over its open tasks."""
    with connection.cursor() as cursor:
        cursor.execute(AHEAD, [project.pk])
        return [Waiting(*row) for row in cursor.fetchall()]


def ahead(rows: Sequence[Waiting], *, batch: int, last_rank: int) -> float:
    """Answers that are asked for before the last of this batch: of others the part of the line that stands before it."""
    return sum(
        row.seats * min(1.0, max(0.0, (last_rank - row.first_rank) / (row.last_rank - row.first_rank + 1)))
        for row in rows
        if row.batch != batch
    )


def stops(project: Project) -> tuple[Floats, bool]:
    """Answers that the latest results of a project took, and whether they are enough to go by; else what its overlap lets expect."""
    ended = Task.objects.filter(project=project, phase=Task.Status.COMPLETED, purpose="work", answers__gt=0)
    found = list(ended.order_by("-id").values_list("answers", flat=True)[:STOPS])
    if len(found) >= FEWEST:
        return np.array(found, float), True
    overlap = project.quality.get("overlap", {})
    return guessed(overlap.get("min", 1), overlap.get("max", 1)), False


def guessed(least: int, most: int) -> Floats:
    """Two of three tasks stop at once, the others anywhere up to the most."""
    later = list(range(least + 1, most + 1))
    return np.array([least] * max(1, 2 * len(later)) + later, float)


WAITING = """
(SELECT coalesce(jsonb_object_agg(w.waits_for, w.n), '{}') FROM (
    SELECT t.waits_for, count(*) AS n FROM task t WHERE t.batch_id = batch.id AND t.phase = 'queued' GROUP BY 1) w)
"""


_accuracy: Expression = Value(None, models.JSONField())  # nothing is promised until the floor above says so
_undecided: Exists | None = None


def on_accuracy(*, shown: Expression, undecided: Exists) -> None:
    """Register what is promised of the accuracy of a batch: what is shown of it, and whether that still has to be found out."""
    global _accuracy, _undecided
    _accuracy, _undecided = shown, undecided


def decided(rows: QuerySet[Batch]) -> QuerySet[Batch]:
    """The batches without a promise of accuracy that still has to be shown."""
    return rows if _undecided is None else rows.exclude(_undecided)


def shown(rows: QuerySet[Batch]) -> QuerySet[Batch]:
    """Batches with what is shown of them: the latest forecast; `waiting`: tasks that wait, by what for; `accuracy`, if it was promised."""
    waiting = RawSQL(WAITING, [], models.JSONField())  # noqa: S611  a constant
    return rows.select_related("project", "forecast").annotate(waiting=waiting, accuracy=_accuracy)
