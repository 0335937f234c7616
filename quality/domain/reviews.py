"""Reviews: a task's answers judged once, by somebody who gave none of them.

A review is requested by the pipeline, its seat is leased like any other, and the holder of the lease decides: accept, correct, return,
reject or escalate. Locks are taken assignment, task, review: the order of every act on a seat.
"""

from collections.abc import Callable

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Greatest, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from annotation.domain import leases, tasks
from annotation.domain.events import publish
from annotation.models import COUNTING, Annotation, Assignment, Stage, Task
from quality.domain.decisions import (
    ACTS,
    ESCALATIONS,
    REASONS,
    Case,
    Decision,
    NothingChosen,
    ReasonMissing,
    UnknownDecision,
    fact_of,
)
from quality.models import Review
from workforce.domain import pay
from workforce.domain.actor import Actor
from workforce.domain.refusal import Refusal
from workforce.models.public_id import decode


class NotIndependent(Refusal):
    """The reviewer has worked on this task before."""

    code = "not_independent"
    message = _("You have worked on this task yourself.")
    remedy = _("Give it back: somebody else will review it.")


@transaction.atomic
def decide(
    *, assignment: str, contributor_id: int, epoch: int, decision: Decision, active_ms: int, by: Actor
) -> Review | None:
    """Judge a task, once. The same seat again returns what was stored; None if the task ended meanwhile: the reviewer is paid all the same.

    Raises LeaseLost, NotIndependent, ReasonMissing, NothingChosen, InvalidAnswer, UnknownDecision.
    """
    act = _checked(decision)
    seat = _fence(assignment, contributor_id, epoch, active_ms)
    if seat is None:
        return _stored(assignment, contributor_id)
    (task,) = tasks.lock([seat.task_id])
    waiting = Q(task=task, stage=seat.stage, status=Review.Status.REQUESTED)
    review = Review.objects.select_for_update(no_key=True).filter(waiting).first()
    with pay.together():
        _reward(seat, task)
        if review is None or task.status != Task.Status.IN_REVIEW:
            return None
        return _judge(Case(seat, task, review, decision, by), act)


def _judge(case: Case, act: Callable[[Case], None]) -> Review:
    """Carry out the decision and write it down."""
    review, decision, seat = case.review, case.decision, case.seat
    case.answers = _answers(case.task)
    _independent(case)
    review.status = Review.Status.DECIDED
    review.decision, review.note = decision.decision, decision.note
    review.reasons, review.comments = list(decision.reasons), [dict(each) for each in decision.comments]
    review.assignment, review.decided_at = seat, timezone.now()
    review.decided_by_id = seat.contributor.user_id
    act(case)
    review.save()
    publish(fact_of(case, "review.decided"), by=case.by)
    return review


def _checked(decision: Decision) -> Callable[[Case], None]:
    """The act of a decision that says all it must. Raises UnknownDecision, ReasonMissing, NothingChosen."""
    act = ACTS.get(decision.decision)
    if act is None or decision.to not in ESCALATIONS or not set(decision.reasons) <= set(REASONS):
        raise UnknownDecision
    words = decision.note.strip() or any(each.get("text", "").strip() for each in decision.comments)
    if decision.decision in (Review.Decision.RETURN, Review.Decision.REJECT) and not (decision.reasons and words):
        raise ReasonMissing
    if decision.decision == Review.Decision.CORRECT and not decision.value:
        raise NothingChosen
    return act


def _fence(assignment: str, contributor_id: int, epoch: int, active_ms: int) -> Assignment | None:
    """End the lease as submitted if it is still this tab's."""
    if decode("asg", assignment) is None:
        raise leases.LeaseLost
    held = Assignment.objects.filter(
        public_id=assignment,
        contributor_id=contributor_id,
        stage__in=[Stage.REVIEW, Stage.ADJUDICATE],
        status=Assignment.Status.LEASED,
        epoch=epoch,
        leased_until__gte=Now(),
    )
    ended = held.update(
        status=Assignment.Status.SUBMITTED, ended_at=Now(), active_ms=Greatest("active_ms", max(active_ms, 0))
    )
    return Assignment.objects.select_related("contributor").get(public_id=assignment) if ended else None


def _stored(assignment: str, contributor_id: int) -> Review:
    """What this seat has decided already. Raises LeaseLost."""
    stored = Review.objects.filter(assignment__public_id=assignment, assignment__contributor_id=contributor_id).first()
    if stored is None:
        raise leases.LeaseLost
    return stored


def _answers(task: Task) -> list[Annotation]:
    """Counting answers of the revision, and the exits that wait for a judgement."""
    rows = Annotation.objects.filter(task=task, revision=task.revision).filter(
        Q(exit="", status__in=COUNTING) | Q(status=Annotation.Status.PENDING)
    )
    return list(rows.select_related("assignment", "contributor").order_by("id"))


def _independent(case: Case) -> None:
    """Checked by the claim, and once more here. Raises NotIndependent."""
    own = Assignment.objects.filter(task=case.task, contributor=case.seat.contributor).exclude(stage=case.seat.stage)
    if own.exists():
        raise NotIndependent


def _reward(seat: Assignment, task: Task) -> None:
    """A review is paid when it is given, whatever it says."""
    source = f"assignment:{seat.public_id}"
    price = seat.terms.get("review_price_minor", task.project.terms.get("review_price_minor", 0))
    pay.accrue(
        contributor_id=seat.contributor_id,
        source_key=source,
        kind="review",
        payer_key=seat.terms["payer"],
        amount_minor=int(price),
        currency=seat.terms["currency"],
    )
    pay.credit(source_keys=[source])
