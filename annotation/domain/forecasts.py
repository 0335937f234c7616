"""Forecasts of batches: made from time to time, corrected by how earlier ones came out, and kept; and of all work of a project."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection, transaction

from annotation.models import Basis, Batch, Forecast, Project, Queue, Stage
from annotation.queries import batches, calibration, crowd
from annotation.queries.batches import Figures
from annotation.queries.crowd import Crowd
from annotation.scheduling import capacity, forecast
from annotation.scheduling.forecast import Situation
from annotation.scheduling.supply import Floats

OFTEN = timedelta(seconds=60)
SELDOM = timedelta(minutes=15)  # where nothing has moved
TASKS_A_SECOND = 2_000  # larger batches are counted less often: a million tasks every eight minutes
STEPS = 20
QUARTERS = 4  # forecasts are corrected by those made in the same quarter of the work
WORTH_S = 60.0  # that more people must win to be spoken of
SHORT_H = 2  # what came since is counted by whole hours, before that by answers

Corrections = Mapping[int, Floats]


@dataclass(frozen=True, slots=True)
class Setting:
    """What the batches of one project have in common."""

    project: Project
    people: Crowd
    pace: Queue
    stops: Floats
    line: Sequence[batches.Waiting]
    measured: bool

    @property
    def basis(self) -> Basis:
        """What forecasts here rest on."""
        known = self.measured and self.people.measured and self.pace.pace_n
        return Basis.HISTORY if known else Basis.ESTIMATE

    @property
    def answer_s(self) -> float:
        """Active seconds of an answer, mean."""
        return _mean_s(self.pace)


def setting(*, project: Project, now: datetime, people: Crowd | None = None) -> Setting:
    """Read what forecasts in a project need, its `people` unless they are at hand. Four statements."""
    stops, measured = batches.stops(project)
    return Setting(
        project=project,
        people=people or crowd.of(project=project, now=now),
        pace=_pace(project),
        stops=stops,
        line=batches.waiting(project),
        measured=measured,
    )


def _pace(project: Project) -> Queue:
    """The queue by whose pace a project is judged: the best measured one."""
    label = Queue.objects.filter(project=project, stage=Stage.LABEL).order_by("-pace_n", "id")
    return label.first() or Queue()


def _mean_s(pace: Queue) -> float:
    return float(pace.pace_median_s * np.exp(pace.pace_sigma**2 / 2))


def answer_s(*, project: Project) -> float:
    """Active seconds of an answer in a project, mean."""
    return _mean_s(_pace(project))


def situation(*, where: Setting, batch: Batch | None, found: Figures, now: datetime) -> Situation:
    """Where a batch stands, or without one all work of the project, before which nothing else waits there."""
    passed, seen_s = where.people.since(found.opened_at or now)
    passed_s = passed * 3600.0
    if passed < SHORT_H:
        passed_s = (now - (found.opened_at or now)).total_seconds()
        seen_s = found.answers * where.answer_s
    before = batches.ahead(where.line, batch=batch.pk, last_rank=found.last_rank) if batch else 0.0
    return Situation(
        tasks=found.collecting,
        given=found.given,
        least=found.least,
        most=found.most,
        stops=where.stops,
        ahead_s=before * where.answer_s,
        passed_s=passed_s,
        seen_s=seen_s,
        seed=batch.pk if batch else where.project.pk,
        **common(where, now),
    )


def common(where: Setting, now: datetime) -> dict[str, Any]:
    """What every situation in a project shares."""
    return {
        "median_s": where.pace.pace_median_s,
        "sigma": where.pace.pace_sigma,
        "measured": where.pace.pace_n,
        "supply": where.people.supply,
        "share": where.people.share,
        "people": where.people.people,
        "start_s": crowd.week_s(now),
    }


# --- Making -----------------------------------------------------------------------------------------------------------
def refresh(*, now: datetime) -> int:
    """Forecast every batch in progress whose last forecast is old enough; how many. Often enough is every minute."""
    _end()
    running = Batch.objects.filter(status=Batch.Status.IN_PROGRESS).select_related("project", "forecast")
    due = [batch for batch in running if _is_due(batch, now)]
    found = batches.figures([batch.pk for batch in due])
    moved = [batch for batch in due if batch.pk in found and _has_moved(batch, found[batch.pk], now)]
    learned = corrections() if moved else {}
    for project in {batch.project_id: batch.project for batch in moved}.values():
        where = setting(project=project, now=now, people=crowd.kept(project=project, now=now))
        own = [batch for batch in moved if batch.project_id == project.pk]
        _keep([made(where=where, batch=batch, found=found[batch.pk], learned=learned, now=now) for batch in own])
    return len(moved)


def _is_due(batch: Batch, now: datetime) -> bool:
    last = batch.forecast
    return last is None or now - last.made_at >= max(OFTEN, timedelta(seconds=last.tasks / TASKS_A_SECOND))


def _has_moved(batch: Batch, found: Figures, now: datetime) -> bool:
    last = batch.forecast
    return last is None or (last.tasks, last.answers) != (found.total, found.answers) or now - last.made_at >= SELDOM


def of_project(*, project: Project, now: datetime) -> Forecast | None:
    """When all work of a project is expected to end, in batches or not; not stored. None if nothing of it is open."""
    found = batches.figures_of_project(project.pk)
    if not found.collecting:
        return None
    where = setting(project=project, now=now)
    return made(where=where, batch=None, found=found, learned=corrections(), now=now)


def made(*, where: Setting, batch: Batch | None, found: Figures, learned: Corrections, now: datetime) -> Forecast:
    """The forecast of a batch (or of all work of the project), not stored. Once all answers are in, and reviewers have the last word,
    none is dared."""
    at = situation(where=where, batch=batch, found=found, now=now)
    wanted = float(forecast.wanted(at).mean())
    share = found.answers / max(found.answers + wanted, 1.0)
    more = capacity.tries(at.people)
    scales = [1.0, *(capacity.grown(people=at.people, more=each) for each in more)]
    rows = forecast.outlook(at, scales=scales)
    if not found.collecting:
        rows = np.full_like(rows, np.inf)
    raw, shown = rows[0], [corrected(row, learned, int(share * QUARTERS)) for row in rows]
    return Forecast(
        batch=batch,
        step=int(share * STEPS),
        made_at=now,
        basis=where.basis,
        tasks=found.total,
        answers=found.answers,
        wanted=wanted,
        need_s=need_s(at),
        people=at.people,
        made_s=[float(each) for each in raw] if np.isfinite(raw).all() else None,
        **moments(shown[0], now),
        advice=advice(ends_s=[float(row[1]) for row in shown], more=more, scales=scales, until_s=_until(batch, now)),
    )


LATEST = """
UPDATE batch b SET forecast_id = f.id FROM forecast f WHERE f.batch_id = b.id AND f.made_at = %s AND b.id = ANY(%s)
"""
KEPT = (
    "made_at",
    "basis",
    "tasks",
    "answers",
    "wanted",
    "need_s",
    "people",
    "made_s",
    "p50_at",
    "p80_at",
    "p95_at",
    "advice",
)


@transaction.atomic
def _keep(rows: Sequence[Forecast]) -> None:
    """Store forecasts, made at one moment, as the latest of their batches; each takes the place of the one in its twentieth of the work."""
    Forecast.objects.bulk_create(rows, update_conflicts=True, unique_fields=["batch", "step"], update_fields=list(KEPT))
    with connection.cursor() as cursor:
        cursor.execute(LATEST, [rows[0].made_at, [row.batch_id for row in rows]])


def need_s(at: Situation) -> float:
    """Active seconds of the work itself, 80 %; what is served before is not in it."""
    return float(np.quantile(forecast.wanted_s(dataclasses.replace(at, ahead_s=0.0)), 0.8))


def moments(seconds: Floats, now: datetime) -> dict[str, datetime | None]:
    """p50_at, p80_at, p95_at; None where nobody would end it within a year."""
    return {
        f"p{100 * level:.0f}_at": now + timedelta(seconds=float(each)) if np.isfinite(each) else None
        for level, each in zip(forecast.LEVELS, seconds, strict=True)
    }


def _until(batch: Batch | None, now: datetime) -> float | None:
    return (batch.deadline - now).total_seconds() if batch and batch.deadline else None


def advice(
    *, ends_s: Sequence[float], more: Sequence[int], scales: Sequence[float], until_s: float | None
) -> dict[str, Any] | None:
    """How many more people to ask, by which share that raises what they bring, and how much sooner the work ends, in seconds.

    `ends_s`: seconds until it does (80 %), as it is and with `more` people. With a deadline that may be missed, as many as it takes; else
    a quarter more. None if they would change nothing.
    """
    late = until_s is not None and 0 < until_s < ends_s[0]
    place = next(
        (each for each in range(1, len(ends_s)) if not late or ends_s[each] <= (until_s or 0)), len(ends_s) - 1
    )
    sooner = ends_s[0] - ends_s[place]
    if not np.isfinite(sooner) or sooner < WORTH_S:
        return None
    return {
        "people": more[place - 1],
        "share": scales[place] - 1,
        "sooner_s": round(sooner),
        "for_deadline": late,
    }


# --- Holding to account -----------------------------------------------------------------------------------------------
ENDED = """
UPDATE forecast f SET ended_at = e.at
  FROM (SELECT b.id, (SELECT max(t.completed_at) FROM task t WHERE t.batch_id = b.id) AS at FROM batch b
         WHERE b.status = 'completed' AND EXISTS (SELECT 1 FROM forecast o WHERE o.batch_id = b.id AND o.ended_at IS NULL)) e
 WHERE f.batch_id = e.id AND f.ended_at IS NULL
"""


def _end() -> None:
    """Write into forecasts when their batches have ended."""
    with connection.cursor() as cursor:
        cursor.execute(ENDED)


def corrections() -> Corrections:
    """What is learned from the batches that have ended, for each quarter of the work. One statement."""
    return {
        quarter: forecast.conformal(
            actual_s=np.array([row.took_s for row in rows]), forecast_s=np.array([row.made_s for row in rows])
        )
        for quarter, rows in calibration.outcomes().items()
    }


def corrected(raw: Floats, learned: Corrections, quarter: int) -> Floats:
    """A forecast made in this quarter of the work, as it is shown."""
    return forecast.corrected(raw, learned[quarter]) if quarter in learned else raw
