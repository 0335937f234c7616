"""What a round of the dispatcher reads: people who wait, queues with open work, who may do what, and the first tasks. No locks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from annotation.models import Project
from workforce.models.public_id import encode

ONLINE_S = 90


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody online with fewer offers ahead than they should have. `project`: where they stay, None if they go anywhere."""

    id: int
    public_id: str
    place: str  # public id of the project that is open
    project: int | None
    served_in: str
    streak: int
    offers: int


PEOPLE = """
SELECT c.id, c.public_id, w.place, w.roams, w.served_in, w.streak, h.offers
  FROM presence w JOIN contributor c ON c.id = w.contributor_id AND c.status = 'active'
 CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE a.status = 'offered' AND a.offered_until > now() AND a.stage = 'label') AS offers
      FROM assignment a WHERE a.contributor_id = w.contributor_id AND a.status IN ('offered', 'leased')) h
 WHERE w.last_seen_at > now() - make_interval(secs => %s) AND w.place <> '' AND h.offers < %s
 ORDER BY w.served_at NULLS FIRST, c.id LIMIT %s
"""


def waiting(*, ahead: int, limit: int) -> list[Waiting]:
    """Who should get an offer, least recently served first. Two statements."""
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, [ONLINE_S, ahead, limit])
        rows = cursor.fetchall()
    keys = dict(Project.objects.filter(public_id__in={row[2] for row in rows}).values_list("public_id", "pk"))
    return [
        Waiting(pk, encode("per", key), place, None if roams else keys[place], *rest)
        for pk, key, place, roams, *rest in rows
        if place in keys
    ]


NOBODY = Waiting(0, "", "", None, "", 0, 0)  # of whom nothing is known

ROAMER = """
SELECT c.id, c.public_id, coalesce(w.place, ''), NULL, coalesce(w.served_in, ''), coalesce(w.streak, 0), 0
  FROM contributor c LEFT JOIN presence w ON w.contributor_id = c.id WHERE c.id = %s
"""


def roamer(*, contributor_id: int) -> Waiting:
    """Somebody who lets the scheduler choose."""
    with connection.cursor() as cursor:
        cursor.execute(ROAMER, [contributor_id])
        pk, key, *rest = cursor.fetchone()
    return Waiting(pk, encode("per", key), *rest)


@dataclass(frozen=True, slots=True)
class Line:
    """A queue with open work, and its first task. `pay_hour`: minor units per hour at the median pace."""

    id: int
    project: int
    project_key: UUID
    organization: int
    service_class: str
    pace_s: float
    tail_s: float  # 80 % of the answers take no longer
    pay_hour: float
    reach: float  # share of the people of the last hour whom it is open to
    apart: bool  # only the claim knows which task is for whom: people are kept apart, or it is practice
    gold_share: float  # of turns at which somebody gets a task with a known answer
    changes: int
    rank: int
    priority: int
    created_at: datetime
    deadline: datetime | None
    now: datetime


# The first open task: of those whose seats came back, and of those behind the head.
LINES = """
SELECT q.id, q.project_id, p.public_id, q.organization_id, q.service_class, q.pace_median_s,
       q.pace_median_s * exp(0.8416 * q.pace_sigma), (p.terms ->> 'price_minor')::float8 * 3600 / greatest(q.pace_median_s, 0.1),
       q.reach, q.purpose = 'train' OR jsonb_array_length(coalesce(q.requirements -> 'apart', '[]')) > 0,
       coalesce((p.quality -> 'gold' ->> 'share')::float8, 0), q.changes, h.rank, h.priority, h.created_at, h.deadline, now()
  FROM queue q JOIN project p ON p.id = q.project_id
 CROSS JOIN LATERAL (
    (SELECT t.rank, t.id, t.priority, t.created_at, t.deadline FROM task t
      WHERE t.project_id = q.project_id AND t.queue_id = q.id AND t.claimable AND t.recycled ORDER BY t.rank, t.id LIMIT 1)
    UNION ALL
    (SELECT t.rank, t.id, t.priority, t.created_at, t.deadline FROM task t
      WHERE t.project_id = q.project_id AND t.queue_id = q.id AND t.claimable AND (t.rank, t.id) > (q.head_rank, q.head_id)
      ORDER BY t.rank, t.id LIMIT 1)
    ORDER BY rank, id LIMIT 1) h
 WHERE q.stage = 'label' AND q.purpose <> 'gold' AND q.status = 'open' AND p.status = 'open'
   AND (q.project_id = ANY(%(projects)s) OR %(everywhere)s AND p.mode = 'live')
 ORDER BY q.id
"""


def lines(*, projects: Sequence[int], everywhere: bool) -> list[Line]:
    """The label queues with open work of these projects, or of all."""
    with connection.cursor() as cursor:
        cursor.execute(LINES, {"projects": list(projects), "everywhere": everywhere})
        return [Line(*row) for row in cursor.fetchall()]


# Verdicts with the versions of now; a queue that a person has exhausted comes back with its next change, or with a seat that came back.
# People and queues are looked up once, not once for each pair of them.
MAY = """
WITH who AS MATERIALIZED (SELECT id, facts_version FROM contributor WHERE id = ANY(%(people)s)),
what AS MATERIALIZED (
    SELECT q.id, q.changes, p.policy_version,
           q.purpose <> 'train'
           AND EXISTS (SELECT FROM task t WHERE t.project_id = q.project_id AND t.queue_id = q.id AND t.claimable AND t.recycled) AS back
      FROM queue q JOIN project p ON p.id = q.project_id WHERE q.id = ANY(%(queues)s))
SELECT c.contributor_id, count(*), coalesce(array_agg(c.queue_id) FILTER (WHERE o.open), '{}'),
       coalesce(array_agg(c.gold_factor) FILTER (WHERE o.open), '{}')
  FROM queue_cursor c JOIN who ON who.id = c.contributor_id AND who.facts_version = c.facts_version
  JOIN what ON what.id = c.queue_id AND what.policy_version = c.policy_version
 CROSS JOIN LATERAL (
    SELECT c.verdict = '' AND c.end_rank >= 0 AND (what.back OR c.exhausted_changes IS DISTINCT FROM what.changes) AS open) o
 WHERE c.contributor_id = ANY(%(people)s) AND (c.eligible_until IS NULL OR c.eligible_until > now())
 GROUP BY c.contributor_id
"""


@dataclass(frozen=True, slots=True)
class May:
    """How many of the queues have a verdict for somebody that holds, and those that are open to them: {queue: their gold factor there}."""

    judged: int = 0
    queues: dict[int, float] = field(default_factory=dict)


def may(*, people: Sequence[Waiting], queues: Sequence[int]) -> dict[int, May]:
    """{person: what holds of these queues}; people without any verdict are absent. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(MAY, {"people": [each.id for each in people], "queues": list(queues)})
        return {
            person: May(judged, dict(zip(open_, factors, strict=True)))
            for person, judged, open_, factors in cursor.fetchall()
        }


class Seat(NamedTuple):
    """A task with free seats near the head of its queue. There are thousands in a round."""

    task: int
    project: int
    free: int
    rank: int
    uncertainty: int


WINDOW = """
SELECT w.queue, s.id, s.project_id, s.free, s.rank, s.uncertainty
  FROM unnest(%s::bigint[], %s::bigint[], %s::int[]) AS w (queue, project, size) JOIN queue q ON q.id = w.queue
 CROSS JOIN LATERAL (
    (SELECT t.id, t.project_id, t.seats - t.seats_taken AS free, t.rank, t.uncertainty, 0 AS part FROM task t
      WHERE t.project_id = w.project AND t.queue_id = w.queue AND t.claimable AND t.recycled ORDER BY t.rank, t.id LIMIT w.size)
    UNION ALL
    (SELECT t.id, t.project_id, t.seats - t.seats_taken, t.rank, t.uncertainty, 1 FROM task t
      WHERE t.project_id = w.project AND t.queue_id = w.queue AND t.claimable AND NOT t.recycled
        AND (t.rank, t.id) > (q.head_rank, q.head_id)
      ORDER BY t.rank, t.id LIMIT w.size)
    ORDER BY part, rank, id LIMIT w.size) s
"""


def windows(*, sizes: dict[tuple[int, int], int]) -> dict[int, list[Seat]]:
    """{queue: its first tasks} for {(queue, project): how many}; seats that came back first."""
    found: dict[int, list[Seat]] = {queue: [] for queue, _project in sizes}
    columns: list[Any] = [[queue for queue, _ in sizes], [project for _, project in sizes], list(sizes.values())]
    with connection.cursor() as cursor:
        cursor.execute(WINDOW, columns)
        for queue, *seat in cursor.fetchall():
            found[queue].append(Seat._make(seat))
    return found


SEEN = """
SELECT v.person, v.task FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS v (project, person, task) JOIN task t ON t.id = v.task
 WHERE EXISTS (SELECT FROM assignment a
                WHERE a.project_id = v.project AND a.contributor_id = v.person AND a.task_id IN (t.id, t.copy_of_id))
"""


def seen(pairs: Sequence[tuple[int, int, int]]) -> set[tuple[int, int]]:
    """Of (project, person, task): the (person, task) of which the person has had the task, or the one it copies, at any stage."""
    with connection.cursor() as cursor:
        cursor.execute(SEEN, [list(column) for column in zip(*pairs, strict=True)] if pairs else [[], [], []])
        return set(cursor.fetchall())


USED = "SELECT key, minutes * 2 ^ (-extract(epoch FROM now() - at) / %s) FROM fair_share WHERE starts_with(key, %s)"


def used(*, kind: str, half_life_s: float) -> dict[str, float]:
    """{name: decayed minutes} of the rows `kind:name` of the fair shares."""
    with connection.cursor() as cursor:
        cursor.execute(USED, [half_life_s, f"{kind}:"])
        return {key.partition(":")[2]: float(minutes) for key, minutes in cursor.fetchall()}
