"""Batches: tasks posted together, with a deadline and priority of their own."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from annotation.domain import accuracy as promises
from annotation.domain import admission, quotes, tasks
from annotation.domain.accuracy import Accuracy
from annotation.domain.events import Fact, publish
from annotation.domain.tasks import WrongState
from annotation.models import Batch, Project, Quote, Task
from annotation.queries.batches import decided
from workforce.domain.actor import SYSTEM, Actor
from workforce.domain.refusal import Refusal

CANCEL_AT_ONCE = 500


class BatchNameTaken(Refusal):
    """Names of batches are unique in a project."""

    code = "name_taken"
    message = _("The project already has a batch with this name.")
    remedy = _("Choose another name.")


@transaction.atomic
def create(
    *,
    project: Project,
    name: str,
    by: Actor,
    deadline: datetime | None = None,
    priority: int = 20,
    metadata: dict[str, Any] | None = None,
    budget_minor: int | None = None,
    tasks: int | None = None,
    quote: Quote | None = None,
    best_effort: bool = False,
    accuracy: Accuracy | None = None,
) -> Batch:
    """A new batch, in progress. `priority` 0..100 and `deadline` hold for its tasks that name none.

    A deadline is promised, for so many `tasks` or those of the `quote`, unless `best_effort` is enough. `budget_minor`: the most that its
    answers may cost. With `accuracy` it ends once an audit has shown it, or was tried often enough. Raises BatchNameTaken, WrongState,
    DeadlineInfeasible, QuoteExpired, QuoteMismatch.
    """
    if project.status == Project.Status.ARCHIVED:
        raise WrongState(state=project.status)
    batch = Batch(
        organization_id=project.organization_id,
        project=project,
        name=name,
        deadline=deadline,
        priority=priority,
        metadata=metadata or {},
        budget_minor=budget_minor,
    )
    if quote:
        tasks = quotes.take_up(quote=quote, project=project, deadline=deadline, accuracy=accuracy).tasks
    if deadline and not best_effort:
        batch.promised_s = quotes.promised_s(project=project, deadline=deadline, tasks=tasks)
        batch.promise = Batch.Promise.FIRM
    _save(batch, "batch.created", by)
    if accuracy:
        promises.promise(batch=batch, accuracy=accuracy, tasks=tasks, by=by)
    return batch


@transaction.atomic
def change(*, batch: Batch, by: Actor, **fields: Any) -> Batch:
    """Another name, deadline, priority, metadata or budget; deadline and priority hold for tasks added from now on.

    A promised deadline must stay one that can be kept. Raises BatchNameTaken, DeadlineInfeasible, BudgetExhausted.
    """
    locked = _locked(batch.pk)
    for name, value in fields.items():
        setattr(locked, name, value)
    if "deadline" in fields and locked.promise == Batch.Promise.FIRM:
        quotes.keep_promise(batch=locked)
    if "budget_minor" in fields:
        admission.check_budget(batch=locked)
    _save(locked, "batch.updated", by, update_fields=[*fields, "promise"])
    if "budget_minor" in fields:
        admission.admit(project_id=locked.project_id, batch_id=locked.pk, by=by)
    return locked


def _locked(batch_id: int) -> Batch:
    return Batch.objects.select_for_update(no_key=True, of=("self",)).select_related("project").get(pk=batch_id)


def _save(batch: Batch, kind: str, by: Actor, update_fields: list[str] | None = None) -> None:
    try:
        with transaction.atomic():
            batch.save(update_fields=update_fields)
    except IntegrityError as error:
        raise BatchNameTaken(name=batch.name) from error
    batch.refresh_from_db(fields=["public_id", "created_at", *(update_fields or ())])
    _publish(batch, kind, by)


def _publish(batch: Batch, kind: str, by: Actor) -> None:
    project = batch.project
    about = {"batch": batch.public_id, "project": project.public_id, "name": batch.name, "status": batch.status}
    publish(Fact(batch.organization_id, project.mode, project.pk, kind, batch.public_id, about), by=by)


def cancel(*, batch: Batch, by: Actor, reason: str = "") -> Batch:
    """Stop the batch, and with it every live task: started work runs out and is paid. A canceled one stays canceled.

    First the batch, so that nothing is added meanwhile; then its tasks, each in a transaction of its own: a broken-off cancel is repeated.
    """
    with transaction.atomic():
        locked = _locked(batch.pk)
        if locked.status != Batch.Status.CANCELED:
            locked.status = Batch.Status.CANCELED
            _save(locked, "batch.canceled", by, update_fields=["status"])
    live = Task.objects.filter(batch=locked, phase__in=tasks.LIVE).order_by("id").values_list("id", flat=True)
    while ids := list(live[:CANCEL_AT_ONCE]):
        for task_id in ids:
            _cancel(task_id, by, reason)
    return locked


def _ended() -> QuerySet[Batch]:
    """Batches in progress that have tasks, all of which have ended, and no promise that is still to be shown."""
    of = Task.objects.filter(batch=OuterRef("pk"))
    running = Batch.objects.filter(status=Batch.Status.IN_PROGRESS)
    return decided(running.filter(Exists(of), ~Exists(of.filter(phase__in=tasks.LIVE))))


@transaction.atomic
def complete(*, batch_id: int) -> bool:
    """End a batch if all its tasks have ended; whether it did. Safe to call any number of times.

    Whoever adds tasks holds the batch's lock until they are there: then this is for the next sweep.
    """
    free = Batch.objects.select_for_update(no_key=True, of=("self",), skip_locked=True).select_related("project")
    batch = free.filter(pk=batch_id).first()
    if batch is None or not _ended().filter(pk=batch_id).exists():
        return False
    batch.status = Batch.Status.COMPLETED
    _save(batch, "batch.completed", SYSTEM, update_fields=["status"])
    return True


def complete_ended(*, task_keys: Sequence[str] | None = None) -> int:
    """End the batches whose last task was among these (public ids), or every one that has ended; how many batches."""
    found = _ended().order_by("id")
    if task_keys is not None:
        found = found.filter(pk__in=Task.objects.filter(public_id__in=task_keys, batch__isnull=False).values("batch"))
    return sum(complete(batch_id=key) for key in found.values_list("id", flat=True))


def reopen(batch: Batch, by: Actor) -> Batch:
    """Lock a batch to which tasks are added; a completed one is in progress again. Raises WrongState if it is canceled."""
    locked = _locked(batch.pk)
    if locked.status == Batch.Status.CANCELED:
        raise WrongState(state=locked.status)
    if locked.status == Batch.Status.COMPLETED:
        locked.status = Batch.Status.IN_PROGRESS
        _save(locked, "batch.reopened", by, update_fields=["status"])
    return locked


def _cancel(task_id: int, by: Actor, reason: str) -> None:
    try:
        tasks.cancel(task_id=task_id, by=by, reason=reason)
    except WrongState:
        return  # it ended by itself a moment ago
