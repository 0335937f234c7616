"""Reviews: a task's answers judged once, by somebody who gave none of them.

A review is requested by the pipeline, its seat is leased like any other, and the holder of the lease decides: accept, correct, return,
reject or escalate. Locks are taken assignment, task, review: the order of every act on a seat.
"""

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Greatest, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from annotation.domain import leases, tasks
from annotation.models import Assignment, Stage, Task
from quality.domain import second_looks
from quality.domain.decisions import (
    ACTS,
    ESCALATIONS,
    REASONS,
    Case,
    Decision,
    NothingChosen,
    NothingDiffers,
    ReasonMissing,
    UnknownDecision,
    carry_out,
    judgeable,
    prepare,
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

    Raises LeaseLost, NotIndependent, ReasonMissing, NothingChosen, NothingDiffers, InvalidAnswer, UnknownDecision, TooLateToReject.
    """
    _check(decision)
    seat = _fence(assignment, contributor_id, epoch, active_ms)
    if seat is None:
        return _stored(assignment, contributor_id)
    (task,) = tasks.lock([seat.task_id])
    waiting = Q(task=task, stage=seat.stage, status=Review.Status.REQUESTED)
    review = (
        Review.objects.select_for_update(no_key=True, of=("self",)).select_related("second_of").filter(waiting).first()
    )
    with pay.together():
        _reward(seat, task)
        if review is None or task.status != Task.Status.IN_REVIEW:
            return None
        return _judge(Case(seat, task, review, decision, by))


def _judge(case: Case) -> Review:
    """Write the decision down, and carry it out unless another reviewer is to look first."""
    review, decision, seat = case.review, case.decision, case.seat
    case.answers = judgeable(case.task)
    _independent(case)
    if decision.disagreement and not case.differs():
        raise NothingDiffers
    review.decision, review.note = decision.decision, decision.note
    review.reasons, review.comments = list(decision.reasons), [dict(each) for each in decision.comments]
    review.disagreement = decision.disagreement
    review.assignment, review.decided_at = seat, timezone.now()
    review.decided_by_id = seat.contributor.user_id
    prepare(case)
    if review.second_of is not None:
        second_looks.compare(case)
    elif second_looks.wanted(case):
        second_looks.ask(case)
    else:
        carry_out(case)
        second_looks.settled(case)
    return review


def _check(decision: Decision) -> None:
    """Whether a decision says all it must. Raises UnknownDecision, ReasonMissing, NothingChosen."""
    if decision.decision not in ACTS or decision.to not in ESCALATIONS or not set(decision.reasons) <= set(REASONS):
        raise UnknownDecision
    if decision.disagreement not in ("", *Review.Disagreement.values):
        raise UnknownDecision(str(_("There is no such reason why answers differ.")))
    words = decision.note.strip() or any(each.get("text", "").strip() for each in decision.comments)
    if decision.decision in (Review.Decision.RETURN, Review.Decision.REJECT) and not (decision.reasons and words):
        raise ReasonMissing
    if decision.decision == Review.Decision.CORRECT and not decision.value:
        raise NothingChosen


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
