"""Leases: taken, kept alive, given back, run out. PostgreSQL decides who holds a seat; every end is fenced by the epoch.

Locks are taken assignment first, then task: the claim, which locks a task first, inserts its assignment and so waits for nobody.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from time import sleep
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _

from annotation.domain import routing
from annotation.domain.events import request_id
from annotation.models import Stage
from workforce.domain.actor import Actor
from workforce.domain.refusal import Refusal
from workforce.models.public_id import decode, encode

MAX_LEASES = 3  # per person and project: one in hand, and what an offline browser still has to send
LEAVING_S = 60
BUSY_S = (0.0, 0.005, 0.02, 0.05)  # pauses between the tries of a claim while every free task is locked


class LeaseLost(Refusal):
    """The lease ended, or another tab has taken it over."""

    code = "lease_lost"
    message = _("This task is no longer in your hands.")
    remedy = _("Your work is kept. Send it as a late answer, or take the next task.")


class NothingToLabel(Refusal):
    """There is no task for this person in this project now."""

    code = "nothing_to_label"
    message = _("There is no task for you here right now.")
    remedy = _("New work appears by itself; other projects may have some now.")


class OfferLapsed(Refusal):
    """The reserved task went to somebody else before it was opened."""

    code = "offer_lapsed"
    message = _("This task was given to somebody else before you opened it.")
    remedy = _("The next one is on its way.")


class OpenWork(Refusal):
    """Too many leases at once."""

    code = "open_work"
    message = _("You already have the most tasks that may be open at once in this project.")
    remedy = _("Finish or give back one of them first.")


@dataclass(frozen=True, slots=True)
class Taken:
    """A lease just taken, with all that a workspace needs to show the task."""

    organization_id: int
    contributor: str  # pseudonym at the organization
    assignment_id: int
    assignment: str
    task_id: int
    task: str
    first: bool  # the first lease of the task
    round: int
    origin: str
    epoch: int
    leased_until: datetime
    lease_cap_at: datetime
    terms: dict[str, Any]
    payload: dict[str, Any]
    draft: dict[str, Any] | None
    draft_version: int


NEXT = "SELECT * FROM next_task(%s, %s, %s, %s, %s, %s, %s, %s, %s)"
REFUSALS: Mapping[str, type[Refusal]] = {
    "empty": NothingToLabel,
    "stale": NothingToLabel,
    "lapsed": OfferLapsed,
    "open_work": OpenWork,
}


def take(
    *,
    project_id: int,
    contributor_id: int,
    by: Actor,
    stage: str = Stage.LABEL,
    offer: str | None = None,
    gold: float | None = None,
) -> Taken:
    """Lease the next task: the contributor's own offer (the one named, if `offer` is given), else a direct claim.

    `gold`: the turn's draw (`routing.gold_turn`); whose factor is above it gets a known answer if there is one for them. Raises
    NothingToLabel, OfferLapsed, OpenWork. One statement, which is a transaction of its own and tells of itself (assignment.leased;
    task.started with the first lease of a task); more at the first claim after something changed who may work here. Nobody waits for
    these events: the sweep numbers them.
    """
    key = decode("asg", offer) if offer else None
    if offer and key is None:
        raise OfferLapsed
    values = [project_id, contributor_id, stage, gold, key, MAX_LEASES, by.kind, by.id, request_id()]

    def attempt() -> tuple[Any, ...]:
        row = _next(values)
        if row[0] == "stale" or (row[0] == "lapsed" and key) or (row[0] == "empty" and _has_practised(values)):
            routing.refresh_eligibility(people=[contributor_id], projects=[project_id], stages=[stage])
            row = _next(values)
        return row

    row = _retried(attempt)
    if row[0] != "leased":
        raise REFUSALS[row[0]]
    return _taken(row)


PRACTISING = "SELECT EXISTS (SELECT FROM queue_cursor WHERE project_id = %s AND contributor_id = %s AND verdict = 'practice_first')"


def _has_practised(values: list[Any]) -> bool:
    """Whether the person had practice to do before other work, of which there is no more for them: work is open to them now."""
    with connection.cursor() as cursor:
        cursor.execute(PRACTISING, values[:2])
        return bool(cursor.fetchone()[0])


def _next(values: list[Any]) -> tuple[Any, ...]:
    with transaction.atomic() if connection.in_atomic_block else nullcontext(), connection.cursor() as cursor:
        cursor.execute(NEXT, values)
        return tuple(cursor.fetchone())


def _retried(attempt: Callable[[], tuple[Any, ...]]) -> tuple[Any, ...]:
    """Every free task may be locked for an instant: then ask again, after a pause that grows."""
    for pause_s in (*BUSY_S, None):
        try:
            return attempt()
        except OperationalError as error:
            if "is busy" not in str(error):
                raise
            if pause_s is None:
                raise NothingToLabel from error
            sleep(pause_s)
    raise AssertionError("unreachable")


def _taken(row: tuple[Any, ...]) -> Taken:
    """A lease as `next_task` returns it."""
    _outcome, pk, key, task_id, task_key, round_, origin, epoch, until, cap, terms, first, organization_id, alias = row[
        :14
    ]
    payload, draft, version = row[14:]
    return Taken(
        organization_id=organization_id,
        contributor=encode("ctr", alias) if alias else "",
        assignment_id=pk,
        assignment=encode("asg", key),
        task_id=task_id,
        task=encode("tsk", task_key),
        first=first,
        round=round_,
        origin=origin,
        epoch=epoch,
        leased_until=until,
        lease_cap_at=cap,
        terms=json.loads(terms),
        payload=json.loads(payload),
        draft=json.loads(draft) if draft else None,
        draft_version=version,
    )


RESUME = """
WITH mine AS (
    UPDATE assignment a
       SET epoch = a.epoch + 1,
           leased_until = greatest(a.leased_until, least(a.lease_cap_at, now() + make_interval(secs => (a.terms ->> 'lease_s')::int)))
     WHERE a.id = (SELECT l.id FROM assignment l
                    WHERE l.contributor_id = %(contributor)s AND l.project_id = %(project)s AND l.stage = %(stage)s
                      AND l.status = 'leased' AND l.leased_until > now() AND (%(key)s::uuid IS NULL OR l.public_id = %(key)s)
                    ORDER BY l.id LIMIT 1 FOR NO KEY UPDATE)
    RETURNING a.*
)
SELECT 'leased', a.id, a.public_id, a.task_id, t.public_id, a.round, a.origin, a.epoch, a.leased_until, a.lease_cap_at, a.terms, false,
       a.organization_id, NULL::uuid, p.body, d.body, coalesce(d.version, 0)
  FROM mine a JOIN task t ON t.id = a.task_id JOIN task_payload p ON p.task_id = a.task_id LEFT JOIN draft d ON d.assignment_id = a.id
"""


def resume(
    *, project_id: int, contributor_id: int, by: Actor, stage: str = Stage.LABEL, assignment: str | None = None
) -> Taken | None:
    """Take over a live lease of this person in the project (the one named, else the oldest), as a reloaded page does.

    The old tab is fenced off, and the lease lasts its full length again.
    """
    key = decode("asg", assignment) if assignment else None
    if assignment and key is None:
        return None
    values: dict[str, Any] = {"contributor": contributor_id, "project": project_id, "stage": stage, "key": key}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(RESUME, values)
        row = cursor.fetchone()
        return _taken(row) if row else None


AHEAD = """
SELECT a.public_id, a.offered_until, a.task_id, p.body, a.origin, a.terms
  FROM assignment a JOIN task_payload p ON p.task_id = a.task_id
 WHERE a.contributor_id = %s AND a.project_id = %s AND a.stage = %s AND a.status = 'offered' AND a.offered_until > now()
   AND a.origin <> 'gang'  -- not shown before everybody has come
 ORDER BY a.origin <> 'return', a.id LIMIT 2
"""


@dataclass(frozen=True, slots=True)
class Offer:
    """A task reserved for somebody and not yet opened."""

    assignment: str
    offered_until: datetime
    payload: dict[str, Any]


def ahead(*, project_id: int, contributor_id: int, stage: str = Stage.LABEL) -> list[Offer]:
    """Up to two offers, for prefetching: nothing is leased, no clock starts."""
    with connection.cursor() as cursor:
        cursor.execute(AHEAD, [contributor_id, project_id, stage])
        rows = cursor.fetchall()
    return [Offer(encode("asg", key), until, json.loads(body)) for key, until, _task, body, _origin, _terms in rows]


BEAT = """
WITH mine AS (
    UPDATE assignment a
       SET leased_until = greatest(a.leased_until, least(a.lease_cap_at, now() + make_interval(secs => (a.terms ->> 'lease_s')::int))),
           active_ms = greatest(a.active_ms, %(active_ms)s)
     WHERE a.public_id = %(key)s AND a.contributor_id = %(contributor)s AND a.status = 'leased' AND a.epoch = %(epoch)s
       AND a.leased_until > now()
    RETURNING a.leased_until, a.lease_cap_at
), offers AS (
    UPDATE assignment a SET offered_until = greatest(a.offered_until, now() + interval '90 seconds')
     WHERE a.contributor_id = %(contributor)s AND a.status = 'offered' AND a.origin = 'offer' AND a.offered_until > now()
    RETURNING a.id
), here AS (
    INSERT INTO presence AS p (contributor_id, last_seen_at, place) VALUES (%(contributor)s, now(), %(place)s)
    ON CONFLICT (contributor_id) DO UPDATE SET last_seen_at = excluded.last_seen_at, place = excluded.place
)
SELECT leased_until, lease_cap_at, (SELECT count(*) FROM offers) FROM mine
"""


@dataclass(frozen=True, slots=True)
class Beat:
    """How long the lease and the offers now last."""

    until: datetime
    cap: datetime
    offers: int


def beat(*, assignment: str, contributor_id: int, epoch: int, active_ms: int, place: str) -> Beat:
    """A sign of life from a visible tab: lease, offers and presence are prolonged in one statement. Raises LeaseLost.

    `active_ms`: time in which the person was seen to work on this task; `place`: key of what is open (the project's public id).
    """
    key = decode("asg", assignment)
    values = {"key": key, "contributor": contributor_id, "epoch": epoch, "active_ms": active_ms, "place": place}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BEAT, values)
        row = cursor.fetchone()
    if row is None:
        raise _lost(key, contributor_id, epoch)
    return Beat(*row)


WHY_LOST = """
SELECT CASE WHEN status = 'leased' AND epoch <> %s THEN 'elsewhere' WHEN status IN ('leased', 'expired') THEN 'expired'
            WHEN status = 'submitted' THEN 'submitted' ELSE 'ended' END
  FROM assignment WHERE public_id = %s AND contributor_id = %s
"""


def _lost(key: UUID | None, contributor_id: int, epoch: int) -> LeaseLost:
    """The refusal with its reason: `expired`, `elsewhere` (another tab went on), `submitted` or `ended`."""
    with connection.cursor() as cursor:
        cursor.execute(WHY_LOST, [epoch, key, contributor_id])
        row = cursor.fetchone()
    return LeaseLost(because=row[0] if row else "ended")


EXPECTED = """
SELECT p.public_id FROM assignment a JOIN project p ON p.id = a.project_id AND p.status = 'open'
  JOIN task t ON t.id = a.task_id JOIN queue q ON q.id = t.queue_id
 WHERE a.contributor_id = %s AND a.status = 'offered' AND a.stage = 'label' AND a.offered_until > now()
 ORDER BY array_position(ARRAY['urgent', 'standard', 'bulk', 'training'], q.service_class::text), a.project_id <> %s, a.id LIMIT 1
"""


def expected_in(*, contributor_id: int, project_id: int) -> str | None:
    """The project (public id) in which this person's most urgent offer is, this one first; None if they hold none."""
    with connection.cursor() as cursor:
        cursor.execute(EXPECTED, [contributor_id, project_id])
        row = cursor.fetchone()
    return encode("prj", row[0]) if row else None


SEEN = """
INSERT INTO presence (contributor_id, last_seen_at, place, roams) VALUES (%s, now(), %s, %s)
ON CONFLICT (contributor_id) DO UPDATE SET last_seen_at = excluded.last_seen_at, place = excluded.place, roams = excluded.roams
"""


def seen(*, contributor_id: int, place: str, roams: bool = False) -> None:
    """The person is online with this place open, and holds no lease there: so offers can be made, anywhere if they roam."""
    with connection.cursor() as cursor:
        cursor.execute(SEEN, [contributor_id, place, roams])


EXTEND = """
UPDATE assignment SET lease_cap_at = now() + greatest(6 * lease, interval '1 hour'), leased_until = now() + lease
  FROM (SELECT id AS pk, make_interval(secs => (terms ->> 'lease_s')::int) AS lease FROM assignment WHERE public_id = %s) k
 WHERE id = k.pk AND contributor_id = %s AND status = 'leased' AND epoch = %s AND leased_until > now()
RETURNING leased_until, lease_cap_at
"""


def extend(*, assignment: str, contributor_id: int, epoch: int) -> Beat:
    """One press gives a full lease and a new cap. Raises LeaseLost."""
    key = decode("asg", assignment)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(EXTEND, [key, contributor_id, epoch])
        row = cursor.fetchone()
    if row is None:
        raise _lost(key, contributor_id, epoch)
    return Beat(row[0], row[1], 0)


LEAVING = """
UPDATE assignment SET leased_until = least(leased_until, now() + make_interval(secs => %s))
 WHERE public_id = %s AND contributor_id = %s AND status = 'leased' AND epoch = %s
"""


def leaving(*, assignment: str, contributor_id: int, epoch: int) -> None:
    """The tab closes: the lease ends in a minute unless somebody comes back. Never refused."""
    with connection.cursor() as cursor:
        cursor.execute(LEAVING, [LEAVING_S, decode("asg", assignment), contributor_id, epoch])
