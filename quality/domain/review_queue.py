"""The review queue: reviews are asked for, and their seats taken by the same machinery as any other."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from annotation.domain import expiry, leases, tasks
from annotation.models import Assignment, Stage, Task
from quality.models import Review
from workforce.domain.actor import Actor

REVIEWER_HOURS = 4


@dataclass(frozen=True, slots=True)
class Request:
    """A review to be asked for. `risk` 0..1 orders the queue; `inclusion_p`: with which probability such a task is reviewed at all."""

    task: Task
    cause: str
    risk: float
    inclusion_p: float = 1.0
    reviewer: Assignment | None = None  # the seat of whoever returned the work: they look at it first
    second_of: Review | None = None  # the decision that is looked at again


def request(*, requests: Sequence[Request], by: Actor, stage: Stage = Stage.REVIEW) -> None:
    """Ask for reviews of locked tasks of which nobody holds a seat."""
    if not requests:
        return
    moves = [tasks.ToReview(each.task, each.risk, each.cause, held=each.reviewer is not None) for each in requests]
    tasks.to_review(moves=moves, by=by, stage=stage)
    Review.objects.bulk_create(
        Review(
            organization_id=each.task.organization_id,
            project_id=each.task.project_id,
            task=each.task,
            stage=stage,
            cause=each.cause,
            risk=each.risk,
            inclusion_p=each.inclusion_p,
            second_of=each.second_of,
        )
        for each in requests
    )
    for each in requests:
        if each.reviewer is not None:
            brief = expiry.Brief(reasons=[], comments=[], note="", draft=None)
            expiry.offer_again(previous=each.reviewer, brief=brief, hours=REVIEWER_HOURS)


def take(*, project_id: int, contributor_id: int, by: Actor, offer: str | None = None) -> leases.Taken:
    """Lease the next review seat, adjudications first. Raises NothingToLabel, OfferLapsed, OpenWork."""
    if offer is None:
        try:
            return leases.take(project_id=project_id, contributor_id=contributor_id, by=by, stage=Stage.ADJUDICATE)
        except leases.NothingToLabel:
            pass
    return leases.take(project_id=project_id, contributor_id=contributor_id, by=by, stage=Stage.REVIEW, offer=offer)


def resume(*, project_id: int, contributor_id: int, by: Actor) -> leases.Taken | None:
    """Take over the review seat that another tab or an earlier visit left open."""
    for stage in (Stage.ADJUDICATE, Stage.REVIEW):
        taken = leases.resume(project_id=project_id, contributor_id=contributor_id, by=by, stage=stage)
        if taken is not None:
            return taken
    return None


@transaction.atomic
def withdraw() -> int:
    """Sweep: reviews still asked for, or held, although their task has ended. Returns how many."""
    open_ = Review.objects.filter(status__in=[Review.Status.REQUESTED, Review.Status.HELD])
    ended = open_.exclude(task__status=Task.Status.IN_REVIEW)
    return ended.update(status=Review.Status.WITHDRAWN)
