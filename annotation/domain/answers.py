"""Answers: submitted once, kept for ever, judged later.

A submit takes effect exactly once: the fence (assignment, epoch, lease) decides in one UPDATE, and all rows commit together before the
browser hears of it.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from annotation.domain import expiry, gangs, judgements
from annotation.domain.events import announce, request_id
from annotation.domain.leases import LeaseLost
from annotation.models import Annotation, Assignment
from annotation.queries.schemas import compiled
from annotation.questions.answers import check_answer
from annotation.questions.base import Problem
from workforce.domain import pay
from workforce.domain.actor import SYSTEM, Actor
from workforce.domain.refusal import Refusal
from workforce.models.public_id import decode, encode


class AlreadySubmitted(Refusal):
    """Another tab has answered this assignment."""

    code = "already_submitted"
    message = _("This task was already answered from another tab.")
    remedy = _("The first answer counts. Yours is kept as a draft.")


class InvalidAnswer(Refusal):
    """The value does not fit the schema; nothing was stored but the draft."""

    code = "validation_failed"
    message = _("The answer does not fit the question.")
    remedy = _("Look at the marked places.")

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems=problems)
        self.problems = problems


class StaleSchema(Refusal):
    """The envelope was made for another schema version than the lease's."""

    code = "stale_schema"
    message = _("The questions changed while you worked.")
    remedy = _("Reload the task: your work is kept.")


@dataclass(frozen=True, slots=True)
class Submitted:
    """What the contributor is told: `status` pending or late, what it will pay, and whether this was a repeat."""

    annotation: str
    status: str
    price_minor: int
    currency: str
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class _Seat:
    """The assignment that an answer belongs to, as the fence returned it; `late` if its lease had ended."""

    assignment_id: int
    project_id: int
    terms: dict[str, Any]
    payload: dict[str, Any]
    late: bool


FENCE = "SELECT * FROM fence_seat(%s, %s, %s, %s)"
LATE = """
SELECT a.id, a.project_id, a.terms, p.body FROM assignment a JOIN task_payload p ON p.task_id = a.task_id
 WHERE a.public_id = %s AND a.contributor_id = %s FOR NO KEY UPDATE OF a
"""
STORED = """
SELECT n.public_id, n.status, n.client_key, a.terms FROM annotation n JOIN assignment a ON a.id = n.assignment_id
 WHERE a.public_id = %s AND a.contributor_id = %s
"""
STORE = "SELECT * FROM store_answer(%s, %s, %s, %s, %s::jsonb, %s, %s, %s, %s, %s, %s, %s)"


def submit(
    *,
    assignment: str,
    contributor_id: int,
    epoch: int,
    client_key: UUID,
    envelope: dict[str, Any],
    active_ms: int,
    by: Actor,
) -> Submitted:
    """Store an answer. Two statements; the same `client_key` again returns the first outcome.

    A lease that ran out is stored as `late` and counts if the seat is still free. Raises LeaseLost (taken over by another tab, or not
    this person's), AlreadySubmitted, StaleSchema, InvalidAnswer, NotTogether.
    """
    key = decode("asg", assignment)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FENCE, [key, contributor_id, epoch, active_ms])
        row = cursor.fetchone()
        late = row is None
        if row is None:
            repeated = _refuse_or_repeat(key, contributor_id, epoch, client_key)
            if repeated:
                return repeated
            cursor.execute(LATE, [key, contributor_id])
            row = cursor.fetchone()
        assignment_id, project_id, terms, payload = row
        seat = _Seat(assignment_id, project_id, json.loads(terms), json.loads(payload), late)
        if "gang" in seat.terms:
            gangs.check_running(gang_id=seat.terms["gang"])
        return _store(seat, _checked(seat, envelope), assignment, client_key, active_ms, by)


PART_PAY_MS = 60_000
ENDED = ("completed", "failed", "canceled")  # while somebody was at work: what they did is paid at once


def _refuse_or_repeat(key: UUID | None, contributor_id: int, epoch: int, client_key: UUID) -> Submitted | None:
    """The fence matched no row: the stored outcome of the same key, None if this is a late answer, else a refusal."""
    with connection.cursor() as cursor:
        cursor.execute(STORED, [key, contributor_id])
        stored = cursor.fetchone()
    if stored:
        public_id, status, first_key, terms = stored
        if first_key != client_key:
            raise AlreadySubmitted(annotation=encode("ann", public_id))
        frozen = json.loads(terms)
        return Submitted(encode("ann", public_id), status, frozen["price_minor"], frozen["currency"], repeated=True)
    held = (
        Assignment.objects.select_for_update(no_key=True)
        .filter(public_id=encode("asg", key), contributor_id=contributor_id)
        .first()
        if key
        else None
    )
    if held is None or held.status not in (
        Assignment.Status.LEASED,
        Assignment.Status.EXPIRED,
        Assignment.Status.REVOKED,
    ):
        raise LeaseLost
    if held.status == Assignment.Status.LEASED and held.epoch != epoch:
        raise LeaseLost
    if held.status == Assignment.Status.LEASED:
        _run_out(held)
    return None


def _run_out(held: Assignment) -> None:
    """End a lease that is past its time before the sweep came by; its seat is free, for this very answer too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE assignment SET status = 'expired', ended_at = now(), reason = 'ran_out', epoch = epoch + 1 WHERE id = %s",
            [held.pk],
        )
        if not held.spare:
            cursor.execute(
                "UPDATE task SET seats_taken = seats_taken - 1, recycled = true WHERE id = %s", [held.task_id]
            )


def _checked(seat: _Seat, envelope: dict[str, Any]) -> dict[str, Any]:
    """The normalised answer, checked against the schema version frozen in the lease. Raises StaleSchema, InvalidAnswer."""
    version = seat.terms["schema_version"]
    if envelope.get("schema_version", version) != version:
        raise StaleSchema(schema_version=version)
    answer, problems = check_answer(
        compiled(seat.project_id, version), seat.payload, {**envelope, "schema_version": version}
    )
    blocking = [problem for problem in problems if not problem.code.startswith("warning:")]
    if blocking:
        raise InvalidAnswer(blocking)
    return answer


def _store(
    seat: _Seat, answer: dict[str, Any], assignment: str, client_key: UUID, active_ms: int, by: Actor
) -> Submitted:
    """Annotation, task counters, earning and events, all in the caller's transaction."""
    exit_ = answer["exit"]["type"] if answer.get("exit") else ""
    body = json.dumps(answer, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    digest = hashlib.sha256(body.encode()).hexdigest()
    values = [seat.assignment_id, seat.late, seat.terms["schema_version"], client_key, body, exit_, digest, active_ms]
    with connection.cursor() as cursor:
        cursor.execute(STORE, [*values, PART_PAY_MS, by.kind, by.id, request_id()])
        pk, key, status, price, task_status = cursor.fetchone()
    announce()
    if status == Annotation.Status.LATE and not exit_:
        pay.credit(source_keys=[f"assignment:{assignment}"])
    elif seat.late and not exit_:
        expiry.came_after_all(assignment_id=seat.assignment_id)
    if task_status in ENDED:
        judgements.accept(annotations=[pk], by=SYSTEM, how="policy", note="task_ended")
    return Submitted(encode("ann", key), status, price, seat.terms["currency"])
