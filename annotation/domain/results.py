"""Results: the settled value of a task, with confidence, method and provenance."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from annotation.domain import judgements
from annotation.domain.events import publish
from annotation.domain.tasks import LIVE, WrongState, fact
from annotation.models import COUNTING, Annotation, ContributorAlias, Result, Task
from workforce.domain.actor import Actor

INLINE_BYTES = 16_000


def settle(
    *,
    task: Task,
    answers: dict[str, dict[str, Any]],
    confidence: float | None,
    by: Actor,
    how: str = "policy",
    reviews: Sequence[str] = (),
) -> Result:
    """Write the result of a locked task and complete it; its pending answers are accepted and paid.

    `answers`: {question: {value, confidence 0..1 or None, method, n, status, soft?, dissent?}}. Raises WrongState if the task has ended.
    """
    if task.status not in LIVE:
        raise WrongState(state=task.status)
    contributing = list(
        Annotation.objects.filter(task=task, status__in=COUNTING, exit="", revision=task.revision).order_by("id")
    )
    aliases = ContributorAlias.objects.filter(
        organization_id=task.organization_id, contributor__in=[row.contributor_id for row in contributing]
    ).values_list("public_id", flat=True)
    result = Result.objects.create(
        organization_id=task.organization_id,
        project_id=task.project_id,
        task=task,
        revision=task.revision + 1,
        answers=answers,
        confidence=confidence,
        provenance={
            "annotations": [row.public_id for row in contributing],
            "reviews": list(reviews),
            "contributors": sorted(aliases),
            "schema_version": task.schema_version,
            "guideline_version": task.project.guideline_version,
        },
    )
    result.refresh_from_db(fields=["public_id", "created_at"])
    now = timezone.now()
    Task.objects.filter(pk=task.pk).update(
        status=Task.Status.COMPLETED, completed_at=now, revision=result.revision, recycled=False
    )
    task.status, task.revision, task.completed_at = Task.Status.COMPLETED, result.revision, now
    judgements.accept(annotations=contributing, by=by, how=how)
    publish(
        fact(task, "task.completed", status=task.status, revision=result.revision, result=on_the_wire(result, task)),
        by=by,
    )
    return result


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
