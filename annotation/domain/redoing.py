"""Doing an answer again: it is set aside, and somebody who has not had its task answers in its place. Money is not touched.

What others have answered to the task counts on. The author keeps what was earned, and does not get the task again.
"""

from dataclasses import replace

from django.db import transaction

from annotation.domain import admission, batches, judgements, task_changes, tasks
from annotation.domain.admission import QuotaExceeded
from annotation.models import COUNTING, Annotation, Batch, Task
from annotation.queries import redoing
from annotation.queries.redoing import Given
from workforce.domain.actor import Actor


@transaction.atomic
def do_again(*, annotation_id: int, by: Actor) -> Given | None:
    """Set the answer (key) aside and let others answer its task, unless something speaks against it: `left` of what is returned says what.

    None if it does not count any more. A task that was completed is asked for a new result. Safe to repeat.
    """
    batch, task = _locked(annotation_id)
    found = redoing.one(annotation_id)
    if found is None or found.left:
        return found
    if reason := _refused(task, batch, found):
        return replace(found, left=reason)
    judgements.set_aside(annotations=[annotation_id], by=by)
    if found.delivered:
        _reopen(task, batch, by)
    else:
        tasks.uncount(task=task, by=by, reason=judgements.REDO)
    return found


def _locked(annotation_id: int) -> tuple[Batch | None, Task]:
    """Batch, then task: the order of everybody who opens tasks."""
    task_id, batch_id = Task.objects.values_list("pk", "batch").get(annotations=annotation_id)
    batch = Batch.objects.select_for_update(no_key=True).get(pk=batch_id) if batch_id else None
    if batch is not None and batch.budget_minor is not None:
        admission.recount_if_due(batch=batch)
    (task,) = tasks.lock([task_id])
    return batch, task


def _refused(task: Task, batch: Batch | None, found: Given) -> str:
    """Why money or room does not suffice; empty if it does, and then the money is held. What the platform pays for costs nothing."""
    if not found.minor and not found.delivered:
        return ""
    answers = 1
    if found.delivered:
        kept = _others(task, task.revision - 1, found.id)
        answers = task_changes.seats_again(task, kept)[1] - kept
    try:
        reasons = admission.judge(
            project=task.project, asked=[(batch, answers)], new=found.delivered, opens=found.delivered
        )
    except QuotaExceeded as refusal:
        return f"quota:{refusal.params['quota']}"
    return reasons[0] if reasons else ""


def _others(task: Task, revision: int, but: int) -> int:
    given = Annotation.objects.filter(task=task, revision=revision, exit="", status__in=COUNTING)
    return given.exclude(pk=but).count()


def _reopen(task: Task, batch: Batch | None, by: Actor) -> None:
    """The other answers count for the next result, too."""
    if batch is not None:
        batches.reopen(batch, by)
    others = Annotation.objects.filter(task=task, revision=task.revision - 1, exit="", status__in=COUNTING)
    others.update(revision=task.revision)
    kept = _others(task, task.revision, 0)
    task_changes.ask_again(task=task, by=by, reason=judgements.REDO, kept=kept)
