"""What a day was like, counted from the rows that it left."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection

from annotation.scheduling.rank import AGE_MAX_S
from benchmarks.simulator.engine import Engine
from benchmarks.simulator.world import DAY_S, HOUR_S

LONG_ENOUGH_S = HOUR_S  # online, to be compared with one's equals
FLOORS = {"standard": 0.20, "bulk": 0.05}
PROMISED = {"urgent": 0.73, **FLOORS}  # share of the minutes that a class gets as long as it wants them


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds that the tasks of a class waited, median, 95 % and longest: for their first lease, and for their result.

    Of a task that still waits at the end, so far. `most`: what nobody should have to wait for a first lease, of `bounds`.
    """

    tasks: int
    completed: int
    leased: tuple[float, float, float]
    done: tuple[float, float, float]
    most: float


@dataclass(frozen=True, slots=True)
class Measures:
    """One day of one policy. Shares 0..1.

    `overtaken`: tasks that a task without deadline overtook which came more than 0.9 age_max after them; `floor`: the least share of an
    hour's minutes that a class got while it had open work all along; `jain`: mean over hours and classes of the index of minutes per
    organization with open work; `gini`: of minutes at work per minute online among people with the same skills.
    """

    policy: str
    answers: int
    due: int
    missed: int
    waits: dict[str, Waits]
    overtaken: int
    floor: dict[str, float]
    jain: float
    gini: float
    utilisation: float
    answers_per_task: float
    cost_per_task: float
    over_assigned: int
    duplicates: int
    rounds: int
    round_cpu_ms: float
    digest: str
    seconds: float

    @property
    def missed_share(self) -> float:
        """Of the deadlines of the day."""
        return self.missed / self.due if self.due else 0.0


FIRST = """
CREATE TABLE sim.first AS SELECT task_id, min(leased_at) AS at FROM assignment WHERE leased_at IS NOT NULL AND stage = 'label' GROUP BY 1
"""
WAITS = """
WITH waited AS (
    SELECT w.service_class, t.completed_at, extract(epoch FROM coalesce(f.at, now()) - t.created_at)::float8 AS leased,
           extract(epoch FROM coalesce(t.completed_at, now()) - t.created_at)::float8 AS done
      FROM sim.wish w JOIN task t ON t.id = w.task_id LEFT JOIN sim.first f ON f.task_id = t.id
)
SELECT service_class, count(*), count(completed_at), percentile_disc(ARRAY[0.5, 0.95, 1]) WITHIN GROUP (ORDER BY leased),
       percentile_disc(ARRAY[0.5, 0.95, 1]) WITHIN GROUP (ORDER BY done)
  FROM waited GROUP BY service_class
"""
DEADLINES = """
SELECT count(*), count(*) FILTER (WHERE t.completed_at IS NULL OR t.completed_at > w.due)
  FROM sim.wish w JOIN task t ON t.id = w.task_id WHERE w.due <= now()
"""
PEAKS = """
SELECT service_class, max(seats)::int FROM (SELECT at, service_class, sum(seats) AS seats FROM sim.backlog GROUP BY 1, 2) b GROUP BY 1
"""
ORDER = """
SELECT t.project_id, w.service_class, extract(epoch FROM t.created_at)::float8, extract(epoch FROM coalesce(f.at, now()))::float8,
       w.due IS NOT NULL
  FROM sim.wish w JOIN task t ON t.id = w.task_id LEFT JOIN sim.first f ON f.task_id = t.id ORDER BY 1, 2, 4, 3
"""
RECEIVED = """
SELECT date_trunc('hour', a.submitted_at), w.organization, w.service_class, sum(a.active_ms)::float8 / 60000
  FROM annotation a JOIN sim.wish w ON w.task_id = a.task_id GROUP BY 1, 2, 3
"""
BACKLOGGED = """
SELECT date_trunc('hour', at - interval '1 second'), organization, service_class FROM sim.backlog GROUP BY 1, 2, 3 HAVING count(*) = 4
"""
SPENT = "SELECT coalesce(sum(amount_minor), 0) FROM earning WHERE status <> 'reversed'"
OVER_ASSIGNED = """
SELECT count(*) FROM task t LEFT JOIN (
    SELECT task_id, count(*) AS n FROM assignment WHERE status IN ('offered', 'leased', 'submitted') GROUP BY 1) a ON a.task_id = t.id
 WHERE t.seats_taken > t.seats OR a.n > t.seats
"""
DUPLICATES = """
SELECT count(*) FROM (SELECT 1 FROM annotation WHERE status IN ('pending', 'accepted', 'corrected') AND exit = ''
                       GROUP BY task_id, contributor_id HAVING count(*) > 1) d
"""
ANSWERS = "SELECT count(*) FROM annotation"
Cell = tuple[datetime, int, str]  # an hour, an organization, a class


def of(engine: Engine, seconds: float) -> Measures:
    """Everything, at the end of the engine's day; `seconds`: what it took."""
    with connection.cursor() as cursor:
        cursor.execute(FIRST)
    most = bounds(
        peaks=dict(_rows(PEAKS)),
        answer_s=sum(s.worked_s for s in engine.sitters) / max(1, _count(ANSWERS)),
        online=sum(s.online_s for s in engine.sitters) / DAY_S,
    )
    waits = {
        name: Waits(n, done, tuple(leased), tuple(finished), most[name])
        for name, n, done, leased, finished in _rows(WAITS)
    }
    ((due, missed),) = _rows(DEADLINES)
    received = {(hour, organization, name): minutes for hour, organization, name, minutes in _rows(RECEIVED)}
    backlogged = set(_rows(BACKLOGGED))
    completed = max(1, sum(each.completed for each in waits.values()))
    answers = _count(ANSWERS)
    return Measures(
        policy=engine.policy.name,
        answers=answers,
        due=due,
        missed=missed,
        waits=waits,
        overtaken=overtaken(_rows(ORDER)),
        floor=floors(received, backlogged),
        jain=shared(received, backlogged),
        gini=_between_equals(engine),
        utilisation=sum(s.worked_s for s in engine.sitters) / max(1.0, sum(s.online_s for s in engine.sitters)),
        answers_per_task=answers / completed,
        cost_per_task=_count(SPENT) / completed,
        over_assigned=_count(OVER_ASSIGNED),
        duplicates=_count(DUPLICATES),
        rounds=engine.rounds,
        round_cpu_ms=engine.rounds_cpu_s * 1000 / max(1, engine.rounds),
        digest=engine.digest.hex(),
        seconds=seconds,
    )


def _rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def _count(statement: str) -> int:
    ((count,),) = _rows(statement)
    return int(count)


def bounds(*, peaks: Mapping[str, int], answer_s: float, online: float) -> dict[str, float]:
    """Seconds after which each class's tasks should have begun: age_max, and its longest line served by its share of the people online.

    peaks: the most open seats of a class. answer_s: mean seconds of an answer. online: people at any time, mean.
    """
    return {
        name: AGE_MAX_S[name] + peaks.get(name, 0) * answer_s / max(1e-9, share * online)
        for name, share in PROMISED.items()
    }


def overtaken(rows: Iterable[tuple[int, str, float, float, bool]]) -> int:
    """Tasks overtaken by one without deadline that came more than 0.9 age_max after them.

    Rows (project, class, created s, first leased s, has a deadline), those of a queue together and by the time of their lease.
    """
    found, latest, queue = 0, 0.0, None
    for project, name, created, _leased, dated in rows:
        if queue != (project, name):
            queue, latest = (project, name), 0.0
        found += int(latest > created + 0.9 * AGE_MAX_S[name])
        if not dated:
            latest = max(latest, created)
    return found


def floors(received: Mapping[Cell, float], backlogged: set[Cell]) -> dict[str, float]:
    """The least share of an hour's minutes per class that had open work in all of it; 1 if it never had."""
    total: dict[datetime, float] = defaultdict(float)
    part: dict[tuple[datetime, str], float] = defaultdict(float)
    for (hour, _, name), minutes in received.items():
        total[hour] += minutes
        part[hour, name] += minutes
    waiting = {(hour, name) for hour, _, name in backlogged if total[hour]}
    return {
        name: min((part[hour, each] / total[hour] for hour, each in waiting if each == name), default=1.0)
        for name in FLOORS
    }


def shared(received: Mapping[Cell, float], backlogged: set[Cell]) -> float:
    """Mean over hours and classes, by minutes, of Jain's index of the minutes of the organizations that had open work all along."""
    groups: dict[tuple[datetime, str], list[float]] = defaultdict(list)
    for hour, organization, name in backlogged:
        groups[hour, name].append(received.get((hour, organization, name), 0.0))
    several = [group for group in groups.values() if len(group) > 1 and sum(group) > 0]
    weights = [sum(group) for group in several]
    return float(np.average([jain(group) for group in several], weights=weights)) if several else 1.0


def jain(values: Sequence[float]) -> float:
    """(sum x)^2 / (n sum x^2): 1 if all are equal, 1/n if one has everything (Jain, Chiu and Hawe 1984)."""
    return sum(values) ** 2 / (len(values) * sum(value * value for value in values))


def gini(values: Sequence[float]) -> float:
    """Mean difference between two of them over twice the mean: 0 if all are equal."""
    ordered = np.sort(np.asarray(values, float))
    n, total = len(ordered), ordered.sum()
    return float((2 * np.arange(1, n + 1) - n - 1) @ ordered / (n * total)) if total else 0.0


def _between_equals(engine: Engine) -> float:
    """Gini of the share of their time online in which people had work, among those with the same skills; mean by people."""
    groups: dict[tuple[str, ...], list[float]] = defaultdict(list)
    for sitter in engine.sitters:
        if sitter.online_s >= LONG_ENOUGH_S:
            groups[sitter.person.skills].append(sitter.worked_s / sitter.online_s)
    sizes = [len(group) for group in groups.values()]
    return float(np.average([gini(group) for group in groups.values()], weights=sizes)) if sizes else 0.0
