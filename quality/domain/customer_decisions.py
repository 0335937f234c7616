"""What a customer decides about a single answer that nobody has judged yet."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from annotation.domain import judgements, tasks
from annotation.domain.tasks import WrongState
from annotation.models import Annotation, Stage, Task
from quality.domain import feedback, rejections
from quality.domain.decisions import REASONS, ReasonMissing, UnknownDecision
from quality.models import Review
from workforce.domain.actor import Actor


@transaction.atomic
def accept(*, annotation: Annotation, by: Actor, note: str = "") -> Annotation:
    """The answer is right, and is paid now. An accepted one stays accepted. Raises WrongState."""
    row, _task = _locked(annotation)
    if row.status != Annotation.Status.ACCEPTED:
        if not judgements.accept(annotations=[row.pk], by=by, how="customer", note=note):
            raise WrongState(state=row.status)
        row.refresh_from_db()
    return row


@transaction.atomic
def reject(*, annotation: Annotation, by: Actor, reasons: Sequence[str], note: str) -> Annotation:
    """The answer does not count and is not paid; its author reads why, somebody else gets the seat. A rejected one stays rejected.

    Raises ReasonMissing, UnknownDecision, TooLateToReject, TooManyRejections, and WrongState once the answer is decided, or while a
    reviewer has the task.
    """
    if not reasons or not note.strip():
        raise ReasonMissing
    if not set(reasons) <= set(REASONS):
        raise UnknownDecision
    row, task = _locked(annotation)
    if row.status == Annotation.Status.REJECTED:
        return row
    judgements.check_in_time(annotation=row, at=timezone.now())
    if task.stage != Stage.LABEL or task.status not in tasks.LIVE:
        raise WrongState(state=task.status)
    rejections.check(row)
    if not judgements.reject(annotations=[row.pk], by=by, how="customer", reasons=reasons, note=note):
        raise WrongState(state=row.status)
    tasks.uncount(task=task, by=by)
    said = Review(public_id=row.public_id, reasons=list(reasons), note=note)
    feedback.rejected(review=said, project=task.project, annotation=row)
    row.refresh_from_db()
    return row


def _locked(annotation: Annotation) -> tuple[Annotation, Task]:
    """The answer and its task, locked. Raises WrongState for an exit, which the pipeline judges."""
    (task,) = tasks.lock([annotation.task_id])
    row = Annotation.objects.select_related("assignment", "contributor", "task", "project").get(pk=annotation.pk)
    if row.exit:
        raise WrongState(state=row.exit)
    return row, task
