"""Gangs: people who do a task at the same time. All their seats are taken together, or none is.

Queues that ask for it are closed to claims and ordinary offers (the rule `together` is the last that fails), so that everybody to whom
nothing else applies may be called. Nobody is called away from other work. Whoever has come waits for the others a minute at most; then the
clock starts for all. For somebody who leaves another is called; if nobody comes, the others are paid for their time.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from annotation.domain import expiry, part_pay, routing
from annotation.domain.hints import hint
from annotation.models import Assignment, Gang, Stage, Task
from annotation.queries import rounds
from workforce.domain.refusal import Refusal
from workforce.models.public_id import encode

GATHER = timedelta(seconds=60)  # from the call until everybody must have come
REPLACE = timedelta(seconds=120)  # from somebody's leaving until another must have come
WINDOW = 20  # tasks of a queue that are looked at in a round
PEOPLE = 2_000
LIVE = (Gang.Status.FORMING, Gang.Status.RUNNING)


class NotTogether(Refusal):
    """Sent before everybody has come, or after the gang came to nothing."""

    code = "not_together"
    message = _("The others are not here yet.")
    remedy = _("This task is done by several people at the same time. Wait until everybody has come.")


@dataclass(frozen=True, slots=True)
class Gathering:
    """A gang as its members see it. `here`: who has come, of `size`; until: when it comes to nothing, None once it runs."""

    status: str
    size: int
    here: int
    until: datetime | None


def gathering(*, assignment: str, contributor_id: int) -> Gathering | None:
    """The gang of somebody's assignment; None if it came to nothing. Who works alone lacks nobody. Three statements."""
    mine = Assignment.objects.filter(public_id=assignment, contributor=contributor_id).only("terms").first()
    if mine is None:
        return None
    gang = Gang.objects.filter(pk=mine.terms.get("gang")).first()
    if gang is None:
        return Gathering(Gang.Status.RUNNING, 1, 1, None)
    here = sum(member.status in (Assignment.Status.LEASED, Assignment.Status.SUBMITTED) for member in _members(gang))
    until = gang.formed_at + GATHER if gang.status == Gang.Status.FORMING else None
    return Gathering(gang.status, gang.size, here, until)


def called(*, project_id: int, contributor_id: int) -> bool:
    """Whether somebody is called to a gang in this project, and has not come yet."""
    offers = Assignment.objects.filter(
        contributor=contributor_id, project=project_id, status=Assignment.Status.OFFERED, origin=Assignment.Origin.GANG
    )
    return offers.filter(offered_until__gt=timezone.now()).exists()


@transaction.atomic
def arrived(*, gang_id: int) -> bool:
    """Somebody has come: if they were the last, the work begins for all. Whether it runs."""
    gang = Gang.objects.select_for_update(no_key=True).filter(pk=gang_id, status=Gang.Status.FORMING).first()
    if gang is None:
        return Gang.objects.filter(pk=gang_id, status=Gang.Status.RUNNING).exists()
    there = [member for member in _members(gang) if member.status == Assignment.Status.LEASED]
    if len(there) < gang.size:
        return False
    gang.status, gang.started_at = Gang.Status.RUNNING, timezone.now()
    gang.save(update_fields=["status", "started_at"])
    return True


def check_running(*, gang_id: int) -> None:
    """Before an answer is stored. Raises NotTogether."""
    if not Gang.objects.filter(pk=gang_id).exclude(status__in=(Gang.Status.FORMING, Gang.Status.LAPSED)).exists():
        raise NotTogether


def _members(gang: Gang) -> list[Assignment]:
    """Everybody who was called, each by their latest assignment: who took an answer back has two."""
    seats = Assignment.objects.filter(task=gang.task_id, terms__gang=gang.pk)
    return list(seats.order_by("contributor_id", "-round").distinct("contributor_id"))


# --- Calling people together ------------------------------------------------------------------------------------------
OPEN = """
SELECT q.id, q.project_id, p.public_id, t.id, t.seats - t.seats_taken
  FROM queue q JOIN project p ON p.id = q.project_id
 CROSS JOIN LATERAL (
    SELECT t.id, t.rank, t.seats, t.seats_taken FROM task t
     WHERE t.project_id = q.project_id AND t.queue_id = q.id AND t.claimable AND NOT EXISTS (
           SELECT FROM gang g WHERE g.task_id = t.id AND g.status IN ('forming', 'running'))
     ORDER BY t.rank, t.id LIMIT %s) t
 WHERE q.stage = 'label' AND q.purpose = 'work' AND q.status = 'open' AND p.status = 'open' AND q.requirements ? 'together'
 ORDER BY q.id, t.rank, t.id
"""
# Least recently served first; nobody who holds a task or an offer, anywhere.
IDLE = """
SELECT c.id FROM presence w JOIN contributor c ON c.id = w.contributor_id AND c.status = 'active'
 WHERE w.last_seen_at > now() - make_interval(secs => %(online)s) AND w.place <> '' AND NOT EXISTS (
       SELECT FROM assignment a WHERE a.contributor_id = c.id AND a.status IN ('offered', 'leased'))
 ORDER BY w.served_at NULLS FIRST, c.id LIMIT %(most)s
"""
# Called is who has the project open. Verdicts that are missing or out of date come back as not current.
MAY = """
SELECT c.id, q.id, q.project_id, k.verdict,
       coalesce(k.facts_version = c.facts_version AND k.policy_version = p.policy_version
                AND (k.eligible_until IS NULL OR k.eligible_until > now()), false)
  FROM contributor c JOIN presence w ON w.contributor_id = c.id CROSS JOIN queue q JOIN project p ON p.id = q.project_id
  LEFT JOIN queue_cursor k ON k.queue_id = q.id AND k.contributor_id = c.id
 WHERE c.id = ANY(%(people)s) AND q.id = ANY(%(queues)s)
   AND w.place = public_id('prj', p.public_id)
"""


@dataclass(frozen=True, slots=True)
class Call:
    """A task with `free` seats that are to be taken at once; `gang`: the one in which somebody is missing, None for a new one."""

    queue: int
    project: int
    project_key: str
    task: int
    free: int
    gang: int | None = None


def keep(*, now: datetime) -> int:
    """A round: end what came to nothing, call others for those who left, call new gangs. How many people were called.

    Safe anywhere, any number of times.
    """
    missing = [call for gang in Gang.objects.filter(status__in=LIVE).order_by("id") if (call := _tended(gang, now))]
    with connection.cursor() as cursor:
        cursor.execute(OPEN, [WINDOW])
        fresh = [
            Call(queue, project, encode("prj", key), task, free)
            for queue, project, key, task, free in cursor.fetchall()
        ]
    return _call(missing + fresh, now) if missing or fresh else 0


def _call(calls: Sequence[Call], now: datetime) -> int:
    """The first tasks for which enough people are idle."""
    with connection.cursor() as cursor:
        cursor.execute(IDLE, {"online": rounds.ONLINE_S, "most": PEOPLE})
        idle = [row[0] for row in cursor.fetchall()]
    if not idle:
        return 0
    able = _able(idle, calls)
    seen = rounds.seen([(call.project, person, call.task) for call in calls for person in able.get(call.queue, ())])
    total = 0
    for call in calls:
        may: AbstractSet[int] = able.get(call.queue, frozenset())
        chosen = [person for person in idle if person in may and (person, call.task) not in seen][: call.free]
        if len(chosen) == call.free and _seat(call, chosen, now):
            idle = [person for person in idle if person not in chosen]
            total += len(chosen)
    return total


def _able(people: list[int], calls: Sequence[Call]) -> dict[int, set[int]]:
    """{queue: whom nothing but the others keeps from it}; verdicts are computed where they are missing."""
    values = {"people": people, "queues": sorted({call.queue for call in calls})}
    rows = _verdicts(values)
    if late := {(person, project) for person, _queue, project, _code, current in rows if not current}:
        routing.refresh_eligibility(
            people=sorted({person for person, _ in late}),
            projects=sorted({project for _, project in late}),
            stages=[Stage.LABEL],
        )
        rows = _verdicts(values)
    able: dict[int, set[int]] = {}
    for person, queue, _project, code, current in rows:
        if current and code == "together":
            able.setdefault(queue, set()).add(person)
    return able


def _verdicts(values: dict[str, Any]) -> list[tuple[int, int, int, str | None, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(MAY, values)
        rows: list[tuple[int, int, int, str | None, bool]] = cursor.fetchall()
    return rows


# All of them or none: whoever is just claiming, or a task that is locked or taken, ends the attempt.
LOCK_PEOPLE = """
SELECT bool_and(pg_try_advisory_xact_lock(hashtext('claim'), (id %% 2147483647)::int)) FROM unnest(%s::bigint[]) AS id
"""
SEATS = """
WITH locked AS (
    SELECT t.* FROM task t WHERE t.id = %(task)s AND t.claimable AND t.seats - t.seats_taken >= %(size)s FOR NO KEY UPDATE SKIP LOCKED
), called AS (
    INSERT INTO gang (task_id, size, status, formed_at)
    SELECT id, %(size)s, 'forming', %(now)s FROM locked WHERE %(gang)s::bigint IS NULL ON CONFLICT DO NOTHING RETURNING id
), made AS (
    INSERT INTO assignment (organization_id, project_id, task_id, contributor_id, stage, round, status, origin, epoch, offered_until,
                            reason, active_ms, terms)
    SELECT t.organization_id, t.project_id, t.id, w.id, t.stage, 1, 'offered', 'gang', 0, %(until)s, '', 0,
           jsonb_build_object('gang', coalesce(%(gang)s::bigint, (SELECT id FROM called)))
           || CASE WHEN q.payer = '' THEN '{}'::jsonb ELSE jsonb_build_object('payer', q.payer) END
      FROM locked t JOIN queue q ON q.id = t.queue_id CROSS JOIN unnest(%(people)s::bigint[]) AS w (id)
     WHERE coalesce(%(gang)s::bigint, (SELECT id FROM called)) IS NOT NULL
       AND NOT EXISTS (SELECT FROM assignment a WHERE a.contributor_id = w.id AND a.status IN ('offered', 'leased'))
    ON CONFLICT DO NOTHING RETURNING contributor_id
), counted AS (
    UPDATE task t SET seats_taken = t.seats_taken + %(size)s, recycled = t.recycled AND t.seats_taken + %(size)s < t.seats
     WHERE t.id = %(task)s AND (SELECT count(*) FROM made) = %(size)s RETURNING t.id
)
SELECT c.public_id FROM made m JOIN contributor c ON c.id = m.contributor_id WHERE EXISTS (SELECT FROM counted)
"""
SERVED = "UPDATE presence SET served_at = %s, served_in = %s WHERE contributor_id = ANY(%s)"


def _seat(call: Call, people: list[int], now: datetime) -> bool:
    """Offer the task to all of them, in one transaction; false if one of them, or the task, could not be had."""
    values: dict[str, Any] = {
        "task": call.task,
        "size": call.free,
        "people": people,
        "gang": call.gang,
        "now": now,
        "until": now + GATHER,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK_PEOPLE, [people])
        made: list[Any] = []
        if cursor.fetchone()[0]:
            cursor.execute(SEATS, values)
            made = cursor.fetchall()
        if len(made) < call.free:
            transaction.set_rollback(True)
            return False
        cursor.execute(SERVED, [now, call.project_key, people])
        for (key,) in made:
            hint(f"contributor.{encode('per', key)}", kind="task_ready", project=call.project_key)
    return True


# --- What becomes of them -----------------------------------------------------------------------------------------------
@transaction.atomic
def _tended(gang: Gang, now: datetime) -> Call | None:
    """See to one gang, unless another round is at it; the call for whom it misses."""
    held = Gang.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=gang.pk, status__in=LIVE).first()
    if held is None:
        return None
    members = _members(held)
    of = Counter(member.status for member in members)
    at_work, coming = of[Assignment.Status.LEASED], of[Assignment.Status.OFFERED]
    if held.status == Gang.Status.FORMING:
        if at_work + coming < held.size or now > held.formed_at + GATHER:
            _dissolve(held, members)
            _end(held, Gang.Status.LAPSED, now)
        return None
    if not at_work:
        expiry.withdraw(task_id=held.task_id)
        _end(held, Gang.Status.DONE, now)
        return None
    lacking = held.size - at_work - coming - of[Assignment.Status.SUBMITTED]
    if lacking <= 0:  # below: somebody's late answer counted beside that of who came in their place
        return None
    if now > _left_at(members) + REPLACE:
        expiry.withdraw(task_id=held.task_id)
        part_pay.settle(assignments=expiry.end(task_id=held.task_id, status="revoked", reason="gang_cut"))
        _end(held, Gang.Status.DONE, now)
        return None
    return _replacement(held, lacking)


def _left_at(members: Iterable[Assignment]) -> datetime:
    """When the last of those left who left."""
    return max(
        member.ended_at for member in members if member.ended_at and member.status != Assignment.Status.SUBMITTED
    )


def _replacement(gang: Gang, lacking: int) -> Call:
    task = Task.objects.select_related("project").get(pk=gang.task_id)
    return Call(task.queue_id, task.project_id, task.project.public_id, task.pk, lacking, gang.pk)


def _dissolve(gang: Gang, members: Iterable[Assignment]) -> None:
    """Not everybody came. Like an offer that nobody opened this leaves no trace on anybody, so that they can be called again."""
    for contributor in sorted(member.contributor_id for member in members):
        expiry.let_claims_end(contributor_id=contributor)  # somebody may be coming at this moment
    expiry.withdraw(task_id=gang.task_id)
    expiry.end(task_id=gang.task_id, status="expired", reason="gang_lapsed")
    Assignment.objects.filter(task=gang.task_id, terms__gang=gang.pk, reason="gang_lapsed").delete()


def _end(gang: Gang, status: str, now: datetime) -> None:
    gang.status, gang.ended_at = status, now
    gang.save(update_fields=["status", "ended_at"])
