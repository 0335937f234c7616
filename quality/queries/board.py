"""The figures of one project's board. Read again at every hint, so a large project's figures are kept for a while."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.db import connection

from annotation.domain import forecasts
from annotation.models import ContributorAlias, Forecast, Project, Task
from quality.agreement.accuracy import PRIOR_RIGHT, PRIOR_WRONG
from quality.agreement.bounds import wilson
from quality.models import Consensus, Scorecard
from quality.queries import overview, reliability
from quality.queries.panel import LATEST, Panel, panel
from quality.queries.upkeep import MISSED, MISSED_N

STEPS = 48  # points of the burn-up
PEOPLE = 200
LABELS = 12
KEEP = 20  # a board that took a second to read is shown for twenty
LONGEST_S = 300.0


@dataclass(frozen=True, slots=True)
class BurnUp:
    """Tasks posted and settled, cumulated at even steps from `start` to `end`."""

    start: datetime
    end: datetime
    posted: list[int]
    settled: list[int]


@dataclass(frozen=True, slots=True)
class Person:
    """A contributor by pseudonym: accuracy as far as it is known, 0..1 with its interval, from `n` observations."""

    pseudonym: str
    accuracy: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Disputed:
    """How often answers disagree where the result was this label (or in this question): mean of 1 - agreement over `n` tasks."""

    question: str
    label: str
    disagreement: float
    n: int


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the board."""

    row: overview.Row
    forecast: Forecast | None
    workers: int
    burn_up: BurnUp
    panel: Panel
    disputed: list[Disputed]
    people: list[Person]
    reliability: list[reliability.Question]
    gold_share: float | None
    gold_n: int
    gold_missed: int
    spent_minor: int
    read_at: datetime


AT_LEAST_S = 0.1  # as the page is told, with one decimal
_kept: dict[int, tuple[float, Board]] = {}


def board(*, project: Project, now: datetime) -> Board:
    """The figures; those of a moment ago if they were costly to read."""
    began = monotonic()
    kept = _kept.get(project.pk)
    if kept and began < kept[0]:
        return kept[1]
    found = read(project=project, now=now)
    took = monotonic() - began
    if len(_kept) > 1000:
        _kept.clear()
    _kept[project.pk] = (monotonic() + min(LONGEST_S, KEEP * max(0.0, took - 0.1)), found)
    return found


def kept_s(found: Board, *, project: Project, now: datetime) -> float:
    """How long older figures will still be shown, in seconds; 0 only if these were read just now.

    Their time may have run out since they were taken: whoever got them must look again all the same.
    """
    until = _kept.get(project.pk, (0.0, found))[0]
    return 0.0 if found.read_at == now else max(AT_LEAST_S, until - monotonic())


def read(*, project: Project, now: datetime) -> Board:
    """The figures as of now. A constant number of statements."""
    (row,) = overview.figures([project], now)
    share, count, missed = _gold(project)
    return Board(
        row=row,
        forecast=forecasts.of_project(project=project, now=now) if row.open else None,
        workers=_workers(project),
        burn_up=_burn_up(project, now, live=row.open > 0),
        panel=panel(project=project, now=now),
        disputed=_disputed(project),
        people=_people(project),
        reliability=reliability.of_project(project),
        gold_share=share,
        gold_n=count,
        gold_missed=missed,
        spent_minor=_spent(project),
        read_at=now,
    )


def _workers(project: Project) -> int:
    """Who holds a task now."""
    return (
        _one(
            "SELECT count(DISTINCT contributor_id) FROM assignment WHERE status = 'leased' AND project_id = %s",
            [project.pk],
        )[0]
        or 0
    )


EDGES = """
SELECT min(created_at), max(coalesce(completed_at, created_at)) FROM task WHERE project_id = %s AND purpose = 'work'
"""
BUCKETS = """
SELECT v.kind, least(%(steps)s, greatest(0, ceil(extract(epoch FROM v.at - %(start)s) / %(step)s)::int)), count(*)
  FROM task t,
       LATERAL (VALUES ('posted', t.created_at), ('settled', CASE WHEN t.status = 'completed' THEN t.completed_at END)) AS v (kind, at)
 WHERE t.project_id = %(project)s AND t.purpose = 'work' AND t.status <> 'canceled' AND v.at IS NOT NULL GROUP BY 1, 2
"""


def _burn_up(project: Project, now: datetime, *, live: bool) -> BurnUp:
    """From the first task to now; of a finished project to its last result."""
    start, last = _one(EDGES, [project.pk])
    start = start or now
    end = max(now if live or last is None else last, start + timedelta(minutes=1))
    step = (end - start).total_seconds() / STEPS
    counts: dict[str, dict[int, int]] = {"posted": defaultdict(int), "settled": defaultdict(int)}
    with connection.cursor() as cursor:
        cursor.execute(BUCKETS, {"project": project.pk, "start": start, "step": step, "steps": STEPS})
        for kind, place, count in cursor.fetchall():
            counts[kind][place] = count
    return BurnUp(start, end, _summed(counts["posted"]), _summed(counts["settled"]))


def _summed(counts: dict[int, int]) -> list[int]:
    total, sums = 0, []
    for place in range(STEPS + 1):
        total += counts.get(place, 0)
        sums.append(total)
    return sums


def _disputed(project: Project) -> list[Disputed]:
    """The most disputed labels of questions with one label per answer; of other questions the question as a whole."""
    seen: dict[tuple[str, str], list[float]] = defaultdict(list)
    rows = Consensus.objects.filter(project=project, n__gt=1).order_by("-task_id").values_list("answers", flat=True)
    for answers in rows[:LATEST]:
        for question, part in answers.items():
            if part.get("agreement") is not None:
                seen[question, _label(part.get("value"))].append(1 - part["agreement"])
    found = [Disputed(question, label, sum(all_) / len(all_), len(all_)) for (question, label), all_ in seen.items()]
    return sorted(found, key=lambda each: (-each.disagreement, each.question, each.label))[:LABELS]


def _label(value: Any) -> str:
    """A value that is one label or step of a scale; empty for everything else."""
    if isinstance(value, dict) and isinstance(value.get("score"), int):
        return str(value["score"])
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) and len(str(value)) <= 40 else ""


def _people(project: Project) -> list[Person]:
    """Everybody of whom something is known, the most observed first."""
    cards = list(Scorecard.objects.filter(project=project, n__gt=0).order_by("-n", "id")[:PEOPLE])
    aliases = dict(
        ContributorAlias.objects.filter(
            organization=project.organization_id, contributor__in=[card.contributor_id for card in cards]
        ).values_list("contributor_id", "public_id")
    )
    return [_person(card, aliases.get(card.contributor_id, "")) for card in cards]


def _person(card: Scorecard, pseudonym: str) -> Person:
    """The share of right observations by weight, without the prior, with Wilson's interval."""
    right, wrong = max(0.0, card.alpha - PRIOR_RIGHT), max(0.0, card.beta - PRIOR_WRONG)
    weight = right + wrong
    low, high = wilson(right, weight)
    return Person(pseudonym, right / weight if weight else 0.0, low, high, card.n)


GOLD = """
SELECT avg(mean), sum(n)::int, count(*) FILTER (WHERE n >= %s AND mean < %s AND status = 'active')
  FROM (SELECT g.status, avg(o.score) AS mean, count(*) AS n FROM gold_item g JOIN gold_outcome o ON o.item_id = g.id
         WHERE g.project_id = %s AND NOT g.training GROUP BY g.id) items
"""


def _gold(project: Project) -> tuple[float | None, int, int]:
    """Mean score of the known answers, how many answers that is, and how many active items most people miss."""
    share, count, missed = _one(GOLD, [MISSED_N, MISSED, project.pk])
    return share, count or 0, missed


SPENT = """
SELECT coalesce(sum(CASE WHEN a.stage = 'label' THEN (a.terms ->> 'price_minor')::bigint ELSE %(review)s END), 0)
  FROM assignment a LEFT JOIN annotation n ON n.assignment_id = a.id
 WHERE a.project_id = %(project)s AND a.status = 'submitted' AND coalesce(n.status, '') NOT IN ('rejected', 'appealed')
"""


def _spent(project: Project) -> int:
    """What answers and reviews have cost so far, in minor units; answers that are still being checked count."""
    values = {"project": project.pk, "review": project.terms.get("review_price_minor", 0)}
    with connection.cursor() as cursor:
        cursor.execute(SPENT, values)
        return int(cursor.fetchone()[0])


def _one(statement: str, values: Sequence[Any]) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return tuple(cursor.fetchone())


def failed(found: Board) -> int:
    """Tasks that cannot be answered."""
    return found.row.tasks.get(Task.Status.FAILED.value, 0)
