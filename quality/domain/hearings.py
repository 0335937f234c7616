"""Hearings: somebody who had no part in a decision looks again. Silence decides for the author.

An appeal is locked before anything else.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from annotation.domain import overturns, tasks
from annotation.domain.events import publish
from annotation.models import Project, Purpose
from annotation.queries import earnings
from quality.domain import appeals, gold_health, scorecards
from quality.domain.appeals import WordsMissing
from quality.domain.gold_health import NotDisputed
from quality.models import Appeal, Evidence, GoldItem, ReviewerEvidence
from quality.queries import appeals as reads
from workforce.domain import pay
from workforce.domain.actor import SYSTEM, Actor
from workforce.domain.refusal import Refusal
from workforce.models import Contributor, Earning

HEARING = timedelta(minutes=30)  # how long a hearer keeps one

Status, Cause = Appeal.Status, Appeal.Cause


class NotGranted(Refusal):
    """Not an adjudicator of this project."""

    code = "stage_not_granted"
    message = _("You do not decide appeals in this project.")
    remedy = _("An admin of the project can give you the adjudicate grant.")


class NothingToHear(Refusal):
    """Nothing waits, or only what this person had a part in."""

    code = "nothing_to_hear"
    message = _("No appeal waits for you here.")
    remedy = _("New ones appear by themselves.")


class HearingLost(Refusal):
    """Decided meanwhile, or taken over by somebody else."""

    code = "hearing_lost"
    message = _("This appeal is no longer in your hands; nothing was changed.")
    remedy = _("Take the next one.")


# --- Hearing --------------------------------------------------------------------------------------------------------
@transaction.atomic
def take(*, project: Project, contributor: Contributor, now: datetime) -> Appeal:
    """The longest waiting appeal in which this person had no part, for half an hour; their own open one first.

    Raises NotGranted, NothingToHear.
    """
    if not reads.may_hear(project=project, contributor=contributor, now=now):
        raise NotGranted
    rows = reads.held_by(project=project, contributor=contributor)
    if not rows.exists():
        rows = reads.waiting(project=project, contributor=contributor).filter(reads.free(now))
    appeal = rows.select_for_update(no_key=True, skip_locked=True, of=("self",)).first()
    if appeal is None:
        raise NothingToHear
    appeal.status, appeal.hearer, appeal.held_until = Status.IN_HEARING, contributor, now + HEARING
    appeal.save(update_fields=["status", "hearer", "held_until"])
    return appeal


@transaction.atomic
def give_back(*, appeal: str, contributor: Contributor) -> None:
    """Somebody else hears it. Nothing happens if it is not in this person's hands."""
    held = Appeal.objects.filter(public_id=appeal, hearer=contributor, status=Status.IN_HEARING)
    held.update(status=Status.OPEN, hearer=None, held_until=None)


@transaction.atomic
def decide(*, appeal: str, contributor: Contributor, granted: bool, note: str, by: Actor, now: datetime) -> Appeal:
    """Hear an appeal that one has taken; the same decision again changes nothing. Raises HearingLost, WordsMissing, NotGranted."""
    held = _lock(appeal)
    outcome = Status.GRANTED if granted else Status.DISMISSED
    if held is None or held.hearer_id != contributor.pk:
        raise HearingLost
    if held.status == outcome:
        return held
    if held.status != Status.IN_HEARING:
        raise HearingLost
    if not reads.may_hear(project=held.project, contributor=contributor, now=now):
        raise NotGranted
    if not granted and not note.strip():
        raise WordsMissing
    held.note = note.strip()
    with pay.together():
        if granted:
            _grant(held, by)
        else:
            _dismiss(held, by)
        _observe(held, granted=granted)
        _reward(held, contributor)
        return _decided(held, outcome, by, now)


def grant_overdue(*, now: datetime) -> int:
    """Sweep: what nobody has decided within seven days is granted; how many. It says nothing of the reviewer."""
    return sum(_grant_overdue(public_id, now) for public_id in reads.overdue(now))


@transaction.atomic
def _grant_overdue(public_id: str, now: datetime) -> bool:
    appeal = _lock(public_id)
    if appeal is None or appeal.status not in reads.WAITING or appeal.due_at > now:
        return False
    appeal.hearer = appeal.held_until = None
    with pay.together():
        _grant(appeal, SYSTEM)
        _decided(appeal, Status.GRANTED, SYSTEM, now)
    return True


def _lock(public_id: str) -> Appeal | None:
    rows = Appeal.objects.select_for_update(no_key=True, of=("self",)).filter(public_id=public_id)
    related = ("task__project", "project__organization", "annotation__task", "annotation__project", "contributor")
    return rows.select_related(*related).first()


# --- What follows ---------------------------------------------------------------------------------------------------
def _grant(appeal: Appeal, by: Actor) -> None:
    """The answer counts where it still can, is paid, and says nothing against its author. A known answer it missed is set aside."""
    answer = appeal.annotation
    if appeal.task.purpose == Purpose.GOLD:
        _set_aside(appeal, by)
    held = overturns.lock(task_id=appeal.task_id)
    lost = earnings.lost(task_id=appeal.task_id, contributor_id=appeal.contributor_id)
    if appeal.cause == Cause.REJECTED:
        overturns.accept(held=held, annotation=answer, lost=lost, note=appeal.note, by=by)
    else:
        overturns.pay_back(lost=lost)
    scorecards.withdraw(annotations=[answer.pk], kind=Evidence.Kind.REVIEW)


def _set_aside(appeal: Appeal, by: Actor) -> None:
    """The known answer is disputed until somebody has looked at it; one that is retired, or disputed already, stays so."""
    item = GoldItem.objects.get(task=appeal.task_id)
    value = appeal.annotation.answer.get("value") or {}
    rival = {name: value.get(name) for name in item.expected}
    try:
        gold_health.quarantine(item=item, rival=rival, by=by)
    except NotDisputed:
        scorecards.withdraw(annotations=[appeal.annotation_id])


def _dismiss(appeal: Appeal, by: Actor) -> None:
    if appeal.cause == Cause.REJECTED:
        tasks.lock([appeal.task_id])
        overturns.uphold(annotation=appeal.annotation, by=by)


def _observe(appeal: Appeal, *, granted: bool) -> None:
    """What it shows of the reviewer, if there was one."""
    if appeal.review is None or appeal.review.assignment is None:
        return
    ReviewerEvidence.objects.create(
        review=appeal.review,
        project_id=appeal.project_id,
        reviewer_id=appeal.review.assignment.contributor_id,
        kind=ReviewerEvidence.Kind.APPEAL,
        outcome=float(not granted),
        fault=ReviewerEvidence.Fault.FALSE_REJECT if granted else "",
    )


def _reward(appeal: Appeal, hearer: Contributor) -> None:
    """A hearing is paid like a review, whatever it says."""
    organization = appeal.project.organization
    source = f"appeal:{appeal.public_id}"
    pay.accrue(
        contributor_id=hearer.pk,
        source_key=source,
        kind=Earning.Kind.REVIEW,
        payer_key=f"org:{organization.public_id}",
        amount_minor=int(appeal.project.terms.get("review_price_minor", 0)),
        currency=organization.currency,
    )
    pay.credit(source_keys=[source])


def _decided(appeal: Appeal, outcome: Appeal.Status, by: Actor, now: datetime) -> Appeal:
    """Write it down, and tell the author."""
    appeal.status, appeal.decided_at, appeal.held_until = outcome, now, None
    appeal.save(update_fields=["status", "decided_at", "held_until", "hearer", "note"])
    publish(appeals.fact(appeal, "appeal.decided", granted=outcome == Status.GRANTED), by=by)
    appeals.tell(appeal)
    return appeal
