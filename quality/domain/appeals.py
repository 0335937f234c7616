"""Appeals: an author asks for another look at a decision about their work.

About known answers, of which people are never told one by one, they ask together, and are told together.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from annotation.domain import overturns, tasks
from annotation.domain.events import Fact, publish
from annotation.domain.hints import hint
from annotation.models import Annotation, Project
from quality.models import Appeal, Scorecard
from quality.queries import appeals as reads
from workforce.domain import standing
from workforce.domain.actor import Actor
from workforce.domain.refusal import Refusal
from workforce.models import Contributor

WINDOW = timedelta(days=14)  # to ask, from the decision on
TARGET = timedelta(hours=72)  # by then somebody should have looked
LIMIT = timedelta(days=7)  # then it is granted
FEWEST_KNOWN = 3  # of known answers, so that nobody learns which ones they were

Status, Cause = Appeal.Status, Appeal.Cause


class NotYours(Refusal):
    """No seat of this person."""

    code = "not_found"
    message = _("This is not a decision about your work.")
    remedy = _("Open it from your earnings.")


class NothingLost(Refusal):
    """The answer was accepted, corrected with full pay, or is still being checked."""

    code = "nothing_lost"
    message = _("Nothing was decided against you here, so there is nothing to look at again.")
    remedy = _("An answer that was corrected is paid in full.")


class TooLate(Refusal):
    """More than 14 days after the decision."""

    code = "too_late"
    message = _("The 14 days in which you could ask for another look are over.")
    remedy = _("Write to the project if you still think it is wrong.")


class AlreadyAsked(Refusal):
    """One appeal per decision."""

    code = "already_asked"
    message = _("You have asked for another look at this already.")
    remedy = _("Below you see where it stands.")


class WordsMissing(Refusal):
    """Whoever reads it next must know why."""

    code = "words_missing"
    message = _("A sentence is missing: the other side needs to know why.")
    remedy = _("Write in your own words what you see in the task.")


class TooFewKnown(Refusal):
    """Fewer than three known answers were missed in the last 14 days."""

    code = "too_few_known"
    message = _(
        "Too few of your checked answers of the last 14 days were wrong to look at them again without telling which ones."
    )
    remedy = _("A few right answers in a row end the closer checks by themselves.")


# --- Asking ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def ask(*, assignment: str, contributor: Contributor, words: str, by: Actor, now: datetime) -> Appeal:
    """Ask for another look at the decision about one's answer. Raises NotYours, NothingLost, TooLate, AlreadyAsked, WordsMissing."""
    seat = reads.seat_of(assignment=assignment, contributor=contributor)
    if seat is None:
        raise NotYours
    tasks.lock([seat.task_id])
    found = reads.contested(seat)
    check(found, now)
    if not words.strip():
        raise WordsMissing
    assert found is not None  # noqa: S101  checked
    appeal = _open(found, words.strip(), now)
    if found.cause == Cause.REJECTED:
        overturns.contest(annotation=found.annotation, by=by)
    _opened([appeal], by)
    return appeal


def check(found: reads.Contested | None, now: datetime) -> None:
    """Whether another look at this decision can be asked for. Raises NothingLost, AlreadyAsked, TooLate."""
    if found is None:
        raise NothingLost
    if reads.of_contested(found) is not None:
        raise AlreadyAsked
    if now > found.decided_at + WINDOW:
        raise TooLate


def _open(found: reads.Contested, words: str, now: datetime) -> Appeal:
    appeal = _of(found.annotation, found.cause, words, now)
    appeal.review = found.review
    try:
        with transaction.atomic():
            appeal.save()
    except IntegrityError as error:
        raise AlreadyAsked from error
    appeal.refresh_from_db()
    return appeal


def _of(answer: Annotation, cause: str, words: str, now: datetime) -> Appeal:
    return Appeal(
        organization_id=answer.organization_id,
        project=answer.project,
        task=answer.task,
        annotation=answer,
        contributor_id=answer.contributor_id,
        cause=cause,
        words=words,
        due_at=now + LIMIT,
    )


def _opened(made: Sequence[Appeal], by: Actor) -> None:
    publish(*(fact(appeal, "appeal.opened") for appeal in made), by=by)
    hint(f"reviewers.{made[0].project.public_id}", kind="queue")


# --- Known answers --------------------------------------------------------------------------------------------------
@transaction.atomic
def ask_about_known(
    *, project: Project, contributor: Contributor, words: str, by: Actor, now: datetime
) -> list[Appeal]:
    """Of somebody on probation: have the known answers looked at again that they missed lately, all of them, and none named.

    Raises NothingLost, AlreadyAsked, TooFewKnown, WordsMissing.
    """
    card = Scorecard.objects.select_for_update(no_key=True).filter(project=project, contributor=contributor).first()
    check_known(card=card)
    found = reads.missed(project=project, contributor=contributor, since=now - WINDOW)
    if len(found) < FEWEST_KNOWN:
        raise TooFewKnown
    if not words.strip():
        raise WordsMissing
    made = Appeal.objects.bulk_create(_of(each.annotation, Cause.KNOWN, words.strip(), now) for each in found)
    made = list(
        Appeal.objects.filter(pk__in=[each.pk for each in made]).select_related("project", "task", "annotation")
    )
    _opened(made, by)
    return made


def check_known(*, card: Scorecard | None) -> None:
    """Whether somebody with this scorecard can ask about known answers. Raises NothingLost, AlreadyAsked."""
    if card is None or card.standing != Scorecard.Standing.PROBATION:
        raise NothingLost
    asked = reads.about_known(project=card.project, contributor=card.contributor)
    if asked.filter(status__in=reads.WAITING).exists():
        raise AlreadyAsked


# --- Telling --------------------------------------------------------------------------------------------------------
def tell(appeal: Appeal) -> None:
    """Tell the author what was decided: at once, but about known answers only when all that were asked about together are."""
    if appeal.cause == Cause.KNOWN:
        transaction.on_commit(lambda: _tell_known(appeal), robust=True)
        return
    about = {
        "assignment": appeal.annotation.assignment.public_id,
        "note": appeal.note,
        "heard": appeal.hearer_id is not None,
    }
    _notify(appeal, f"appeal_{appeal.status}", appeal.public_id, **about)


def _tell_known(appeal: Appeal) -> None:
    """Whoever decides last finds nothing that waits."""
    together = reads.about_known(project=appeal.project, contributor=appeal.contributor).filter(due_at=appeal.due_at)
    statuses = list(together.values_list("status", flat=True))
    if not set(statuses) & set(reads.WAITING):
        granted = statuses.count(Status.GRANTED)
        _notify(appeal, "appeal_known", f"known:{appeal.due_at.isoformat()}", granted=granted, of=len(statuses))


def _notify(appeal: Appeal, code: str, source_key: str, **about: object) -> None:
    project = appeal.project
    params = {"project": project.public_id, "project_name": project.name, **about}
    standing.notify(contributor_id=appeal.contributor_id, code=code, source_key=source_key, params=params)
    hint(f"contributor.{appeal.contributor.public_id}", kind="feedback", project=project.public_id)


def fact(appeal: Appeal, kind: str, **data: object) -> Fact:
    """An event of this appeal."""
    project, task = appeal.project, appeal.task
    about = {"task": task.public_id, "annotation": appeal.annotation.public_id, "cause": appeal.cause, **data}
    return Fact(appeal.organization_id, project.mode, project.pk, kind, appeal.public_id, about)
