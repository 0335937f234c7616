"""Decisions against an answer that did not hold: it is accepted after all, counts where answers are still collected, and is paid.

Back-pay is an earning of its own, of what was frozen when the work was taken; what had been taken back stays in the books.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from annotation.domain import admission, tasks
from annotation.domain.events import Fact, publish
from annotation.models import Annotation, Batch, Task
from workforce.domain import pay
from workforce.domain.actor import Actor
from workforce.models import Earning

Status = Annotation.Status


@dataclass(frozen=True, slots=True)
class Held:
    """A locked task, and its batch, locked and counted anew, if that has a budget."""

    task: Task
    batch: Batch | None

    def covers(self, minor: int) -> bool:
        """Whether the budget leaves so much; True without a budget."""
        return self.batch is None or self.batch.held_minor + minor <= (self.batch.budget_minor or 0)


def lock(*, task_id: int) -> Held:
    """Batch, project, task: the order of everybody who opens tasks."""
    batch = Batch.objects.select_for_update(no_key=True).filter(tasks=task_id, budget_minor__isnull=False).first()
    if batch is not None:
        admission.recount(batch=batch)
    (task,) = tasks.lock([task_id])
    return Held(task, batch)


def contest(*, annotation: Annotation, by: Actor) -> None:
    """The author of a rejected answer asks for another look. The caller holds the task's lock. Raises WrongState."""
    _move(annotation, Status.REJECTED, Status.APPEALED, annotation.decision, by)


def uphold(*, annotation: Annotation, by: Actor) -> None:
    """Another look came to the same: rejected for good, with the first reasons. The caller holds the task's lock. Raises WrongState."""
    _move(annotation, Status.APPEALED, Status.REJECTED, {**(annotation.decision or {}), "final": True}, by)


def accept(*, held: Held, annotation: Annotation, lost: Sequence[Earning], note: str, by: Actor) -> None:
    """An answer whose author asked for another look was right: it counts, and what its author lost is paid. Raises WrongState.

    The customer pays it as any other answer; what the budget of the batch no longer covers, the platform does.
    """
    minor = sum(earning.amount_minor for earning in lost)
    covered = held.covers(minor)
    decision = {"by": "appeal", "note": note, "at": timezone.now().isoformat()}
    decision |= {} if covered else {"payer": pay.PLATFORM}
    _move(annotation, Status.APPEALED, Status.ACCEPTED, decision, by)
    if not annotation.exit and annotation.revision == held.task.revision:
        tasks.count_in(task=held.task)
    if held.batch is not None and covered:
        held.batch.held_minor += minor
        held.batch.save(update_fields=["held_minor"])
    pay_back(lost=lost, payer_key="" if covered else pay.PLATFORM)


def pay_back(*, lost: Sequence[Earning], payer_key: str = "") -> None:
    """Pay earnings that were taken back, each once, by whoever would have paid them unless `payer_key` says who."""
    for earning in lost:
        pay.accrue(
            contributor_id=earning.contributor_id,
            source_key=earning.source_key,
            kind=Earning.Kind.APPEAL,
            payer_key=payer_key or earning.payer_key,
            amount_minor=earning.amount_minor,
            currency=earning.currency,
        )
    pay.credit(source_keys=[earning.source_key for earning in lost])


def _move(annotation: Annotation, before: Status, after: Status, decision: dict[str, Any] | None, by: Actor) -> None:
    if not Annotation.objects.filter(pk=annotation.pk, status=before).update(status=after, decision=decision):
        raise tasks.WrongState(state=annotation.status)
    annotation.status, annotation.decision = after, decision
    task = annotation.task
    data = {"annotation": annotation.public_id, "task": task.public_id, "decision": decision}
    kind, project = f"annotation.{after.value}", annotation.project
    publish(Fact(task.organization_id, project.mode, project.pk, kind, annotation.public_id, data), by=by)
