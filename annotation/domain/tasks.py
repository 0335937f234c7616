"""Tasks move between stages and states. The caller holds the task's row lock (`lock`), so these acts check, change and publish."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from annotation.domain.events import Fact, publish
from annotation.domain.queues import opened, queue_for
from annotation.models import COUNTING, Annotation, Assignment, Stage, Task
from annotation.scheduling.rank import EPOCH
from workforce.domain.actor import Actor
from workforce.domain.refusal import Refusal

LIVE = (Task.Status.OPEN, Task.Status.COLLECTING, Task.Status.DECIDING, Task.Status.IN_REVIEW)
REVIEW_HORIZON_S = 86_400


class WrongState(Refusal):
    """The task is not in a state in which this can be done."""

    code = "wrong_state"
    message = _("This cannot be done in the task's present state.")
    remedy = _("Reload to see where it stands.")


def lock(task_ids: Sequence[int]) -> list[Task]:
    """The tasks, locked in key order, with their projects."""
    rows = Task.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=task_ids).order_by("id")
    return list(rows.select_related("project", "queue"))


def fact(task: Task, kind: str, **data: object) -> Fact:
    """An event of this task."""
    return Fact(
        task.organization_id, task.project.mode, task.project_id, kind, task.public_id, {"task": task.public_id, **data}
    )


def ask_more(*, task: Task, by: Actor) -> None:
    """One more answer is wanted. Guard: deciding, and below `seats_max`. Raises WrongState."""
    moved = Task.objects.filter(pk=task.pk, status=Task.Status.DECIDING, seats__lt=F("seats_max")).update(
        seats=F("seats") + 1, status=Task.Status.COLLECTING, recycled=True
    )
    if not moved:
        raise WrongState(state=task.status)
    publish(fact(task, "task.more_wanted"), by=by)


def to_review(*, task: Task, by: Actor, risk: float, cause: str, stage: Stage = Stage.REVIEW) -> None:
    """Move a task to the review (or adjudication) queue of its project: one seat, riskier work first.

    `risk` 0..1 takes up to a day off the virtual due time, so nothing waits behind later risk for ever.
    """
    queue = queue_for(project=task.project, stage=stage, service_class=task.queue.service_class, requirements={})
    rank = int(timezone.now().timestamp() - EPOCH.timestamp() + REVIEW_HORIZON_S * (1 - risk))
    moved = Task.objects.filter(pk=task.pk, status__in=[Task.Status.DECIDING, Task.Status.IN_REVIEW]).update(
        status=Task.Status.IN_REVIEW, stage=stage, queue=queue, rank=rank, seats=1, seats_max=F("seats_max"), seats_taken=0, answers=0,
        recycled=False,
    )  # fmt: skip
    if not moved:
        raise WrongState(state=task.status)
    opened(queue_id=queue.pk, lowest_rank=rank)
    publish(fact(task, "task.in_review", cause=cause, stage=stage), by=by)


def back_to_label(*, task: Task, by: Actor, seats: int, held: int, reason: str) -> None:
    """From review back to answers: the counting answers plus `seats` more, of which `held` are already reserved for somebody."""
    counting = Annotation.objects.filter(task=task, status__in=COUNTING, exit="", revision=task.revision).count()
    queue = queue_for(project=task.project, service_class=task.queue.service_class, purpose=task.purpose)
    wanted = counting + seats
    moved = Task.objects.filter(pk=task.pk, status=Task.Status.IN_REVIEW).update(
        status=Task.Status.COLLECTING, stage=Stage.LABEL, queue=queue, seats=wanted, seats_max=max(wanted, task.seats_max),
        seats_taken=counting + held, answers=counting, recycled=held < seats,
    )  # fmt: skip
    if not moved:
        raise WrongState(state=task.status)
    opened(queue_id=queue.pk, lowest_rank=task.rank)
    publish(fact(task, "task.returned", reason=reason), by=by)


def fail(*, task: Task, by: Actor, code: str) -> None:
    """The task cannot be answered: broken media, no rule. Final."""
    moved = Task.objects.filter(pk=task.pk, status__in=LIVE).update(
        status=Task.Status.FAILED, failure=code, completed_at=timezone.now(), recycled=False
    )
    if not moved:
        raise WrongState(state=task.status)
    publish(fact(task, "task.failed", failure={"code": code}), by=by)


@transaction.atomic
def cancel(*, task_id: int, by: Actor, reason: str = "") -> Task:
    """Stop a live task: no new leases; started work runs out and is paid. A canceled one stays canceled. Raises WrongState."""
    Assignment.objects.filter(task_id=task_id, status=Assignment.Status.OFFERED).delete()
    (task,) = lock([task_id])
    if task.status == Task.Status.CANCELED:
        return task
    if task.status not in LIVE:
        raise WrongState(state=task.status)
    Task.objects.filter(pk=task.pk).update(status=Task.Status.CANCELED, completed_at=timezone.now(), recycled=False)
    task.status = Task.Status.CANCELED
    publish(fact(task, "task.canceled", reason=reason), by=by)
    return task
