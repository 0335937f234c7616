"""Second looks: some decisions wait until another reviewer, who does not know it, has judged the same. If they differ, a third decides.

So reviewers are measured as they measure others. Neither of the two learns of it; both are paid as for any review.
"""

import hmac
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import transaction

from annotation.domain import tasks
from annotation.models import Annotation, Purpose, Stage, Task, TaskPayload
from annotation.queries.schemas import compiled
from quality.domain import consensus, rejections, review_queue
from quality.domain.decisions import Case, Decision, NothingChosen, carry_out, judgeable, prepare
from quality.domain.review_queue import Request
from quality.models import Consensus, Review, ReviewerEvidence
from quality.queries import reviewers
from workforce.domain import pay
from workforce.domain.actor import SYSTEM, Actor

NEW = 50  # decisions, before which a reviewer's are looked at twice as often
WAIT = timedelta(hours=24)  # then the first decision is carried out
FINDS_FAULT = (Review.Decision.RETURN, Review.Decision.REJECT)

Kind, Fault, Status = ReviewerEvidence.Kind, ReviewerEvidence.Fault, Review.Status


# --- The draw -------------------------------------------------------------------------------------------------------
def wanted(case: Case) -> bool:
    """Whether another reviewer looks at a prepared decision before it is carried out; its probability is kept with the review.

    Always at a rejection of too much of one person's work. Not at escalations, at what an expert or a second opinion says, at audits, and
    where others are missing who could look and decide.
    """
    review, task = case.review, case.task
    share = float(task.project.quality.get("review", {}).get("second", 0))
    first = review.stage == Stage.REVIEW and review.cause != "second_opinion" and task.purpose == Purpose.WORK
    if not first or review.decision == Review.Decision.ESCALATE:
        return False
    wholesale = review.decision == Review.Decision.REJECT and rejections.beyond(case.chosen())
    if not (share or wholesale) or not reviewers.others_can(task):
        return False
    if wholesale:
        review.second_p = 1.0
        return True
    seasoned = reviewers.decided(case.seat.contributor_id, most=NEW) >= NEW
    review.second_p = share if seasoned else min(2 * share, 1.0)
    return drawn(review.public_id, review.second_p)


def drawn(review: str, share: float) -> bool:
    """A keyed draw: the same for the same review, foreseen by nobody."""
    digest = hmac.digest(settings.SECRET_KEY.encode(), f"second look {review}".encode(), sha256)
    return int.from_bytes(digest[:8]) < share * 2**64


# --- The second look ------------------------------------------------------------------------------------------------
def ask(case: Case) -> None:
    """Hold the decision, and ask for another in the same words, so that nobody sees that it is the second."""
    review = case.review
    review.status = Status.HELD
    review.save()
    again = Request(case.task, review.cause, review.risk, review.inclusion_p, second_of=review)
    review_queue.request(requests=[again], by=SYSTEM)


def compare(case: Case) -> None:
    """A second decision: where it agrees the first is carried out, else an expert is asked, or whom the second reviewer asks.

    If no expert is left to ask, the first decision stands, and nothing is concluded of the two.
    """
    second, first = case.review, case.review.second_of
    assert first is not None  # noqa: S101  only second reviews are compared
    if second.decision == Review.Decision.ESCALATE:
        _pass_on(first)
        carry_out(case)
    elif same(case, first, second):
        _let_stand(first, case)
        for review in (first, second):
            _observe(review, Kind.SECOND, stood=True)
    elif not reviewers.expert_left(case.task):
        _let_stand(first, case)
    else:
        _ask_expert(case.task, first, second)


def settled(case: Case) -> None:
    """A decision was carried out: what it shows of those who had differed before, if there were any."""
    if case.review.decision == Review.Decision.ESCALATE:
        return
    for review in reviewers.differed(case.task):
        _observe(review, Kind.ADJUDICATION, stood=same(case, review, case.review))


def carry_out_overdue(*, now: datetime) -> int:
    """Sweep: decisions at which nobody has looked again in time; how many."""
    late = Review.objects.filter(status=Status.REQUESTED, second_of__isnull=False, created_at__lt=now - WAIT)
    return sum(_overdue(pk) for pk in late.order_by("task_id").values_list("pk", flat=True))


@transaction.atomic
def _overdue(second_id: int) -> bool:
    """Unless somebody holds the seat, or has just decided."""
    (task,) = tasks.lock([Review.objects.values_list("task_id", flat=True).get(pk=second_id)])
    idle = Review.objects.filter(pk=second_id, status=Status.REQUESTED, task__seats_taken=0)
    second = idle.select_related("second_of").first()
    if second is None or second.second_of is None or task.status != Task.Status.IN_REVIEW:
        return False
    Review.objects.filter(pk=second_id).update(status=Status.WITHDRAWN)
    try:
        case = _as_given(second.second_of, task, judgeable(task))
    except NothingChosen:  # to be rejected, and the customer has accepted it since
        _ask_expert(task, second.second_of)
    else:
        with pay.together():
            carry_out(case)
    return True


def _ask_expert(task: Task, *differ: Review) -> None:
    """Somebody who sees these decisions decides instead."""
    for review in differ:
        _pass_on(review)
    third = Request(task, "reviewers_differ", risk=1.0)
    review_queue.request(requests=[third], by=SYSTEM, stage=Stage.ADJUDICATE)


def _let_stand(first: Review, case: Case) -> None:
    """The first decision is carried out, and the second kept beside it."""
    case.review.status = Status.DECIDED
    case.review.save()
    carry_out(_as_given(first, case.task, case.answers))


def _pass_on(review: Review) -> None:
    """Somebody else decides instead."""
    review.status = Status.ESCALATED
    review.save()


def _as_given(review: Review, task: Task, answers: list[Annotation]) -> Case:
    """A decision that was held, as it was given."""
    seat = review.assignment
    assert seat is not None  # noqa: S101  it was given by somebody
    said = Decision(
        decision=review.decision,
        answer=review.annotation.public_id if review.annotation else "",
        value=review.value,
        reasons=review.reasons,
        comments=review.comments,
        note=review.note,
        disagreement=review.disagreement,
    )
    held = Case(seat, task, review, said, Actor("contributor", seat.contributor.public_id), answers)
    prepare(held)
    return held


# --- Whether two decisions are the same -----------------------------------------------------------------------------
def same(case: Case, one: Review, other: Review) -> bool:
    """The same fault of the same answer, or results that agree. A decision that finds fault is never the same as one that does not."""
    if one.decision in FINDS_FAULT or other.decision in FINDS_FAULT:
        return (one.decision, one.annotation_id) == (other.decision, other.annotation_id)
    mine, theirs = _value(one), _value(other)
    if mine is None or theirs is None:
        return mine is theirs
    payload = TaskPayload.objects.get(pk=case.task.pk).body
    found = consensus.compare(compiled(case.task.project_id, case.version), payload, mine, theirs)
    return all(each.passed for each in found.values())


def _value(review: Review) -> dict[str, Any] | None:
    """The result by this decision; None where it says that the task cannot be answered."""
    if review.value is not None:
        return dict(review.value)
    if review.annotation is not None:
        return None if review.annotation.exit else dict(review.annotation.answer["value"])
    return consensus.merged(Consensus.objects.filter(task=review.task_id).first())


def _observe(review: Review, kind: ReviewerEvidence.Kind, *, stood: bool) -> None:
    fault = Fault.FALSE_REJECT if review.decision in FINDS_FAULT else Fault.MISSED_ERROR
    assert review.assignment is not None  # noqa: S101  it was given by somebody
    ReviewerEvidence.objects.create(
        review=review,
        project_id=review.project_id,
        reviewer_id=review.assignment.contributor_id,
        kind=kind,
        outcome=float(stood),
        fault="" if stood else fault,
    )
