"""Tasks move between stages and states. The caller holds the task's row lock (`lock`), so these acts check, change and publish."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Case, F, Value, When
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from annotation.domain.events import Fact, publish
from annotation.domain.queues import opened, queue_for
from annotation.models import COUNTING, Annotation, Assignment, Stage, Task
from annotation.scheduling.rank import EPOCH
from workforce.domain.actor import Actor
from workforce.domain.refusal import Refusal

LIVE = (
    Task.Status.QUEUED,
    Task.Status.OPEN,
    Task.Status.COLLECTING,
    Task.Status.DECIDING,
    Task.Status.IN_REVIEW,
)
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


@dataclass(frozen=True, slots=True)
class Wish:
    """One more answer to a task. `uncertainty`: 1000 x (1 - the largest posterior), 0 to 1000."""

    task: Task
    uncertainty: int


ASK_MORE = """
UPDATE task t SET seats = t.seats + 1, status = 'collecting', recycled = true, uncertainty = v.uncertainty
  FROM unnest(%s::bigint[], %s::int[]) AS v (task_id, uncertainty)
 WHERE t.id = v.task_id AND t.status = 'deciding' AND t.seats < t.seats_max
"""


def ask_more(*, wishes: Sequence[Wish], by: Actor) -> None:
    """One more answer is wanted for each of these locked tasks. Guard: deciding, and below `seats_max`. Raises WrongState."""
    with connection.cursor() as cursor:
        cursor.execute(ASK_MORE, [[wish.task.pk for wish in wishes], [wish.uncertainty for wish in wishes]])
        if cursor.rowcount < len(wishes):
            raise WrongState(state=Task.Status.DECIDING.value)
    publish(*(fact(wish.task, "task.more_wanted") for wish in wishes), by=by)


@dataclass(frozen=True, slots=True)
class ToReview:
    """A task on its way to a reviewer.

    `risk` 0..1 takes up to a day off the virtual due time, so riskier work comes first and nothing waits for ever; `held`: the seat is
    already offered to somebody.
    """

    task: Task
    risk: float
    cause: str
    held: bool = False


TO_REVIEW = """
UPDATE task t SET status = 'in_review', stage = %s, queue_id = v.queue_id, rank = v.rank, seats = 1, seats_taken = v.held, answers = 0,
       recycled = false
  FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::int[]) AS v (task_id, queue_id, rank, held)
 WHERE t.id = v.task_id AND t.status IN ('open', 'collecting', 'deciding', 'in_review')
"""


def to_review(*, moves: Sequence[ToReview], by: Actor, stage: Stage = Stage.REVIEW) -> None:
    """Move locked tasks, of which nobody holds a seat, to the review (or adjudication) queue of their project: one seat each.

    Raises WrongState if one of them has ended.
    """
    now = int(timezone.now().timestamp() - EPOCH.timestamp())
    queues = _review_queues([move.task for move in moves], stage)
    rows = [
        (move.task.pk, queues[_line(move.task)], int(now + REVIEW_HORIZON_S * (1 - move.risk)), int(move.held))
        for move in moves
    ]
    with connection.cursor() as cursor:
        cursor.execute(TO_REVIEW, [stage.value, *(list(column) for column in zip(*rows, strict=True))])
        if cursor.rowcount < len(rows):
            raise WrongState
    for queue in sorted(set(queues.values())):
        opened(queue_id=queue, lowest_rank=min(rank for _, line, rank, _ in rows if line == queue))
    publish(*(fact(move.task, "task.in_review", cause=move.cause, stage=stage.value) for move in moves), by=by)


def _line(task: Task) -> tuple[int, str, str]:
    return task.project_id, task.queue.service_class, task.queue.payer


def _review_queues(tasks: Sequence[Task], stage: Stage) -> dict[tuple[int, str, str], int]:
    """Key of the review queue per project, class and payer."""
    found: dict[tuple[int, str, str], int] = {}
    for task in tasks:
        if _line(task) not in found:
            queue = queue_for(
                project=task.project,
                stage=stage,
                service_class=task.queue.service_class,
                payer=task.queue.payer,
                requirements={},
            )
            found[_line(task)] = queue.pk
    return found


def uncount(*, task: Task, by: Actor, reason: str = "rejected") -> None:
    """An answer of this locked task no longer counts; if it is still being collected, the seat is free for somebody else."""
    moved = Task.objects.filter(
        pk=task.pk, stage=Stage.LABEL, status__in=[Task.Status.COLLECTING, Task.Status.DECIDING]
    ).update(answers=F("answers") - 1, seats_taken=F("seats_taken") - 1, recycled=True, status=Task.Status.COLLECTING)
    if moved:
        publish(fact(task, "task.returned", reason=reason), by=by)


def count_in(*, task: Task) -> None:
    """An answer of this locked task counts after all. While answers are collected it takes a free seat, or brings its own."""
    seats = Greatest(F("seats"), F("seats_taken") + 1)
    collecting = Task.objects.filter(pk=task.pk, stage=Stage.LABEL, phase__in=[Task.Status.OPEN, Task.Status.DECIDING])
    collecting.update(
        answers=F("answers") + 1, seats_taken=F("seats_taken") + 1, seats=seats, seats_max=Greatest(F("seats_max"), seats),
        status=Case(When(answers__gte=seats - 1, then=Value(Task.Status.DECIDING)), default=Value(Task.Status.COLLECTING)),
    )  # fmt: skip


def back_to_label(*, task: Task, by: Actor, seats: int, held: int, reason: str) -> None:
    """From review back to answers: the counting answers plus `seats` more, of which `held` are already reserved for somebody."""
    counting = Annotation.objects.filter(task=task, status__in=COUNTING, exit="", revision=task.revision).count()
    before = task.queue
    queue = queue_for(
        project=task.project, service_class=before.service_class, purpose=task.purpose, payer=before.payer
    )
    wanted = counting + seats
    moved = Task.objects.filter(pk=task.pk, status=Task.Status.IN_REVIEW).update(
        status=Task.Status.COLLECTING, stage=Stage.LABEL, queue=queue, seats=wanted, seats_max=max(wanted, task.seats_max),
        seats_taken=counting + held, answers=counting, recycled=held < seats,
    )  # fmt: skip
    if not moved:
        raise WrongState(state=task.status)
    opened(queue_id=queue.pk, lowest_rank=task.rank)
    publish(fact(task, "task.returned", reason=reason), by=by)


def close(*, task_ids: Sequence[int]) -> None:
    """Locked tasks whose answers serve another task are done, without a result of their own; nobody outside is told."""
    live = Task.objects.filter(pk__in=task_ids, status__in=LIVE)
    live.update(status=Task.Status.COMPLETED, completed_at=timezone.now(), recycled=False)


def hold(*, task: Task) -> None:
    """Nobody new gets this locked task until it is resumed. Who holds a seat finishes; a seat given back is still given out."""
    Task.objects.filter(pk=task.pk, status__in=[Task.Status.OPEN, Task.Status.COLLECTING]).update(
        seats=Greatest(F("seats_taken"), 1), recycled=False
    )


def resume(*, task: Task) -> None:
    """A locked task that was held gets answers again, up to its most."""
    moved = Task.objects.filter(
        pk=task.pk,
        status__in=[Task.Status.OPEN, Task.Status.COLLECTING, Task.Status.DECIDING],
        seats_taken__lt=F("seats_max"),
    ).update(
        seats=F("seats_max"),
        status=Case(When(status=Task.Status.DECIDING, then=Value(Task.Status.COLLECTING)), default=F("status")),
    )
    if moved:
        opened(queue_id=task.queue_id, lowest_rank=task.rank)


# Offers that somebody opens at this moment are left to them: waiting here could be a circle.
WITHDRAW = """
DELETE FROM assignment WHERE id IN (
    SELECT id FROM assignment WHERE task_id = %s AND status = 'offered' AND origin = ANY(%s) ORDER BY id FOR UPDATE SKIP LOCKED)
"""


def _withdraw(task: Task, *origins: str) -> None:
    """End the offers of a locked task, to which no new one can come."""
    with connection.cursor() as cursor:
        cursor.execute(WITHDRAW, [task.pk, list(origins)])


def fail(*, task: Task, by: Actor, code: str) -> None:
    """The task cannot be answered: broken media, no rule. Final. Offers are withdrawn; who is at work is paid when done."""
    _withdraw(task, Assignment.Origin.OFFER)
    moved = Task.objects.filter(pk=task.pk, status__in=LIVE).update(
        status=Task.Status.FAILED, waits_for="", failure=code, completed_at=timezone.now(), recycled=False
    )
    if not moved:
        raise WrongState(state=task.status)
    publish(fact(task, "task.failed", failure={"code": code}), by=by)


@transaction.atomic
def cancel(*, task_id: int, by: Actor, reason: str = "") -> Task:
    """Stop a live task: no new leases; started work runs out and is paid. A canceled one stays canceled. Raises WrongState."""
    (task,) = lock([task_id])
    if task.status == Task.Status.CANCELED:
        return task
    if task.status not in LIVE:
        raise WrongState(state=task.status)
    _withdraw(task, Assignment.Origin.OFFER, Assignment.Origin.RETURN)
    Task.objects.filter(pk=task.pk).update(
        status=Task.Status.CANCELED, waits_for="", completed_at=timezone.now(), recycled=False
    )
    task.status = Task.Status.CANCELED
    publish(fact(task, "task.canceled", reason=reason), by=by)
    return task
