"""Redo: the answers of one person since a moment are set aside, and others answer their tasks again. Nobody loses pay by it.

A row says how far it has come, so that a worker may die at any moment. Each answer is a transaction of its own; who submits, reviews or
cancels at the same moment comes before or after it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from annotation.domain import redoing
from annotation.domain.events import Fact, publish
from annotation.domain.tasks import WrongState
from annotation.models import Project
from annotation.queries import redoing as reads
from annotation.queries.pseudonyms import pseudonyms
from annotation.queries.redoing import Given, Preview, Span
from quality.agreement import restraint
from quality.domain import pipeline
from quality.models import Redo, Rule, RuleHit
from workforce.domain.actor import SYSTEM, Actor
from workforce.domain.refusal import Refusal

CHUNK = 100
STALLED = timedelta(seconds=60)


class NothingToRedo(Refusal):
    """No answer of that time can be done again; `left`: {why: how many}."""

    code = "nothing_to_redo"
    message = _("There is no answer since then that others could do again.")
    remedy = _("Look at the figures: they say what is left as it is, and why.")


class RedoRunning(Refusal):
    """What was asked for before is not at its end."""

    code = "redo_running"
    message = _("Answers of this person are being set aside just now.")
    remedy = _("Wait until that is done.")


_wake: Callable[[int], None] | None = None


def on_start(wake: Callable[[int], None]) -> None:
    """Register what is called after a redo was asked for. It may be lost: the sweep finds the row."""
    global _wake  # noqa: PLW0603  set once, when the apps are ready
    _wake = wake


# --- Asking -----------------------------------------------------------------------------------------------------------
def preview(*, project: Project, contributor_id: int, since: datetime, now: datetime) -> Preview:
    """What it would come to."""
    return reads.preview(Span(project.pk, contributor_id, since, now))


@transaction.atomic
def ask(
    *, project: Project, contributor_id: int, since: datetime, by: Actor, now: datetime, hit: RuleHit | None = None
) -> Redo:
    """Have the answers that they gave since then done again; a worker does it. Raises WrongState, NothingToRedo, RedoRunning."""
    if project.status == Project.Status.ARCHIVED:
        raise WrongState(state=project.status)
    found = preview(project=project, contributor_id=contributor_id, since=since, now=now)
    if not found.answers:
        raise NothingToRedo(left=dict(found.left))
    try:
        with transaction.atomic():
            row = Redo.objects.create(
                project=project,
                contributor_id=contributor_id,
                hit=hit,
                since=since,
                until=now,
                actor_kind=by.kind,
                actor=by.id,
            )
    except IntegrityError as error:
        raise RedoRunning from error
    row.refresh_from_db()
    _publish(row, "redo.asked", by=by)
    if _wake is not None:
        wake = _wake
        transaction.on_commit(lambda: wake(row.pk), robust=True)
    return row


def of_hits(*, rule: Rule, hits: Sequence[RuleHit], now: datetime) -> None:
    """What a rule makes of new hits: for two independent grounds the answers of its window are done again, the others are only shown."""
    for hit in hits:
        if restraint.independent(restraint.grounds(rule.condition, hit.facts)):
            since = span(rule, hit.contributor_id, now).since
            try:
                ask(project=rule.project, contributor_id=hit.contributor_id, since=since, by=SYSTEM, now=now, hit=hit)
            except (NothingToRedo, RedoRunning):
                continue


def span(rule: Rule, contributor_id: int, at: datetime) -> Span:
    """The answers of somebody in the window of a rule that ends then."""
    return Span(rule.project_id, contributor_id, at - timedelta(days=rule.window_d), at)


# --- Doing ------------------------------------------------------------------------------------------------------------
def go_on(*, now: datetime) -> int:
    """Sweep: bring to an end what no worker is at; how many."""
    stalled = Redo.objects.filter(status=Redo.Status.RUNNING, updated_at__lt=now - STALLED).order_by("id")
    keys = list(stalled.values_list("pk", flat=True))
    for key in keys:
        run(redo_id=key)
    return len(keys)


def run(*, redo_id: int) -> None:
    """Set the answers aside, one after the other, from wherever it stopped. Safe anywhere, any number of times at once.

    Tasks whose other answers suffice are settled by these.
    """
    row = Redo.objects.get(pk=redo_id)
    theirs = Span(row.project_id, row.contributor_id, row.since, row.until)
    reached = row.reached
    while keys := reads.following(theirs, after=reached, most=CHUNK):
        done = [found for key in keys if (found := _one(redo_id, key)) is not None and not found.left]
        pipeline.settle_sure(task_ids=[each.task_id for each in done])
        reached = keys[-1]
    _finish(redo_id)


@transaction.atomic
def _one(redo_id: int, annotation_id: int) -> Given | None:
    """One answer, and what becomes of it; None if another worker has been there, or it does not count any more."""
    row = Redo.objects.select_for_update(no_key=True).get(pk=redo_id)
    if row.reached >= annotation_id:
        return None
    found = redoing.do_again(annotation_id=annotation_id, by=_actor(row))
    row.reached = annotation_id
    if found is not None and found.left:
        row.left[found.left] = row.left.get(found.left, 0) + 1
    elif found is not None:
        row.answers += 1
        row.delivered += found.delivered
    row.updated_at = Now()
    row.save(update_fields=["reached", "answers", "delivered", "left", "updated_at"])
    return found


@transaction.atomic
def _finish(redo_id: int) -> None:
    row = Redo.objects.select_for_update(no_key=True, of=("self",)).select_related("project").get(pk=redo_id)
    if row.status == Redo.Status.RUNNING:
        row.status = Redo.Status.DONE
        row.save(update_fields=["status"])
        _publish(row, "redo.done", by=_actor(row), answers=row.answers, delivered=row.delivered, left=row.left)


def _actor(row: Redo) -> Actor:
    return Actor(row.actor_kind, row.actor)  # type: ignore[arg-type]  # as it was written


def _publish(row: Redo, kind: str, *, by: Actor, **about: Any) -> None:
    project = row.project
    names = pseudonyms(organization_id=project.organization_id, people=[row.contributor_id])
    data = {"contributor": names.get(row.contributor_id, ""), "since": row.since.isoformat(), **about}
    publish(Fact(project.organization_id, project.mode, project.pk, kind, row.public_id, data), by=by)
