"""What becomes of an answer: accepted, corrected, rejected, replaced. Pay follows in the same transaction."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils import timezone

from annotation.domain.events import Fact, publish
from annotation.models import COUNTING, Annotation, Assignment
from workforce.domain import pay
from workforce.domain.actor import Actor


def accept(*, annotations: Sequence[Annotation], by: Actor, how: str, note: str = "") -> int:
    """Accept pending answers and credit what their rounds earned. `how`: policy, auto, review or customer. Returns how many moved."""
    return _decide(annotations, Annotation.Status.ACCEPTED, by=by, decision={"by": how, "note": note})


def correct(*, annotation: Annotation, by: Actor, note: str = "") -> int:
    """A reviewer gave another value: the original stays, the author is paid in full."""
    return _decide([annotation], Annotation.Status.CORRECTED, by=by, decision={"by": "review", "note": note})


def reject(*, annotation: Annotation, by: Actor, how: str, reasons: list[str], note: str) -> int:
    """Reject an answer with closed reasons: it will not be paid. Nothing moves if it was decided already."""
    moved = _decide(
        [annotation], Annotation.Status.REJECTED, by=by, decision={"by": how, "reasons": reasons, "note": note}
    )
    if moved:
        pay.reverse(source_keys=_source_keys([annotation]), reason="rejected")
    return moved


def supersede(*, annotation: Annotation) -> int:
    """A later round takes this answer's place; money follows the last round."""
    live = Annotation.objects.filter(pk=annotation.pk, status__in=COUNTING)
    return live.update(status=Annotation.Status.SUPERSEDED)


def _decide(
    annotations: Sequence[Annotation], status: Annotation.Status, *, by: Actor, decision: dict[str, Any]
) -> int:
    """Move pending answers to `status`, publish it, and credit the pay unless they are rejected."""
    decided = {**decision, "at": timezone.now().isoformat()}
    wanted = [annotation.pk for annotation in annotations]
    pending = (
        Annotation.objects.select_for_update(no_key=True)
        .filter(pk__in=wanted, status=Annotation.Status.PENDING)
        .order_by("id")
    )
    moved = list(pending.select_related("project", "task", "assignment"))
    if not moved:
        return 0
    Annotation.objects.filter(pk__in=[row.pk for row in moved]).update(status=status, decision=decided)
    publish(
        *(
            Fact(
                row.organization_id,
                row.project.mode,
                row.project_id,
                f"annotation.{status.value}",
                row.public_id,
                {"annotation": row.public_id, "task": row.task.public_id, "decision": decided},
            )
            for row in moved
        ),
        by=by,
    )
    if status != Annotation.Status.REJECTED:
        pay.credit(source_keys=_source_keys(moved))
    return len(moved)


def _source_keys(annotations: Sequence[Annotation]) -> list[str]:
    """The source keys of all rounds that led to these answers."""
    pairs = Q()
    for row in annotations:
        pairs |= Q(task_id=row.task_id, contributor_id=row.contributor_id, stage="label")
    return [f"assignment:{key}" for key in Assignment.objects.filter(pairs).values_list("public_id", flat=True)]
