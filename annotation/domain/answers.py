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

from annotation.domain import judgements
from annotation.domain.events import Fact, publish
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
    """The assignment that an answer belongs to, as the fence returned it."""

    assignment_id: int
    organization_id: int
    project_id: int
    task_id: int
    terms: dict[str, Any]
    payload: dict[str, Any]
    contributor: str
    revision: int
    round: int
    epoch: int


SEAT = """f.id, f.organization_id, f.project_id, f.task_id, f.terms, p.body, k.public_id, t.revision, f.round, f.epoch
  FROM {source} f JOIN task_payload p ON p.task_id = f.task_id JOIN task t ON t.id = f.task_id
  LEFT JOIN contributor_alias k ON k.organization_id = f.organization_id AND k.contributor_id = f.contributor_id"""
# constants only: no value is ever joined into a statement
FENCE = """
WITH fenced AS (
    UPDATE assignment a SET status = 'submitted', ended_at = now(), active_ms = greatest(a.active_ms, %(active_ms)s)
     WHERE a.public_id = %(key)s AND a.contributor_id = %(contributor)s AND a.stage = 'label' AND a.status = 'leased'
       AND a.epoch = %(epoch)s AND a.leased_until >= now()
    RETURNING a.*
), gone AS (DELETE FROM draft d USING fenced WHERE d.assignment_id = fenced.id)
SELECT {seat}
""".format(seat=SEAT.format(source="fenced"))  # noqa: S608
LATE = """
SELECT {seat} WHERE f.public_id = %(key)s AND f.contributor_id = %(contributor)s FOR NO KEY UPDATE OF f
""".format(seat=SEAT.format(source="assignment"))
STORED = """
SELECT n.public_id, n.status, n.client_key, a.terms FROM annotation n JOIN assignment a ON a.id = n.assignment_id
 WHERE a.public_id = %s AND a.contributor_id = %s
"""
STORE = """
INSERT INTO annotation (organization_id, project_id, assignment_id, task_id, contributor_id, revision, schema_version, client_key, epoch,
                        answer, exit, sha256, active_ms, status)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s, %s, %s) RETURNING id, public_id
"""
# The last wanted answer moves the task on; every seat is then an answer, so no lease is left.
COUNT = """
UPDATE task SET answers = answers + 1, status = CASE WHEN status = 'collecting' AND answers + 1 = seats THEN 'deciding' ELSE status END
 WHERE id = %s RETURNING public_id, status
"""
# An exit does not count: somebody else gets the seat.
RECYCLE = "UPDATE task SET seats_taken = seats_taken - 1, recycled = true WHERE id = %s RETURNING public_id, status"
READMIT = """
UPDATE task t SET seats_taken = seats_taken + 1, answers = answers + 1,
       status = CASE WHEN answers + 1 = seats THEN 'deciding' ELSE status END, recycled = recycled AND seats_taken + 1 < seats
 WHERE id = %(task)s AND claimable AND stage = 'label'
   AND NOT EXISTS (SELECT 1 FROM assignment a
                    WHERE a.task_id = t.id AND a.contributor_id = %(contributor)s AND a.status IN ('offered', 'leased'))
   AND NOT EXISTS (SELECT 1 FROM annotation n
                    WHERE n.task_id = t.id AND n.contributor_id = %(contributor)s AND n.exit = ''
                      AND n.status IN ('pending', 'accepted', 'corrected'))
RETURNING public_id, status
"""


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
    """Store an answer. Six statements at most; the same `client_key` again returns the first outcome.

    A lease that ran out is stored as `late` and counts if the seat is still free. Raises LeaseLost (taken over by another tab, or not
    this person's), AlreadySubmitted, StaleSchema, InvalidAnswer.
    """
    key = decode("asg", assignment)
    values = {"key": key, "contributor": contributor_id, "epoch": epoch, "active_ms": active_ms}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FENCE, values)
        row = cursor.fetchone()
        late = row is None
        if row is None:
            repeated = _refuse_or_repeat(key, contributor_id, epoch, client_key)
            if repeated:
                return repeated
            cursor.execute(LATE, values)
            row = cursor.fetchone()
        seat = _seat(row)
        answer = _checked(seat, envelope)
        return _store(
            seat,
            answer,
            contributor_id=contributor_id,
            assignment=assignment,
            client_key=client_key,
            active_ms=active_ms,
            late=late,
            by=by,
        )


def _seat(row: tuple[Any, ...]) -> _Seat:
    pk, organization_id, project_id, task_id, terms, payload, alias, revision, round_, epoch = row
    contributor = encode("ctr", alias) if alias else ""
    return _Seat(
        pk,
        organization_id,
        project_id,
        task_id,
        json.loads(terms),
        json.loads(payload),
        contributor,
        revision,
        round_,
        epoch,
    )


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
        cursor.execute("UPDATE task SET seats_taken = seats_taken - 1, recycled = true WHERE id = %s", [held.task_id])


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
    seat: _Seat,
    answer: dict[str, Any],
    *,
    contributor_id: int,
    assignment: str,
    client_key: UUID,
    active_ms: int,
    late: bool,
    by: Actor,
) -> Submitted:
    """Annotation, task counters, earning and events, all in the caller's transaction."""
    exit_ = answer["exit"]["type"] if answer.get("exit") else ""
    body = json.dumps(answer, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    with connection.cursor() as cursor:
        counted = _count(cursor, seat, contributor_id, late=late, exit_=exit_)
        status = Annotation.Status.LATE if counted is None else Annotation.Status.PENDING
        cursor.execute(
            STORE,
            [
                *(
                    seat.organization_id,
                    seat.project_id,
                    seat.assignment_id,
                    seat.task_id,
                    contributor_id,
                    seat.revision,
                ),
                *(
                    seat.terms["schema_version"],
                    client_key,
                    seat.epoch,
                    body,
                    exit_,
                    hashlib.sha256(body.encode()).hexdigest(),
                ),
                *(active_ms, status),
            ],
        )
        pk, stored_key = cursor.fetchone()
        annotation = encode("ann", stored_key)
    price = _price(seat, counted is not None, active_ms)
    pay.accrue(
        contributor_id=contributor_id,
        source_key=f"assignment:{assignment}",
        kind="work",
        payer_key=seat.terms["payer"],
        amount_minor=price,
        currency=seat.terms["currency"],
    )
    if counted is None and not exit_:
        pay.credit(source_keys=[f"assignment:{assignment}"])
    task_key, task_status = counted or (_task_key(seat.task_id), "")
    task = encode("tsk", task_key)
    data = {"task": task, "assignment": assignment, "annotation": annotation, "contributor": seat.contributor}
    facts = [_fact(seat, "annotation.submitted", annotation, data)]
    if task_status == "deciding":
        facts.append(_fact(seat, "task.collected", task, {"task": task}))
    publish(*facts, by=by)
    if task_status in ENDED:
        judgements.accept(annotations=[pk], by=SYSTEM, how="policy", note="task_ended")
    return Submitted(annotation, status, price, seat.terms["currency"])


def _price(seat: _Seat, counted: bool, active_ms: int) -> int:
    """Full price; a late answer that finds no seat gets a quarter once a minute of work went into it."""
    price = int(seat.terms["price_minor"])
    if counted:
        return price
    return price // 4 if active_ms >= PART_PAY_MS else 0


def _count(cursor: Any, seat: _Seat, contributor_id: int, *, late: bool, exit_: str) -> tuple[UUID, str] | None:
    """Count the answer on its task; (task key, new status), or None if a late answer finds no free seat."""
    if late and exit_:
        return None
    if late:
        cursor.execute(READMIT, {"task": seat.task_id, "contributor": contributor_id})
    else:
        cursor.execute(RECYCLE if exit_ else COUNT, [seat.task_id])
    row = cursor.fetchone()
    return (row[0], row[1]) if row else None


def _task_key(task_id: int) -> UUID:
    with connection.cursor() as cursor:
        cursor.execute("SELECT public_id FROM task WHERE id = %s", [task_id])
        key: UUID = cursor.fetchone()[0]
        return key


def _fact(seat: _Seat, kind: str, subject: str, data: dict[str, Any]) -> Fact:
    return Fact(seat.organization_id, seat.terms["mode"], seat.project_id, kind, subject, data)
