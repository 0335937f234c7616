"""Admission: which tasks may open now, and which wait for money or room. Whoever opens tasks passes here; nothing that waits is lost.

A batch with a budget holds, for each open task, the price of all answers that it may get: so its answers can never cost more. Locks are
taken in one order: batches, project, organization, tasks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from annotation.domain import tasks
from annotation.domain.events import Fact, publish
from annotation.domain.queues import opened
from annotation.domain.tasks import fact
from annotation.models import Batch, Organization, Project, Task
from annotation.queries import spending
from workforce.domain.actor import SYSTEM, Actor
from workforce.domain.refusal import Refusal

BUDGET, OPEN_TASKS, SPEND_DAY = "budget", "quota:open_tasks", "quota:spend_day"
CHUNK = 500
ANSWERS_A_SECOND = 2_000  # that are counted again: of a batch of a hundred thousand every minute


class BudgetExhausted(Refusal):
    """Open tasks and answers of a batch may cost more than this; `batch`, `needed` and `budget` in minor units."""

    code = "budget_exhausted"
    message = _("What is open in a batch may already cost more than its budget.")
    remedy = _("Raise the budget of the batch, or wait until more of its tasks are done.")


class QuotaExceeded(Refusal):
    """The organization has as much as it may have; `quota`, `limit`, `used`."""

    code = "quota_exceeded"
    message = _("Your organization has as many unfinished tasks as it may have.")
    remedy = _("Wait until some are done, cancel some, or ask for a higher limit.")


@dataclass(slots=True)
class _Room:
    """What an organization may still open; None: as much as it likes."""

    tasks: int | None = None
    money: int | None = None

    def refuse(self, cost: int) -> str:
        """Why a task that may cost so much must wait; empty if it may open."""
        if self.tasks is not None and self.tasks < 1:
            return OPEN_TASKS
        return SPEND_DAY if self.money is not None and self.money < cost else ""

    def take(self, cost: int) -> None:
        """One opens."""
        self.tasks = None if self.tasks is None else self.tasks - 1
        self.money = None if self.money is None else self.money - cost


def judge(
    *, project: Project, asked: Sequence[tuple[Batch | None, int]], new: bool = True, opens: bool = True
) -> list[str]:
    """Why each task (its locked batch, the most answers it may get) must wait; empty if it may open, and then its money is held.

    Of tasks that are open already (`opens` is false) it says why they must not get so many answers more. The list is empty where nothing is
    limited. Raises QuotaExceeded if the organization may not even have `new` ones wait.
    """
    purses = {batch.pk: batch for batch, _seats in asked if batch and batch.budget_minor is not None}
    limits = project.organization.limits
    if not purses and not limits:
        return []
    price = _price(project.pk)
    room = _room(project, len(asked) if new else 0) if limits else _Room()
    if not opens:
        room.tasks = None
    before = {key: batch.held_minor for key, batch in purses.items()}
    reasons = [_judged(purses.get(batch.pk) if batch else None, room, price * seats) for batch, seats in asked]
    for key, batch in purses.items():
        if batch.held_minor != before[key]:
            batch.save(update_fields=["held_minor"])
    return reasons


def _price(project_id: int) -> int:
    """What an answer costs, under the project's lock: it stands still until the transaction ends."""
    held = Project.objects.select_for_update(no_key=True, of=("self",)).only("terms").get(pk=project_id)
    return int(held.terms["price_minor"])


def _judged(purse: Batch | None, room: _Room, cost: int) -> str:
    """Of one task; if it may open, its cost is held."""
    if purse is not None and purse.held_minor + cost > (purse.budget_minor or 0):
        return BUDGET
    if reason := room.refuse(cost):
        return reason
    if purse is not None:
        purse.held_minor += cost
    room.take(cost)
    return ""


def _room(project: Project, more: int) -> _Room:
    """Under the organization's lock: two who open tasks do not both count on the same room."""
    organization = Organization.objects.select_for_update(no_key=True).get(pk=project.organization_id)
    limits, room = organization.limits, _Room()
    if "open_tasks" in limits or "live_tasks" in limits:
        open_, live = spending.tasks(organization_id=organization.pk, mode=project.mode)
        if live + more > limits.get("live_tasks", live + more):
            raise QuotaExceeded(quota="live_tasks", limit=limits["live_tasks"], used=live)
        room.tasks = limits["open_tasks"] - open_ if "open_tasks" in limits else None
    if "spend_day_minor" in limits:
        room.money = limits["spend_day_minor"] - spending.today(organization_id=organization.pk, mode=project.mode)
    return room


# --- Admitting --------------------------------------------------------------------------------------------------------
def admit_waiting(*, project_ids: Iterable[int] | None = None, by: Actor = SYSTEM) -> int:
    """Open what waits and may, in these projects or everywhere; how many. Safe anywhere, any number of times."""
    waiting = Task.objects.filter(phase=Task.Status.QUEUED)
    if project_ids is not None:
        waiting = waiting.filter(project__in=list(project_ids))
    lines = waiting.order_by("project_id", "batch_id").values_list("project_id", "batch_id").distinct()
    return sum(admit(project_id=project, batch_id=batch, by=by) for project, batch in list(lines))


def admit(*, project_id: int, batch_id: int | None, by: Actor = SYSTEM) -> int:
    """Open the waiting tasks of a batch (or of none), first in line first, as far as money and room go; how many."""
    total = 0
    while True:
        with transaction.atomic():
            opened_now = _admit(project_id, batch_id, by)
        total += opened_now
        if opened_now < CHUNK:
            return total


def _admit(project_id: int, batch_id: int | None, by: Actor) -> int:
    batch = Batch.objects.select_for_update(no_key=True).get(pk=batch_id) if batch_id else None
    project = Project.objects.select_related("organization").get(pk=project_id)
    if batch:
        recount_if_due(batch=batch)
    line = Task.objects.filter(project=project, batch=batch, phase=Task.Status.QUEUED).order_by("rank", "id")
    held = [task for task in tasks.lock(list(line.values_list("id", flat=True)[:CHUNK])) if task.status == "queued"]
    held.sort(key=lambda task: (task.rank, task.pk))
    reasons = judge(project=project, asked=[(batch, task.seats_max) for task in held], new=False) or [""] * len(held)
    go = [task for task, reason in zip(held, reasons, strict=True) if not reason]
    _open(go, by)
    for reason in set(reasons) - {""}:
        stay = [task.pk for task, why in zip(held, reasons, strict=True) if why == reason != task.waits_for]
        Task.objects.filter(pk__in=stay).update(waits_for=reason)
    return len(go)


def _is_due(batch: Batch, price: int) -> bool:
    """Whether to count again what a batch holds: the more answers that is, the less often."""
    pause = timedelta(seconds=batch.held_minor / max(price, 1) / ANSWERS_A_SECOND)
    return batch.counted_at is None or timezone.now() - batch.counted_at >= pause


def recount_if_due(*, batch: Batch) -> None:
    """What a locked batch holds is counted again if that was long ago for so much of it."""
    if _is_due(batch, _price(batch.project_id)):
        recount(batch=batch)


def recount(*, batch: Batch) -> None:
    """What a locked batch holds, from its rows: tasks that have ended with fewer answers give money back."""
    if batch.budget_minor is not None:
        _price(batch.project_id)
        batch.held_minor = spending.committed(batch.pk)
        batch.counted_at = timezone.now()
        batch.save(update_fields=["held_minor", "counted_at"])


def _open(go: Sequence[Task], by: Actor) -> None:
    """Locked tasks leave the waiting room."""
    Task.objects.filter(pk__in=[task.pk for task in go]).update(status=Task.Status.OPEN, waits_for="")
    lowest: dict[int, int] = {}
    for task in go:
        lowest[task.queue_id] = min(task.rank, lowest.get(task.queue_id, task.rank))
    for queue, rank in sorted(lowest.items()):
        opened(queue_id=queue, lowest_rank=rank)
    publish(*(fact(task, "task.opened", status="open") for task in go), by=by)


# --- Budgets ----------------------------------------------------------------------------------------------------------
def exhausted(*, project: Project, batch: Batch, by: Actor) -> None:
    """Say that the budget of a locked batch is used up: tasks begin to wait for it."""
    about = {"batch": batch.public_id, "project": project.public_id, "budget_minor": batch.budget_minor}
    publish(Fact(batch.organization_id, project.mode, project.pk, "budget.exhausted", batch.public_id, about), by=by)


def check_budget(*, batch: Batch) -> None:
    """The new budget of a locked batch covers what is open already. Raises BudgetExhausted."""
    if batch.budget_minor is None:
        return
    recount(batch=batch)
    if batch.held_minor > batch.budget_minor:
        raise BudgetExhausted(batch=batch.public_id, needed=batch.held_minor, budget=batch.budget_minor)


def lock_budgets(*, project: Project) -> list[Batch]:
    """The batches in progress of a project that have a budget, locked before the project is."""
    running = Batch.objects.filter(project=project, status=Batch.Status.IN_PROGRESS, budget_minor__isnull=False)
    return list(running.select_for_update(no_key=True).order_by("id"))


def check_budgets(*, batches: Iterable[Batch]) -> None:
    """After a new price: what is open in these locked batches still fits their budgets. Raises BudgetExhausted."""
    for batch in batches:
        check_budget(batch=batch)
