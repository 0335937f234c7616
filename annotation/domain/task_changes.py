"""What a customer may still change of a task: its order, its labels, its key. Never its payload."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from annotation.domain import admission, batches, tasks
from annotation.domain.events import publish
from annotation.domain.intake import UniqueIdTaken, due
from annotation.domain.queues import opened, queue_for
from annotation.domain.tasks import LIVE, WrongState, fact
from annotation.models import Assignment, Batch, Stage, Task, TaskKey, TaskPayload
from workforce.domain.actor import Actor
from workforce.domain.refusal import Refusal

REOPEN_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Unset:
    """Not named: stays as it is. None means: none from now on."""


UNSET = Unset()


@transaction.atomic
def change(
    *,
    task_id: int,
    by: Actor,
    priority: int | Unset = UNSET,
    deadline: datetime | Unset | None = UNSET,
    tags: list[str] | Unset = UNSET,
    metadata: dict[str, Any] | Unset = UNSET,
    unique_id: str | Unset | None = UNSET,
) -> Task:
    """Change what is named. A new priority or deadline moves a waiting task in its queue. Raises WrongState, UniqueIdTaken."""
    (task,) = tasks.lock([task_id])
    order = _named(priority=priority, deadline=deadline)
    if order:
        _reorder(task, order)
    labels = _named(tags=tags, metadata=metadata)
    if labels:
        TaskPayload.objects.filter(task=task).update(**labels)
    if not isinstance(unique_id, Unset):
        _rename(task, unique_id)
    publish(fact(task, "task.updated", status=task.status), by=by)
    return task


def _named(**given: Any) -> dict[str, Any]:
    return {name: value for name, value in given.items() if not isinstance(value, Unset)}


def _reorder(task: Task, order: dict[str, Any]) -> None:
    """Raises WrongState if the task has ended. Review work keeps its rank, which is the reviewer's."""
    if task.status not in LIVE:
        raise WrongState(state=task.status)
    for name, value in order.items():
        setattr(task, name, value)
    if task.stage == task.queue.stage == "label":
        task.rank = due(queue=task.queue, created_at=task.created_at, priority=task.priority, deadline=task.deadline)
        opened(queue_id=task.queue_id, lowest_rank=task.rank)
    _save(task, "priority", "deadline", "rank")


def _save(row: Model, *names: str) -> None:
    row.save(update_fields=names)


def _rename(task: Task, unique_id: str | None) -> None:
    """Another key; None frees the present one. The input stays the one that was sent."""
    held = TaskKey.objects.filter(task=task).first()
    if unique_id is None:
        TaskKey.objects.filter(task=task).delete()
        return
    digest = held.input_sha256 if held else ""
    fields = {"organization_id": task.organization_id, "mode": task.project.mode, "input_sha256": digest}
    try:
        with transaction.atomic():
            TaskKey.objects.update_or_create(task=task, defaults={**fields, "unique_id": unique_id})
    except IntegrityError as error:
        holder = Task.objects.get(
            key__organization=task.organization_id, key__mode=task.project.mode, key__unique_id=unique_id
        )
        raise UniqueIdTaken(existing=holder.public_id) from error


class TaskStarted(Refusal):
    """Somebody has begun, and the caller asked to cancel only what nobody has begun."""

    code = "task_started"
    message = _("Somebody has begun to work on this task.")
    remedy = _("Cancel with started: pay; the work that was begun is paid.")


@transaction.atomic
def cancel(
    *, task_id: int, by: Actor, reason: str = "", pay_started: bool = True, free_unique_id: bool = False
) -> Task:
    """Cancel a live task; with `pay_started` false only if nobody has begun. Raises TaskStarted, WrongState."""
    task = tasks.cancel(task_id=task_id, by=by, reason=reason)
    begun = Assignment.objects.filter(task=task).exclude(status=Assignment.Status.OFFERED)
    if not pay_started and begun.exists():
        raise TaskStarted
    if free_unique_id:
        TaskKey.objects.filter(task=task).delete()
    return task


class TooLate(Refusal):
    """Results can be withdrawn for a while, and then no more."""

    code = "too_late"
    message = _("This task was completed more than 30 days ago.")
    remedy = _("Post it again as a new task.")


@transaction.atomic
def reopen(*, task_id: int, by: Actor, reason: str = "") -> Task:
    """Ask for a new result of a completed task, by people who have not had it; the old one stays, as do its answers and their pay.

    Where money or room is short the task waits. Raises WrongState, TooLate; QuotaExceeded.
    """
    batch_id = Task.objects.values_list("batch", flat=True).get(pk=task_id)
    batch = batches.reopen(Batch.objects.get(pk=batch_id), by) if batch_id else None
    (task,) = tasks.lock([task_id])
    if task.status != Task.Status.COMPLETED or task.completed_at is None:
        raise WrongState(state=task.status)
    if task.completed_at < timezone.now() - REOPEN_FOR:
        raise TooLate
    _seats, most = seats_again(task)
    waits = (admission.judge(project=task.project, asked=[(batch, most)]) or [""])[0]
    ask_again(task=task, by=by, reason=reason, waits=waits)
    return task


def seats_again(task: Task, kept: int = 0) -> tuple[int, int]:
    """How many answers a completed task is asked for again, and how many it may get, if so many of those that it has count on."""
    seats = max(int(task.project.quality.get("overlap", {}).get("min", 1)), kept + 1)
    return seats, max(task.seats_max, seats)


def ask_again(*, task: Task, by: Actor, reason: str, waits: str = "", kept: int = 0) -> None:
    """Collect answers to a locked completed task again, beside the `kept` ones, or let it wait. The caller has its money held."""
    seats, most = seats_again(task, kept)
    queue = queue_for(project=task.project, service_class=task.queue.service_class, purpose=task.purpose)
    held = Assignment.objects.filter(
        task=task, stage=Stage.LABEL, status__in=["offered", "leased"], spare=False
    ).count()
    taken = kept + held
    Task.objects.filter(pk=task.pk).update(
        status=Task.Status.QUEUED if waits else Task.Status.COLLECTING, waits_for=waits, stage=Stage.LABEL, queue=queue,
        seats=max(seats, taken), seats_max=max(most, taken), seats_taken=taken, answers=kept, recycled=True, uncertainty=1000,
        completed_at=None,
    )  # fmt: skip
    opened(queue_id=queue.pk, lowest_rank=task.rank)
    task.refresh_from_db()
    publish(fact(task, "task.reopened", status=task.status, reason=reason), by=by)


REDO = """
UPDATE task t SET status = 'collecting', stage = 'label', queue_id = %(queue)s, seats = greatest(%(seats)s, h.n),
       seats_max = greatest(t.seats_max, %(seats)s, h.n), seats_taken = h.n, answers = 0, recycled = true, uncertainty = 1000,
       completed_at = NULL
  FROM (SELECT d.id, (SELECT count(*)::int FROM assignment a WHERE a.task_id = d.id AND a.stage = 'label'
                         AND a.status IN ('offered', 'leased') AND NOT a.spare) AS n
          FROM unnest(%(tasks)s::bigint[]) AS d (id)) h
 WHERE t.id = h.id
"""


@transaction.atomic
def redo(*, task_ids: Sequence[int], payer: str, by: Actor, reason: str) -> list[Task]:
    """Ask for new results of completed tasks of one project, as `reopen` does, but at the cost of `payer`: so nothing waits for money.

    Tasks in another state are left alone. The caller holds the lock of their batch. Returns those that are done again.
    """
    again = [task for task in tasks.lock(task_ids) if task.status == Task.Status.COMPLETED]
    for name in sorted({task.queue.service_class for task in again}):
        own = [task for task in again if task.queue.service_class == name]
        project = own[0].project
        queue = queue_for(project=project, service_class=name, payer=payer)
        seats = int(project.quality.get("overlap", {}).get("min", 1))
        with connection.cursor() as cursor:
            cursor.execute(REDO, {"queue": queue.pk, "seats": seats, "tasks": [task.pk for task in own]})
        opened(queue_id=queue.pk, lowest_rank=min(task.rank for task in own))
    status = Task.Status.COLLECTING.value
    publish(*(fact(task, "task.reopened", status=status, reason=reason) for task in again), by=by)
    return again
