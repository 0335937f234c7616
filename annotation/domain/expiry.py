"""The ends of leases and offers: given back, run out, taken back, lapsed, offered again. Seats come back in the same statement."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from annotation.domain import part_pay
from annotation.domain.eligibility import SKIPS_A_DAY
from annotation.domain.events import Fact, publish
from annotation.domain.leases import LeaseLost
from annotation.models import Assignment, Draft, Project
from workforce.domain import pay
from workforce.domain.actor import SYSTEM, Actor
from workforce.domain.onboarding import facts_changed
from workforce.models.public_id import decode, encode

PAGE = 200  # the LIMIT of these statements
NOT_RETURNED = "not_returned"

# Leases end and their seats come back in one statement; rows that another process holds are left to it.
END = """
WITH ended AS (
    UPDATE assignment a SET status = %(status)s, ended_at = now(), reason = %(reason)s, epoch = a.epoch + 1
     WHERE a.id IN (SELECT l.id FROM assignment l WHERE {which} ORDER BY l.id LIMIT 200 FOR NO KEY UPDATE {wait})
    RETURNING a.id, a.public_id, a.organization_id, a.project_id, a.task_id, a.contributor_id, a.stage, a.origin, a.spare,
              a.terms ->> 'mode' AS mode
), freed AS (
    UPDATE task t SET seats_taken = t.seats_taken - e.n, recycled = true
      FROM (SELECT task_id, stage, count(*) AS n FROM ended WHERE NOT spare GROUP BY task_id, stage) e
     WHERE t.id = e.task_id AND t.stage = e.stage AND t.status IN ('open', 'collecting', 'in_review')
)
SELECT e.public_id, e.organization_id, e.project_id, t.public_id, k.public_id, coalesce(e.mode, 'live'), e.task_id,
       e.contributor_id, e.origin
  FROM ended e JOIN task t ON t.id = e.task_id
  LEFT JOIN contributor_alias k ON k.organization_id = e.organization_id AND k.contributor_id = e.contributor_id
"""
RELEASE = END.format(
    which="l.public_id = %(key)s AND l.contributor_id = %(contributor)s AND l.status = 'leased' AND l.epoch = %(epoch)s",
    wait="SKIP LOCKED",
)
EXPIRE = END.format(which="l.status = 'leased' AND l.leased_until < %(now)s", wait="SKIP LOCKED")
LAPSE_RETURNS = END.format(
    which="l.status = 'offered' AND l.origin = 'return' AND l.offered_until < %(now)s", wait="SKIP LOCKED"
)
REVOKE = END.format(
    which="l.contributor_id = %(contributor)s AND l.project_id = %(project)s"
    " AND (l.status = 'leased' OR l.status = 'offered' AND l.origin = 'return')",
    wait="",
)
TASK = END.format(which="l.task_id = %(task)s AND l.status = 'leased' AND l.stage = 'label'", wait="")
# A claim that has begun ends first; one that begins now looks again at who may.
CLAIMS_OF = "SELECT pg_advisory_xact_lock(hashtext('claim'), (%s::bigint %% 2147483647)::int)"
LAPSE = """
WITH gone AS (
    DELETE FROM assignment a WHERE a.id IN (
        SELECT l.id FROM assignment l WHERE l.status = 'offered' AND l.origin IN ('offer', 'gang') AND {which}
         ORDER BY l.id LIMIT 200 FOR NO KEY UPDATE SKIP LOCKED)
    RETURNING a.task_id, a.stage
), freed AS (
    UPDATE task t SET seats_taken = t.seats_taken - e.n, recycled = true
      FROM (SELECT task_id, stage, count(*) AS n FROM gone GROUP BY task_id, stage) e
     WHERE t.id = e.task_id AND t.stage = e.stage AND t.status IN ('open', 'collecting', 'in_review')
)
SELECT count(*) FROM gone
"""


@transaction.atomic
def release(*, assignment: str, contributor_id: int, epoch: int, reason: str, by: Actor) -> None:
    """Give a task back; the seat is free at once. Raises LeaseLost."""
    values = {"key": decode("asg", assignment), "contributor": contributor_id, "epoch": epoch}
    ended = _end(RELEASE, {**values, "status": "returned", "reason": reason}, by)
    if not ended:
        raise LeaseLost
    _unpaid(ended)
    _count_skips(contributor_id, project_id=ended[0][2])


def _count_skips(contributor_id: int, *, project_id: int) -> None:
    """Above so many in a day the project rests for this person: then what they may do has changed."""
    given_back = Assignment.objects.filter(
        contributor=contributor_id,
        project=project_id,
        status="returned",
        ended_at__gt=timezone.now() - timedelta(days=1),
    )
    if given_back.count() > SKIPS_A_DAY:
        facts_changed(contributor_id=contributor_id)


@transaction.atomic
def revoke(*, contributor_id: int, project: Project, reason: str, by: Actor) -> int:
    """Take back everything that somebody holds in a project: for safety or by law only. Returns how much that was.

    Drafts stay with them, and the time is paid (`part_pay`); returned work is paid in full, since its author cannot finish it. What
    they are just sending comes first. The caller has seen to it that they get nothing new there.
    """
    values = {"contributor": contributor_id, "project": project.pk, "status": "revoked", "reason": reason}
    let_claims_end(contributor_id=contributor_id)
    ended = _end(REVOKE, values, by)
    with connection.cursor() as cursor:
        cursor.execute(LAPSE.format(which="l.contributor_id = %s AND l.project_id = %s"), [contributor_id, project.pk])
    for _key, *_rest, task_id, _contributor, origin in ended:
        if origin == Assignment.Origin.RETURN:
            pay.credit(source_keys=_rounds(task_id, contributor_id))
    part_pay.settle(assignments=[key for key, *_rest in ended])
    return len(ended)


def let_claims_end(*, contributor_id: int) -> None:
    """What somebody is just claiming comes first; the next claim waits for this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIMS_OF, [contributor_id])


@transaction.atomic
def end(*, task_id: int, status: str, reason: str) -> list[UUID]:
    """End all leases on a task whose time together is over; their keys."""
    return [key for key, *_rest in _end(TASK, {"task": task_id, "status": status, "reason": reason}, SYSTEM)]


def expire(*, now: datetime) -> int:
    """Sweep: leases that ran out before `now`. Their drafts stay. Returns how many ended; safe anywhere, any number of times."""
    return _sweep(EXPIRE, "ran_out", now)


def lapse(*, now: datetime) -> int:
    """Sweep: offers never opened. Ordinary ones leave no trace; work returned to its author ends unpaid. Returns how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LAPSE.format(which="l.offered_until < %s"), [now])
        (count,) = cursor.fetchone()
    return int(count) + _sweep(LAPSE_RETURNS, NOT_RETURNED, now)


@transaction.atomic
def withdraw(*, task_id: int) -> None:
    """Offers of a task, removed without trace."""
    with connection.cursor() as cursor:
        cursor.execute(LAPSE.format(which="l.task_id = %s"), [task_id])


def withdraw_offers(*, project_id: int) -> int:
    """Offers of a project that was paused or archived: removed without trace; leases run on. Returns how many."""
    total = 0
    with transaction.atomic(), connection.cursor() as cursor:
        while True:
            cursor.execute(LAPSE.format(which="l.project_id = %s"), [project_id])
            (count,) = cursor.fetchone()
            total += int(count)
            if count < PAGE:
                return total


def _sweep(statement: str, reason: str, now: datetime) -> int:
    """Run a sweep in pages until nothing is left, each page in a transaction of its own."""
    total = 0
    while True:
        with transaction.atomic():
            ended = _end(statement, {"status": "expired", "reason": reason, "now": now}, SYSTEM)
            _unpaid(ended)
        total += len(ended)
        if len(ended) < PAGE:
            return total


def _end(statement: str, values: dict[str, Any], by: Actor) -> list[tuple[Any, ...]]:
    """Execute an END statement and publish what it did; the ended rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        ended: list[tuple[Any, ...]] = cursor.fetchall()
    kind = f"assignment.{values['status']}"
    publish(
        *(
            Fact(org, mode, project, kind, encode("asg", key), _ended_data(key, task, alias, values["reason"]))
            for key, org, project, task, alias, mode, *_ in ended
        ),
        by=by,
    )
    return ended


def _ended_data(key: UUID, task: UUID, alias: UUID | None, reason: str) -> dict[str, Any]:
    contributor = encode("ctr", alias) if alias else ""
    return {"task": encode("tsk", task), "assignment": encode("asg", key), "contributor": contributor, "reason": reason}


def _unpaid(ended: list[tuple[Any, ...]]) -> None:
    """Work that was returned to its author and never came back: what the earlier rounds would have paid is reversed."""
    for *_rest, task_id, contributor_id, origin in ended:
        if origin == Assignment.Origin.RETURN:
            pay.reverse(source_keys=_rounds(task_id, contributor_id), reason=NOT_RETURNED)


def came_after_all(*, assignment_id: int) -> None:
    """A late answer counts: if its task had been returned to its author, what the earlier rounds earned waits for the verdict again."""
    held = Assignment.objects.get(pk=assignment_id)
    if held.origin == Assignment.Origin.RETURN:
        pay.reopen(source_keys=_rounds(held.task_id, held.contributor_id), reason=NOT_RETURNED)


def _rounds(task_id: int, contributor_id: int) -> list[str]:
    """Source keys of everything this person did on the task."""
    keys = Assignment.objects.filter(task_id=task_id, contributor_id=contributor_id).values_list("public_id", flat=True)
    return [f"assignment:{key}" for key in keys]


@dataclass(frozen=True, slots=True)
class Brief:
    """What goes with returned work: the reviewer's words, and the answer to start from."""

    reasons: list[str]
    comments: list[dict[str, Any]]
    note: str
    draft: dict[str, Any] | None


@transaction.atomic
def offer_again(*, previous: Assignment, brief: Brief, hours: float) -> Assignment:
    """Offer a task to the same person for another round, before all other work, for `hours`. The caller holds the task's lock.

    The new round pays nothing by itself: acceptance of the last round credits what the first one earned.
    """
    terms = {"price_minor": 0, "brief": {"reasons": brief.reasons, "comments": brief.comments, "note": brief.note}}
    again = Assignment.objects.create(
        organization_id=previous.organization_id,
        project_id=previous.project_id,
        task_id=previous.task_id,
        contributor_id=previous.contributor_id,
        stage=previous.stage,
        round=previous.round + 1,
        status=Assignment.Status.OFFERED,
        origin=Assignment.Origin.RETURN,
        offered_until=timezone.now() + timedelta(hours=hours),
        terms=terms,
    )
    again.refresh_from_db(fields=["public_id"])
    if brief.draft is not None:
        Draft.objects.create(assignment=again, body=brief.draft)
    return again
