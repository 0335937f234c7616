"""Where an event leads: the one place that turns what happened into tasks and hints.

Everything here may be lost or doubled: the rows are the truth, each consumer is idempotent, and the sweeps of beat find what was missed.
"""

from typing import Any

import structlog
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.core.cache import cache
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from annotation import tasks
from annotation.domain import events, hints, outbox, uploads
from annotation.models import Project

log = structlog.get_logger(__name__)

# What everybody with the project's workspace open should hear at once.
TO_WORKERS = {
    "guideline.published": "guideline_changed",
    "project.paused": "project_paused",
    "project.resumed": "task_ready",
}
NUDGE = "manyhands:drain"
NUDGE_S = 2
AWAY = (OSError, RedisError, OperationalError)  # Valkey is away: work goes on without it


def connect() -> None:
    """Called once when the apps are ready."""
    events.on_publish(ask_for_drain)
    outbox.listen(hint_projects)
    hints.on_hint(send)
    uploads.on_start(ask_for_import)


def ask_for_drain() -> None:
    """After a commit that published something: ask for a drain, once for all commits that come before it begins."""
    if cache.add(NUDGE, 1, NUDGE_S):
        try:
            tasks.drain.apply_async(retry=False)
        except AWAY as error:
            log.warning("drain_not_asked", error=str(error))


def ask_for_import(job: int) -> None:
    """An upload waits to be imported; if Valkey is away, the sweep asks again."""
    try:
        tasks.import_file.apply_async(kwargs={"job": job}, retry=False)
    except AWAY as error:
        log.warning("import_not_asked", error=str(error))


def hint_projects(drained: list[outbox.Drained]) -> None:
    """Pages of these projects should look again: one hint per project and round, however much happened."""
    ids = {event.project_id for event in drained if event.project_id}
    news = {(event.project_id, TO_WORKERS[event.type]) for event in drained if event.type in TO_WORKERS}
    for pk, public_id in Project.objects.filter(pk__in=ids).values_list("pk", "public_id"):
        for kind in sorted(kind for project, kind in news if project == pk):
            send(f"workers.{public_id}", {"kind": kind, "project": public_id})
        send(f"project.{public_id}", {"kind": "progress", "project": public_id})
        send(f"reviewers.{public_id}", {"kind": "queue", "project": public_id})


def send(group: str, message: dict[str, Any]) -> None:
    """Give one hint to the channel layer; lost without harm if that is away."""
    try:
        async_to_sync(get_channel_layer().group_send)(group, {"type": "hint", **message})
    except AWAY as error:
        log.warning("hint_lost", group=group, error=str(error))
