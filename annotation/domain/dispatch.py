"""Offers: tasks reserved a few ahead for the people who are online, so that nobody waits for the next one.

A round reads without locks, chooses by the greatest benefit over all people and queues, and writes what is still free. Several
dispatchers may run at once, and people may claim meanwhile: PostgreSQL decides pair by pair, and what was lost is simply not written.
"""

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from annotation.domain import choosing, reserve, routing
from annotation.domain.choosing import Choice
from annotation.domain.hints import hint_all
from annotation.models import DispatchRound, Project, Stage
from annotation.queries import rounds
from annotation.queries.rounds import Line, Seat, Waiting
from annotation.scheduling import fairshare, match, score
from workforce.models.public_id import encode

ROWS = 2_000
CHUNK = 200  # pairs written in one transaction
REFRESH = 10_000  # verdicts computed in one round
LOST = 200  # pairs that are made good by a direct claim
KEPT = timedelta(days=1)

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def next_place(*, contributor_id: int) -> Project | None:
    """Where the scheduler would send this person now: the project of the best queue for them, None if nothing is open to them."""
    person = rounds.roamer(contributor_id=contributor_id)
    lines = rounds.lines(projects=[], everywhere=True)
    if not lines:
        return None
    may = _gold_factors([person], lines)[0] >= 0
    if not may.any():
        return None
    choice = choosing.weigh(people=[person], lines=lines, seed=None)
    worth = np.where(may, score.benefit(choice.classes, choice.score)[0], -np.inf)
    return Project.objects.get(pk=lines[int(worth.argmax())].project)


# --- A round --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Pair:
    """A task chosen for a person, reserved for so many seconds."""

    person: Waiting
    line: Line
    task: int
    seconds: float


@dataclass(slots=True)
class Served:
    """What a round did: offers by person and queue; and how many were lost to others who came first."""

    offers: list[tuple[Waiting, Line]] = field(default_factory=list)
    lost: int = 0


def offer(*, now: datetime) -> Served:
    """One round: everybody online with too few offers gets the best one there is for them, least recently served first."""
    started = perf_counter()
    people = rounds.waiting(ahead=reserve.AHEAD, limit=ROWS)
    lines = rounds.lines(
        projects=[person.project for person in people if person.project],
        everywhere=any(person.project is None for person in people),
    )
    served = _serve(people, lines) if people and lines else Served()
    if served.offers:
        _note(served, len(people), now, perf_counter() - started)
    return served


def _serve(people: list[Waiting], lines: list[Line]) -> Served:
    factors = _gold_factors(people, lines)
    may = factors >= 0
    choice = choosing.weigh(people=people, lines=lines, seed=secrets.randbits(63))
    _keep_floors(may, choice)
    worth = np.where(may, score.benefit(choice.classes, choice.score), -np.inf)
    wanted = np.bincount(match.wishes(worth)[1], minlength=len(lines))
    sizes = {(line.id, line.project): int(count) for line, count in zip(lines, wanted, strict=True) if count}
    windows = rounds.windows(sizes=sizes)
    free = np.array([sum(seat.free for seat in windows.get(line.id, ())) for line in lines], np.int64)
    queues = match.choose_queues(worth, free)
    golden = [
        at
        for at, place in enumerate(queues)
        if place >= 0 and (turn := routing.gold_turn(lines[place].gold_share)) is not None and turn < factors[at, place]
    ]
    served = _make_good([(people[at], lines[queues[at]]) for at in golden], gold=0.0)
    queues[golden] = -1  # they are served
    crowds = [
        Crowd(line, [people[at] for at in members], windows[line.id], choice.accuracy[members, place])
        for place, line in enumerate(lines)
        if len(members := np.nonzero(queues == place)[0])
    ]
    _reserve(crowds, served)
    return served


@dataclass(frozen=True, slots=True)
class Crowd:
    """The people whom a queue serves in this round, in turn, and the queue's first tasks."""

    line: Line
    people: list[Waiting]
    seats: list[Seat]
    accuracy: NDArray[np.float64]  # of each of these people

    @property
    def free(self) -> Ints:
        """Seats of each task."""
        return np.array([seat.free for seat in self.seats], np.int64)

    def sight(self) -> tuple[Ints, Ints]:
        """Which tasks each of them considers (`match.near`): none where only the claim knows which are for whom."""
        if self.line.apart:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        return match.near(len(self.people), self.free)


def _reserve(crowds: Sequence[Crowd], served: Served) -> None:
    """Choose a task for each and write it; who gets none that way claims directly."""
    sights = [crowd.sight() for crowd in crowds]
    asked = [
        (crowd.line.project, crowd.people[who].id, crowd.seats[what].task)
        for crowd, sight in zip(crowds, sights, strict=True)
        for who, what in zip(*sight, strict=True)
    ]
    seen = rounds.seen(asked)
    pairs = [pair for crowd, sight in zip(crowds, sights, strict=True) for pair in _seat(crowd, *sight, seen)]
    made = set[int]()
    for start in range(0, len(pairs), CHUNK):
        made |= _write(pairs[start : start + CHUNK])
    served.offers += [(pair.person, pair.line) for pair in pairs if pair.person.id in made]
    rest = [(person, crowd.line) for crowd in crowds for person in crowd.people if person.id not in made]
    directly = _make_good(rest)
    served.offers += directly.offers
    served.lost += directly.lost


def _gold_factors(people: Sequence[Waiting], lines: Sequence[Line]) -> Floats:
    """f8[p, q]: the gold factor of who may work from which queue, -1 of who may not.

    Verdicts that are missing or out of date are computed first, so many a round.
    """
    queues = [line.id for line in lines]
    found = rounds.may(people=people, queues=queues)
    if late := _late(people, lines, found):
        stay = {person.project for person in late}
        projects = sorted({line.project for line in lines if None in stay or line.project in stay})
        routing.refresh_eligibility(people=[each.id for each in late], projects=projects, stages=[Stage.LABEL])
        found |= rounds.may(people=late, queues=queues)
    column = {line.id: place for place, line in enumerate(lines)}
    factors = np.full((len(people), len(lines)), -1.0)
    for row, person in enumerate(people):
        if person.id in found:
            open_ = found[person.id].queues
            factors[row, [column[queue] for queue in open_]] = list(open_.values())
            if person.project is not None:
                factors[row, [line.project != person.project for line in lines]] = -1
    return factors


def _late(people: Sequence[Waiting], lines: Sequence[Line], found: Mapping[int, rounds.May]) -> list[Waiting]:
    """People whose verdicts are to be computed now: as many as a round has time for, and at least one."""
    of_project = Counter(line.project for line in lines)
    late, pairs = list[Waiting](), 0
    for person in people:
        wanted = len(lines) if person.project is None else of_project[person.project]
        if found.get(person.id, rounds.May()).judged < wanted and (not late or pairs + wanted <= REFRESH):
            late.append(person)
            pairs += wanted
    return late


def _keep_floors(may: Bools, choice: Choice) -> None:
    """A class that got less than its floor of the last hour: its share of the people, least recently served first, works in it alone."""
    minutes = rounds.used(kind="class", half_life_s=fairshare.WINDOW_S)
    for name, floor in fairshare.behind(minutes).items():
        inside = choice.classes == score.CLASSES.index(name)
        able = np.nonzero((may & inside).any(axis=1))[0]
        few = able[: int(np.ceil(floor * len(may)))]
        may[few] &= inside


def _seat(crowd: Crowd, person: Ints, task: Ints, seen: set[tuple[int, int]]) -> list[Pair]:
    """A task for each of the crowd: in the order of the queue, and where it teaches most.

    person, task: the pairs in sight, places in the crowd's people and seats; seen: those (by key) who have had the task.
    """
    new = [(crowd.people[who].id, crowd.seats[what].task) not in seen for who, what in zip(person, task, strict=True)]
    person, task = person[new], task[new]
    doubt = np.array([seat.uncertainty for seat in crowd.seats])[task] / 1000
    worth = score.of_tasks(gain=doubt * crowd.accuracy[person], place=task / len(crowd.seats))
    who, what = match.choose_tasks(person, task, worth, len(crowd.people), crowd.free)
    return [
        Pair(crowd.people[one], crowd.line, crowd.seats[other].task, _seconds(crowd.people[one], crowd.line))
        for one, other in zip(who.tolist(), what.tolist(), strict=True)
    ]


def _seconds(person: Waiting, line: Line) -> float:
    """How long an offer is kept: until those before it are done, at a slow pace; a visible tab renews it."""
    return min(max(3 * line.pace_s * (person.offers + 1), 60.0), 900.0)


# Everybody's claims wait for each other (one lock per person); whoever is just claiming is left out, as is a task that is locked or taken.
WRITE = """
WITH wanted AS MATERIALIZED (
    SELECT v.*, row_number() OVER () AS place
      FROM unnest(%s::bigint[], %s::bigint[], %s::float8[]) AS v (task_id, contributor_id, seconds)
     WHERE pg_try_advisory_xact_lock(hashtext('claim'), (v.contributor_id %% 2147483647)::int)
), locked AS MATERIALIZED (
    SELECT t.id, t.organization_id, t.project_id, t.queue_id, t.stage, t.seats - t.seats_taken AS free FROM task t
     WHERE t.id IN (SELECT task_id FROM wanted) AND t.claimable ORDER BY t.id FOR NO KEY UPDATE SKIP LOCKED
), made AS (
    INSERT INTO assignment (organization_id, project_id, task_id, contributor_id, stage, round, status, origin, epoch,
                            offered_until, reason, active_ms, terms)
    SELECT t.organization_id, t.project_id, t.id, w.contributor_id, t.stage, 1, 'offered', 'offer', 0,
           now() + make_interval(secs => w.seconds), '', 0,
           CASE WHEN q.payer = '' THEN '{}'::jsonb ELSE jsonb_build_object('payer', q.payer) END
      FROM (SELECT w.*, row_number() OVER (PARTITION BY w.task_id ORDER BY w.place) AS turn FROM wanted w) w
      JOIN locked t ON t.id = w.task_id AND w.turn <= t.free JOIN queue q ON q.id = t.queue_id
     ORDER BY w.place
    ON CONFLICT DO NOTHING RETURNING task_id, contributor_id
), counted AS (
    UPDATE task t SET seats_taken = t.seats_taken + m.n, recycled = t.recycled AND t.seats_taken + m.n < t.seats
      FROM (SELECT task_id, count(*) AS n FROM made GROUP BY task_id) m WHERE t.id = m.task_id
)
SELECT contributor_id FROM made
"""


def _write(pairs: Sequence[Pair]) -> set[int]:
    """Write what is still free of these pairs; the people who have their task."""
    columns: list[Any] = [
        [pair.task for pair in pairs],
        [pair.person.id for pair in pairs],
        [pair.seconds for pair in pairs],
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")  # a lost offer is made again
        cursor.execute(WRITE, columns)
        return {row[0] for row in cursor.fetchall()}


def _make_good(rest: Sequence[tuple[Waiting, Line]], *, gold: float | None = None) -> Served:
    """Direct claims: whose turn it is for a known answer; and who was chosen and got nothing, near to somebody, done with the first
    tasks, or too late."""
    served = Served(lost=len(rest[LOST:]))
    projects = Project.objects.in_bulk({line.project for _person, line in rest[:LOST]})
    for person, line in rest[:LOST]:
        if reserve.claim(projects[line.project], person.id, gold=gold):
            served.offers.append((person, line))
        else:
            served.lost += 1
    return served


def _note(served: Served, people: int, now: datetime, took_s: float) -> None:
    """Remember who was served when and where, keep the round for the explanation, and tell everybody."""
    count = Counter(line.id for _person, line in served.offers)
    with transaction.atomic():
        _remember(served, now)
        DispatchRound.objects.create(
            at=now,
            people=people,
            offers=len(served.offers),
            lost=served.lost,
            took_ms=round(took_s * 1000),
            queues=dict(count),
        )
        hint_all(
            [
                (f"contributor.{person.public_id}", {"kind": "task_ready", "project": encode("prj", line.project_key)})
                for person, line in served.offers
            ]
        )


SERVED = """
UPDATE presence w SET served_at = %s, served_in = v.place, streak = CASE WHEN w.served_in = v.place THEN w.streak + 1 ELSE 1 END
  FROM (SELECT * FROM unnest(%s::bigint[], %s::text[]) AS v (contributor_id, place) ORDER BY 1) v WHERE w.contributor_id = v.contributor_id
"""


def _remember(served: Served, now: datetime) -> None:
    places = [encode("prj", line.project_key) for _person, line in served.offers]
    with connection.cursor() as cursor:
        cursor.execute(SERVED, [now, [person.id for person, _line in served.offers], places])


# --- Upkeep ---------------------------------------------------------------------------------------------------------
# Only if nothing was opened since the first claimable task was looked for: a task opened meanwhile may rank before it.
RAISE = """
UPDATE queue q SET head_rank = h.rank, head_id = h.id - 1
  FROM (SELECT k.id AS queue_id, k.changes, f.rank, f.id FROM queue k CROSS JOIN LATERAL (
            SELECT t.rank, t.id FROM task t WHERE t.project_id = k.project_id AND t.queue_id = k.id AND t.claimable
               AND (t.rank, t.id) > (k.head_rank, k.head_id) ORDER BY t.rank, t.id LIMIT 1) f ORDER BY k.id) h
 WHERE q.id = h.queue_id AND q.changes = h.changes AND (q.head_rank, q.head_id) < (h.rank, h.id - 1)
"""


@transaction.atomic
def raise_heads() -> int:
    """Lift the head of each queue to its first claimable task, so that nobody walks over what is done; how many were lifted."""
    with connection.cursor() as cursor:
        cursor.execute(RAISE)
        return int(cursor.rowcount)


def forget_rounds(*, now: datetime) -> None:
    """Rounds are kept for a day."""
    DispatchRound.objects.filter(at__lt=now - KEPT).delete()
