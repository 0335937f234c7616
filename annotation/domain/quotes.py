"""Quotes: price and end of work that is only thought of, and what may be promised."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from annotation.domain import accuracy as promises
from annotation.domain import forecasts, pace
from annotation.domain.accuracy import Accuracy
from annotation.domain.forecasts import Setting
from annotation.models import Batch, Project, Quote, ServiceClass
from annotation.queries import batches, crowd
from annotation.scheduling import admission, forecast
from annotation.scheduling.forecast import Situation
from annotation.scheduling.rank import virtual_due
from workforce.domain.refusal import Refusal

BINDING = timedelta(hours=24)
HORIZON_H = 26 * 168  # deadlines further away are not looked at
NO_BATCH = -1


class QuoteExpired(Refusal):
    """It was binding for a day."""

    code = "quote_expired"
    message = _("This quote is no longer binding.")
    remedy = _("Ask for a new one.")


class QuoteMismatch(Refusal):
    """What it was made for is not what it is named for; `differs`: project, schema_version, price, deadline, accuracy or used."""

    code = "quote_mismatch"
    message = _("This quote was made for something else.")
    remedy = _(
        "Ask for a new one: the questions, the price, the deadline, the accuracy or the project have changed, or it was taken up already."
    )


class DeadlineInfeasible(Refusal):
    """More work is due by then than people are expected to bring; `earliest_deadline`: what could be promised, or null."""

    code = "deadline_infeasible"
    message = _("The work cannot be promised by this deadline.")
    remedy = _("Choose a later deadline, invite more people, or ask for best effort.")


def price(
    *,
    project: Project,
    tasks: int,
    overlap: dict[str, int] | None = None,
    service_class: str = ServiceClass.STANDARD,
    deadline: datetime | None = None,
    accuracy: Accuracy | None = None,
) -> Quote:
    """Make a quote for so many tasks, each with `overlap` {min, max} answers (the project's if absent). Nothing is reserved.

    Per task the price of an answer times the answers expected, rounded up; and what an audit takes at most that shows this accuracy.
    """
    now = timezone.now()
    where = forecasts.setting(project=project, now=now)
    wanted = _overlap(project, overlap)
    at = _situation(where, tasks, wanted, service_class, deadline, now)
    mean = float(np.clip(at.stops.mean(), wanted["min"], wanted["max"]))
    ends = _ends(at, now)
    need_s = forecasts.need_s(at)
    answer = int(project.terms["price_minor"])
    per_task = math.ceil(round(answer * mean, 6))
    quote = Quote.objects.create(
        organization_id=project.organization_id,
        project=project,
        schema_version=project.schema_version,
        tasks=tasks,
        overlap=wanted,
        service_class=service_class,
        deadline=deadline,
        price_minor=answer,
        per_task_minor=per_task,
        total_minor=per_task * tasks,
        accuracy=accuracy and _audit(project, accuracy, tasks),
        answers_expected=mean,
        need_s=need_s,
        basis=where.basis,
        **ends,
        earliest_deadline=deadline
        and earliest(where=where, work=Work(need_s, ends["p80_at"]), deadline=deadline, now=now),
        expires_at=now + BINDING,
    )
    quote.refresh_from_db(fields=["public_id", "created_at"])
    return quote


def _audit(project: Project, accuracy: Accuracy, tasks: int) -> dict[str, float]:
    cost = promises.cost(project=project, accuracy=accuracy, tasks=tasks)
    shown = {"answers": cost.answers, "seconds": cost.seconds, "cost_minor": cost.minor}
    return {"error": accuracy.error, "confidence": accuracy.confidence, **shown}


def _overlap(project: Project, given: dict[str, int] | None) -> dict[str, int]:
    own = project.quality.get("overlap", {})
    found = given or own
    least = int(found.get("min", 1))
    return {"min": least, "max": max(least, int(found.get("max", least)))}


def _situation(
    where: Setting, tasks: int, overlap: dict[str, int], service_class: str, deadline: datetime | None, now: datetime
) -> Situation:
    """As if the tasks were posted now."""
    own = _overlap(where.project, None) == overlap
    rank = virtual_due(
        created_at=now,
        service_class=service_class,
        priority=20,
        deadline=deadline,
        tau80_s=pace.quantile(where.pace, 0.8),
    )
    before = batches.ahead(where.line, batch=NO_BATCH, last_rank=rank)
    return Situation(
        tasks=tasks,
        given=0,
        least=tasks * overlap["min"],
        most=tasks * overlap["max"],
        stops=where.stops if own else batches.guessed(overlap["min"], overlap["max"]),
        ahead_s=before * where.answer_s,
        seed=tasks,
        **forecasts.common(where, now),
    )


def _ends(at: Situation, now: datetime) -> dict[str, datetime | None]:
    return forecasts.moments(forecasts.corrected(forecast.outlook(at)[0], forecasts.corrections(), 0), now)


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be promised: the active seconds it takes (80 %), and when it would be done, four times in five; None: not in a year."""

    need_s: float
    p80_at: datetime | None


def earliest(
    *, where: Setting, work: Work, deadline: datetime, now: datetime, leave_out: int = NO_BATCH
) -> datetime | None:
    """None if the work can be promised by the deadline beside what is promised already; else the first that can, within half a year.

    It can if it ends by then four times in five, and if all promises fit into the supply, the earliest first. `leave_out`: the batch
    itself, if it has a promise.
    """
    promised = Batch.objects.filter(
        project=where.project, status=Batch.Status.IN_PROGRESS, promise=Batch.Promise.FIRM, deadline__gt=now
    )
    others = [
        ((batch.deadline - now).total_seconds(), batch.forecast.need_s if batch.forecast else batch.promised_s)
        for batch in promised.exclude(pk=leave_out).select_related("forecast")
        if batch.deadline
    ]
    due, need = zip(((deadline - now).total_seconds(), work.need_s), *others, strict=True)
    coming = where.people.supply._replace(seconds=where.people.supply.seconds * where.people.share)
    hours = forecast.hourly(supply=coming, start_s=crowd.week_s(now), hours=HORIZON_H)
    all_met, first = admission.feasible(due_s=np.array(due), need_s=np.array(need), supply_s=hours)
    horizon = now + timedelta(hours=HORIZON_H)
    alone = work.p80_at or horizon
    if alone <= deadline and (all_met or first[0] <= due[0]):
        return None
    return min(horizon, max(alone, now + timedelta(seconds=min(float(first[0]), HORIZON_H * 3600))))


@transaction.atomic
def take_up(*, quote: Quote, project: Project, deadline: datetime | None, accuracy: Accuracy | None = None) -> Quote:
    """Bind a quote to the batch that is made for it; once. Raises QuoteExpired, QuoteMismatch."""
    held = Quote.objects.select_for_update(no_key=True).get(pk=quote.pk)
    if held.expires_at <= timezone.now():
        raise QuoteExpired(quote=held.public_id)
    promised = held.accuracy and Accuracy(held.accuracy["error"], held.accuracy["confidence"])
    same = {
        "project": held.project_id == project.pk,
        "schema_version": held.schema_version == project.schema_version,
        "price": held.price_minor == project.terms["price_minor"],
        "deadline": held.deadline == deadline,
        "accuracy": promised == accuracy,
        "used": not held.used_tasks,
    }
    if not all(same.values()):
        raise QuoteMismatch(quote=held.public_id, differs=[name for name, equal in same.items() if not equal])
    held.used_tasks = held.tasks
    held.save(update_fields=["used_tasks"])
    return held


def promised_s(*, project: Project, deadline: datetime, tasks: int | None) -> float:
    """Active seconds that are promised by the deadline for so many tasks, as the project asks them. Raises DeadlineInfeasible.

    Of an unknown number nothing can be promised but that an answer may come in time.
    """
    now = timezone.now()
    where = forecasts.setting(project=project, now=now)
    if tasks is None:
        first = now + timedelta(seconds=3 * pace.quantile(where.pace, 0.8))
        need_s = 0.0
        later = first if deadline < first else None
    else:
        at = _situation(where, tasks, _overlap(project, None), ServiceClass.STANDARD, deadline, now)
        need_s = forecasts.need_s(at)
        work = Work(need_s, _ends(at, now)["p80_at"])
        later = earliest(where=where, work=work, deadline=deadline, now=now)
    if later:
        raise DeadlineInfeasible(earliest_deadline=later)
    return need_s


def keep_promise(*, batch: Batch) -> None:
    """The new deadline of a locked batch can be promised too; without one nothing is promised any more. Raises DeadlineInfeasible."""
    if batch.deadline is None:
        batch.promise = Batch.Promise.BEST_EFFORT
        return
    now, made = timezone.now(), batch.forecast
    later = earliest(
        where=forecasts.setting(project=batch.project, now=now),
        work=Work(made.need_s, made.p80_at) if made else Work(batch.promised_s, now),
        deadline=batch.deadline,
        now=now,
        leave_out=batch.pk,
    )
    if later:
        raise DeadlineInfeasible(earliest_deadline=later)
