"""What the collectors of rules have seen of the people of a project: summed up to now, or one by one as it came."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from operator import itemgetter
from typing import Any

from django.db import connection

from annotation.domain import pace
from annotation.models import Queue, Stage
from quality.agreement.conditions import DRIFT, EXITS, ROW, SKIPS, SPAM, SPEED, VOLUME
from quality.agreement.trial import falls
from quality.models import Evidence
from quality.queries.skills import spam_scores

TOO_FAST = 0.005  # so few of a project's answers usually take less time
MOST = 200_000  # rows of each table that a dry run replays, the latest

Seen = tuple[datetime, int, str, float]  # when, of whom (key), by what, how right or how much
Sums = Mapping[str, tuple[int, float]]  # by what: how many, and their sum; of `conditions.HIGHEST` the highest


@dataclass(frozen=True, slots=True)
class Window:
    """What happened in a project (key) after `since`, up to `until`."""

    project_id: int
    since: datetime
    until: datetime


def summed(window: Window, asked: Collection[str]) -> dict[int, Sums]:
    """By contributor (key). One statement; two more if it is asked how long answers took, one for each other collector asked."""
    found: dict[int, dict[str, tuple[int, float]]] = defaultdict(dict)
    more = chain.from_iterable(sums(window) for kind, sums in SUMS.items() if kind in asked)
    for person, kind, n, total in chain(_evidence(window), more):
        found[person][kind] = (n, total)
    return dict(found)


def one_by_one(window: Window, asked: Collection[str]) -> list[Seen]:
    """In time order, of each moment by person. Statements as of `summed`."""
    more = (seen(window) for kind, seen in ONE_BY_ONE.items() if kind in asked)
    floor = floor_ms(window.project_id) if SPEED in asked else None
    return sorted(chain(_observed(window, floor), *more), key=itemgetter(0, 1))


# --- Evidence, and how long its answers took --------------------------------------------------------------------------
EVIDENCE = """
SELECT contributor_id, kind, count(*), sum(outcome) FROM evidence
 WHERE project_id = %s AND created_at > %s AND created_at <= %s GROUP BY contributor_id, kind ORDER BY contributor_id
"""
# Of the same answers, each once, whose time was measured.
TIMED = """
SELECT e.contributor_id, 'speed', count(*), count(*) FILTER (WHERE n.active_ms >= %s)
  FROM (SELECT DISTINCT contributor_id, annotation_id FROM evidence WHERE project_id = %s AND created_at > %s AND created_at <= %s) e
  JOIN annotation n ON n.id = e.annotation_id WHERE n.active_ms > 0 GROUP BY e.contributor_id
"""


def _evidence(window: Window) -> list[tuple[Any, ...]]:
    return _rows(EVIDENCE, window.project_id, window.since, window.until)


def _timed(window: Window) -> list[tuple[Any, ...]]:
    floor = floor_ms(window.project_id)
    return [] if floor is None else _rows(TIMED, floor, window.project_id, window.since, window.until)


def floor_ms(project_id: int) -> float | None:
    """Active milliseconds below which an answer took too little, if the project's pace was measured."""
    queue = Queue.objects.filter(project=project_id, stage=Stage.LABEL, pace_n__gt=0).order_by("id").first()
    return pace.quantile(queue, TOO_FAST) * 1000 if queue else None


def _observed(window: Window, floor: float | None) -> Iterator[Seen]:
    """The evidence, and with the first of each answer whether that took long enough."""
    found = Evidence.objects.filter(
        project=window.project_id, created_at__gt=window.since, created_at__lte=window.until
    )
    columns = ("created_at", "contributor_id", "kind", "outcome", "annotation_id", "annotation__active_ms")
    timed = set[int]()
    for at, person, kind, outcome, annotation, active_ms in reversed(
        found.order_by("-id").values_list(*columns)[:MOST]
    ):
        yield at, person, kind, outcome
        if floor is not None and active_ms and annotation not in timed:
            timed.add(annotation)
            yield at, person, SPEED, float(active_ms >= floor)


# --- Falls: the watch over known answers goes on from the first one, whatever the window ---------------------------------
KNOWN = """
SELECT contributor_id, array_agg(created_at ORDER BY id), array_agg(outcome ORDER BY id) FROM evidence
 WHERE kind = 'gold' AND project_id = %s AND created_at <= %s GROUP BY contributor_id HAVING max(created_at) > %s
"""


def _falls(window: Window) -> Iterator[Seen]:
    for person, times, outcomes in _known(window):
        yield from ((at, person, DRIFT, fall) for at, fall in _falls_since(window.since, times, outcomes))


def _fallen(window: Window) -> Iterator[tuple[Any, ...]]:
    return ((person, DRIFT, *highest_fall(window.since, times, outcomes)) for person, times, outcomes in _known(window))


def highest_fall(since: datetime, times: Sequence[datetime], outcomes: Sequence[float]) -> tuple[int, float]:
    """How many known answers since then were watched, and the highest sum of the watch. times, outcomes: of all of somebody's."""
    found = [fall for _at, fall in _falls_since(since, times, outcomes)]
    return len(found), max(found, default=0.0)


def _falls_since(
    since: datetime, times: Sequence[datetime], outcomes: Sequence[float]
) -> Iterator[tuple[datetime, float]]:
    return ((at, fall) for at, fall in zip(times, falls(outcomes), strict=True) if fall is not None and at > since)


def _known(window: Window) -> list[tuple[Any, ...]]:
    return _rows(KNOWN, window.project_id, window.until, window.since)


# --- Tasks given back -------------------------------------------------------------------------------------------------
TAKEN = """
  FROM assignment
 WHERE project_id = %s AND ended_at > %s AND ended_at <= %s AND stage = 'label' AND status IN ('submitted', 'returned', 'expired')
"""
# A row of tasks given back ends with one that was not: those before it are counted.
IN_ROWS = """
SELECT contributor_id, sum(n), sum(skipped), max(skipped) FROM (
    SELECT contributor_id, count(*) AS n, count(*) FILTER (WHERE status = 'returned') AS skipped FROM (
        SELECT contributor_id, status,
               count(*) FILTER (WHERE status <> 'returned') OVER (PARTITION BY contributor_id ORDER BY ended_at, id) AS before {taken}) t
     GROUP BY contributor_id, before) r
 GROUP BY contributor_id
"""
SKIPPED = IN_ROWS.format(taken=TAKEN)
LATEST_TAKEN = (
    f"SELECT ended_at, contributor_id, status = 'returned', id {TAKEN} ORDER BY ended_at DESC, id DESC LIMIT {MOST}"
)


def _skipped(window: Window) -> Iterator[tuple[Any, ...]]:
    for person, n, skipped, longest in _rows(SKIPPED, window.project_id, window.since, window.until):
        yield person, SKIPS, int(n), float(skipped)
        yield person, ROW, int(n), float(longest)


def _skips(window: Window) -> Iterator[Seen]:
    row: dict[int, int] = defaultdict(int)
    for at, person, skipped, _key in reversed(_rows(LATEST_TAKEN, window.project_id, window.since, window.until)):
        row[person] = row[person] + 1 if skipped else 0
        yield at, person, SKIPS, float(skipped)
        yield at, person, ROW, float(row[person])


# --- Answers: those that leave a task for a reason, and how long they took --------------------------------------------
GIVEN = """
  FROM annotation WHERE project_id = %s AND status <> 'superseded' AND submitted_at > %s AND submitted_at <= %s
"""
LEFT = f"SELECT contributor_id, 'exits', count(*), count(*) FILTER (WHERE exit <> '') {GIVEN} GROUP BY contributor_id"
WORKED = f"SELECT contributor_id, 'volume', count(*), sum(active_ms)::float8 / 60000 {GIVEN} GROUP BY contributor_id"
LATEST_GIVEN = f"SELECT submitted_at, contributor_id, exit <> '', active_ms {GIVEN} ORDER BY submitted_at DESC, id DESC LIMIT {MOST}"


def _left(window: Window) -> list[tuple[Any, ...]]:
    return _rows(LEFT, window.project_id, window.since, window.until)


def _worked(window: Window) -> list[tuple[Any, ...]]:
    return _rows(WORKED, window.project_id, window.since, window.until)


def _exits(window: Window) -> Iterator[Seen]:
    return ((at, person, EXITS, float(left)) for at, person, left, _ms in _given(window))


def _work(window: Window) -> Iterator[Seen]:
    return ((at, person, VOLUME, active_ms / 60_000) for at, person, _left, active_ms in _given(window))


def _given(window: Window) -> list[tuple[Any, ...]]:
    return _rows(LATEST_GIVEN, window.project_id, window.since, window.until)[::-1]


# --- How much answers depend on the task --------------------------------------------------------------------------------
def _spam(window: Window) -> Iterator[tuple[Any, ...]]:
    return ((person, SPAM, *found) for person, found in spam_scores(window.project_id).items())


def of_today(window: Window, asked: Collection[str]) -> dict[int, Sums]:
    """By contributor (key): what is known only as it is now. One statement if it is asked."""
    return {person: {kind: (n, score)} for person, kind, n, score in _spam(window)} if SPAM in asked else {}


SUMS: Mapping[str, Callable[[Window], Iterable[tuple[Any, ...]]]] = {
    SPEED: _timed,
    DRIFT: _fallen,
    SKIPS: _skipped,
    EXITS: _left,
    SPAM: _spam,
    VOLUME: _worked,
}
ONE_BY_ONE: Mapping[str, Callable[[Window], Iterable[Seen]]] = {
    DRIFT: _falls,
    SKIPS: _skips,
    EXITS: _exits,
    VOLUME: _work,
}


def _rows(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
