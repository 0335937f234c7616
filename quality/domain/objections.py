"""Objections: a restricted person asks somebody to look.

What nobody has answered after three days ends; and what nobody has answered at all, before it ran out, counts against nobody.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from quality.domain import restrictions
from quality.domain.restrictions import ReasonMissing
from quality.models import Restriction
from quality.queries import restrictions as reads
from workforce.domain.actor import SYSTEM, Actor
from workforce.domain.refusal import Refusal

LIMIT = timedelta(hours=72)  # then it ends if nobody has looked


class AlreadyObjected(Refusal):
    """Once per restriction."""

    code = "already_asked"
    message = _("You have asked somebody to look at this already.")
    remedy = _("What they say is among your messages.")


class NotObjected(Refusal):
    """There is nothing to reply to, or somebody has replied."""

    code = "not_objected"
    message = _("Nobody waits for a reply here.")
    remedy = _("Look at the list again: what has changed since is there.")


class SecondPersonNeeded(Refusal):
    """Nobody judges their own decision."""

    code = "second_person_needed"
    message = _("You have restricted them yourself, so somebody else has to look.")
    remedy = _("You can lift it; a colleague can let it stand.")


@transaction.atomic
def ask(*, restriction: Restriction, words: str, by: Actor, now: datetime) -> Restriction:
    """The restricted person says why it is wrong. Raises NotInForce, AlreadyObjected, ReasonMissing."""
    row = restrictions.in_force(restriction, now)
    if row.objected_at is not None:
        raise AlreadyObjected
    if not words.strip():
        raise ReasonMissing
    row.objection, row.objected_at = words.strip(), now
    row.save(update_fields=["objection", "objected_at"])
    restrictions.record([row], "restriction.objected", by=by)
    return row


@transaction.atomic
def dismiss(*, restriction: Restriction, reply: str, by: Actor, now: datetime) -> Restriction:
    """It stays, and the person reads why; to agree with them is to lift it.

    Raises NotInForce, NotObjected, SecondPersonNeeded, ReasonMissing.
    """
    row = restrictions.in_force(restriction, now)
    if row.objected_at is None or row.replied_at is not None:
        raise NotObjected
    if row.decider == by.id:
        raise SecondPersonNeeded
    if not reply.strip():
        raise ReasonMissing
    row.reply, row.replied_at = reply.strip(), now
    row.save(update_fields=["reply", "replied_at"])
    restrictions.tell([row], "restriction_stays", reason=row.reply)
    restrictions.record([row], "restriction.upheld", by=by)
    return row


def end_unanswered(*, now: datetime) -> int:
    """Sweep: lift what nobody has looked at in time, or before it ran out; how many."""
    return sum(_end(row, now) for row in reads.unanswered(now - LIMIT, now))


@transaction.atomic
def _end(restriction: Restriction, now: datetime) -> bool:
    row = restrictions.locked(restriction)
    if row is None or row.status != Restriction.Status.IMPOSED or row.replied_at is not None:
        return False
    restrictions.end(row, by=SYSTEM, now=now, cause="unanswered")
    return True


def due(restriction: Restriction) -> datetime | None:
    """When it ends if nobody answers the objection; None if there is none."""
    if restriction.objected_at is None or restriction.until is None:
        return None
    return min(restriction.objected_at + LIMIT, restriction.until)
