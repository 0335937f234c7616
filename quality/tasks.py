"""Celery carries these; each only calls its act. Events wake them, beat finds what no event told."""

from celery import shared_task
from django.utils import timezone

from quality.domain import (
    contracts,
    gold_health,
    hearings,
    learning,
    lots,
    objections,
    pipeline,
    redo,
    restrictions,
    rules,
    second_looks,
    silence,
)


@shared_task
def judge(*, keys: list[str]) -> None:
    """Judge what is to be judged of these tasks (public ids)."""
    pipeline.run(keys=keys)


@shared_task
def redrive() -> None:
    """Sweep: whatever waits for a judgement."""
    pipeline.redrive()


@shared_task
def audit(*, projects: list[int] | None = None) -> None:
    """The next step of accuracy contracts, in these projects (keys) or, as a sweep, everywhere."""
    contracts.advance(project_ids=projects)


@shared_task
def refit() -> None:
    """Learn anew of the people of the projects where it is time."""
    learning.refit_due()


@shared_task
def refit_cold() -> None:
    """At night: from nothing, where that is not done by day."""
    learning.refit_cold()


@shared_task
def look_after_gold() -> None:
    """Hourly: known answers that are contradicted, or have been in use for long."""
    gold_health.quarantine_disputed()
    gold_health.retire_old(now=timezone.now())


@shared_task
def find_leaks() -> None:
    """Weekly: known answers that people know beforehand."""
    gold_health.retire_leaked()


@shared_task
def evaluate_rules() -> None:
    """Every five minutes: whom the rules in force hit."""
    rules.evaluate(now=timezone.now())


@shared_task
def end_restrictions() -> None:
    """Every five minutes: those that nobody has defended in time, or that rest on nothing any more."""
    objections.end_unanswered(now=timezone.now())
    restrictions.end_unfounded(now=timezone.now())


@shared_task
def do_again(*, redo_id: int) -> None:
    """Have somebody's answers done again by others."""
    redo.run(redo_id=redo_id)


@shared_task
def go_on_doing_again() -> None:
    """Every minute: what no worker has brought to its end."""
    redo.go_on(now=timezone.now())


@shared_task
def grant_overdue() -> None:
    """Every ten minutes: appeals that nobody has decided in time."""
    hearings.grant_overdue(now=timezone.now())


@shared_task
def accept_unjudged() -> None:
    """Every five minutes: answers that nobody has judged in time."""
    silence.accept_unjudged(now=timezone.now())


@shared_task
def carry_out_overdue() -> None:
    """Hourly: decisions of reviewers at which nobody has looked again in time."""
    second_looks.carry_out_overdue(now=timezone.now())


@shared_task
def decide_lots() -> None:
    """Every minute: lots of batches that have ended."""
    lots.decide_ended()
