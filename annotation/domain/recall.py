"""Recall: a contributor takes back an answer they have just given, and answers the task again."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from annotation.domain import judgements, leases, tasks
from annotation.domain.events import publish
from annotation.models import Annotation, Assignment, ContributorAlias, Draft, Stage, Task
from workforce.domain import pay
from workforce.domain.actor import Actor
from workforce.domain.refusal import Refusal

RECENT = 10
WINDOW = timedelta(minutes=10)


class AlreadyUsed(Refusal):
    """The answer has been counted or judged, or it was given too long ago."""

    code = "already_used"
    message = _("This answer can no longer be taken back.")
    remedy = _("It has been used already, or ten minutes have passed. A comment on the next one reaches the reviewers.")


@dataclass(frozen=True, slots=True)
class _Last:
    """The answer to be taken back, with its task locked."""

    annotation: Annotation
    task: Task


@transaction.atomic
def recall(*, assignment: str, contributor_id: int, by: Actor) -> leases.Taken:
    """Lease the task of an own answer again, one round later; the seat stays theirs all the while.

    The answer is set aside and becomes the draft; the new round carries the price, so money is never counted twice. Guards: one of the
    last ten answers, at most ten minutes old, pending, its task still being collected. Raises AlreadyUsed, OpenWork.
    """
    last = _last(assignment, contributor_id)
    if _open_count(last.task.project_id, contributor_id) >= leases.MAX_LEASES:
        raise leases.OpenWork
    if not _seat_again(last):
        raise AlreadyUsed
    judgements.supersede(annotations=[last.annotation.pk])
    pay.reverse(source_keys=[f"assignment:{assignment}"], reason="recalled")
    again = _lease_again(last)
    Draft.objects.create(assignment=again, body=_draft(last.annotation.answer))
    taken = leases.resume(project_id=again.project_id, contributor_id=contributor_id, by=by, assignment=again.public_id)
    if taken is None:  # the row was written in this very transaction
        raise AlreadyUsed
    publish(tasks.fact(last.task, "assignment.leased", assignment=again.public_id, contributor=_alias(again)), by=by)
    return taken


def _open_count(project_id: int, contributor_id: int) -> int:
    """How many tasks somebody has open in a project."""
    mine = Assignment.objects.filter(project=project_id, contributor=contributor_id)
    return mine.filter(status=Assignment.Status.LEASED, leased_until__gt=timezone.now()).count()


def _alias(assignment: Assignment) -> str:
    """The contributor's pseudonym at the organization."""
    found = ContributorAlias.objects.filter(
        organization=assignment.organization_id, contributor=assignment.contributor_id
    )
    return found.values_list("public_id", flat=True).first() or ""


def _last(assignment: str, contributor_id: int) -> _Last:
    """The answer of this assignment, if it may still be taken back. Raises AlreadyUsed."""
    since = timezone.now() - WINDOW
    recent = Annotation.objects.filter(contributor=contributor_id, submitted_at__gte=since).order_by("-id")
    task_ids = {row.assignment.public_id: row.task_id for row in recent.select_related("assignment")[:RECENT]}
    if assignment not in task_ids:
        raise AlreadyUsed
    (task,) = tasks.lock([task_ids[assignment]])
    found = Annotation.objects.select_related("assignment").filter(
        assignment__public_id=assignment, status=Annotation.Status.PENDING, revision=task.revision
    )
    if annotation := found.first():
        return _Last(annotation, task)
    raise AlreadyUsed


def _seat_again(last: _Last) -> bool:
    """The answer no longer counts and its seat is a lease; an exit had given its seat away, so one must be free."""
    collected = Task.objects.filter(
        pk=last.task.pk, stage=Stage.LABEL, status__in=[Task.Status.COLLECTING, Task.Status.DECIDING]
    )
    if not last.annotation.exit:
        return bool(collected.update(answers=F("answers") - 1, status=Task.Status.COLLECTING))
    return bool(collected.filter(claimable=True).update(seats_taken=F("seats_taken") + 1))


def _lease_again(last: _Last) -> Assignment:
    first, now = last.annotation.assignment, timezone.now()
    lease = timedelta(seconds=int(first.terms["lease_s"]))
    again = Assignment.objects.create(
        organization_id=first.organization_id,
        project_id=first.project_id,
        task_id=first.task_id,
        contributor_id=first.contributor_id,
        stage=first.stage,
        round=first.round + 1,
        status=Assignment.Status.LEASED,
        origin=Assignment.Origin.RECALL,
        leased_at=now,
        leased_until=now + lease,
        lease_cap_at=now + max(6 * lease, timedelta(hours=1)),
        terms=first.terms,
    )
    again.refresh_from_db(fields=["public_id"])
    return again


def _draft(answer: dict[str, Any]) -> dict[str, Any]:
    """What can be worked on again: the value (of an exit: what was done so far), flags and comment."""
    body: dict[str, Any] = {"value": answer.get("value") or answer.get("partial") or {}}
    return body | {name: answer[name] for name in ("flags", "comment") if name in answer}
