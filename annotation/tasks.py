"""Celery carries these; each only calls its act. Beat wakes them, events wake them sooner."""

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from annotation.domain import (
    admission,
    batches,
    dispatch,
    expiry,
    forecasts,
    gangs,
    idempotency,
    outbox,
    pace,
    routing,
    shares,
    stragglers,
    supply,
    uploads,
    webhooks,
)


@shared_task
def drain() -> None:
    """Number committed events and tell everybody whom they concern. The nudge's key goes first: a later commit asks anew."""
    cache.delete("manyhands:drain")
    outbox.drain()


@shared_task
def offer() -> None:
    """A round of the dispatcher. What opens from now on asks for another one."""
    cache.delete("manyhands:offer")
    now = timezone.now()
    gangs.keep(now=now)
    dispatch.offer(now=now)


@shared_task
def sweep() -> None:
    """End leases and offers whose time is over, open tasks that waited for money or room, lift the heads of queues over what is done."""
    now = timezone.now()
    expiry.expire(now=now)
    expiry.lapse(now=now)
    admission.admit_waiting()
    dispatch.raise_heads()


@shared_task
def share() -> None:
    """What customers and classes have used, how many people each queue is open to; and what is late for want of one answer."""
    shares.count(now=timezone.now())
    routing.measure_reach()
    stragglers.ask_others()


@shared_task
def deliver() -> None:
    """Webhook deliveries that are due."""
    webhooks.unstick(now=timezone.now())
    while webhooks.attempt_due():
        pass


@shared_task
def import_file(*, job: int) -> None:
    """Import an uploaded file."""
    uploads.run(job_id=job)


@shared_task
def tidy() -> None:
    """Wake imports that have stalled; end batches whose end nobody heard of; forget what is kept no longer."""
    uploads.go_on()
    batches.complete_ended()
    idempotency.forget()
    dispatch.forget_rounds(now=timezone.now())


@shared_task
def measure() -> None:
    """How long answers take, and how much people work."""
    pace.measure()
    supply.count(now=timezone.now())


@shared_task
def forecast() -> None:
    """When batches will end."""
    forecasts.refresh(now=timezone.now())
