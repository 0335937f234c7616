"""Where an event leads: the one place that turns what happened into tasks and hints.

Everything here may be lost or doubled: the rows are the truth, each consumer is idempotent, and the sweeps of beat find what was missed.
"""

import threading
import time
from collections.abc import Callable, Sequence

import structlog
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.core.cache import cache
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from annotation import tasks
from annotation.domain import admission, batches, events, hints, outbox, uploads
from annotation.models import Project

log = structlog.get_logger(__name__)

# What everybody with the project's workspace open should hear at once.
TO_WORKERS = {
    "guideline.published": "guideline_changed",
    "project.paused": "project_paused",
    "project.resumed": "task_ready",
}
# What gives somebody who waits a reason to be served: the dispatcher looks at once.
OPENS = (
    "task.created",
    "task.opened",
    "task.more_wanted",
    "task.returned",
    "assignment.returned",
    "assignment.expired",
    "assignment.revoked",
)
ENDS = ("task.completed", "task.failed", "task.canceled")
NUDGE, OFFER = "manyhands:drain", "manyhands:offer"
NUDGE_S = 2
PAUSE_S = 0.02
AWAY = (OSError, RedisError, OperationalError)  # Valkey is away: work goes on without it


def connect() -> None:
    """Called once when the apps are ready."""
    events.on_publish(Bell(ask_for_drain))
    outbox.listen(hint_projects)
    outbox.listen(complete_batches)
    outbox.listen(admit_more)
    outbox.listen(serve)
    hints.on_hint(send)
    uploads.on_start(ask_for_import)


class Bell:
    """Rings at once after a commit, then at most every `PAUSE_S`, and always once more after the last commit.

    In a thread of its own, begun in each process by its first commit: no answer waits for Valkey.
    """

    def __init__(self, ring: Callable[[], None]) -> None:
        self._ring = ring
        self._wanted = threading.Event()
        self._door = threading.Lock()
        self._thread: threading.Thread | None = None

    @property
    def rings(self) -> bool:
        """Whether its thread runs; a forked process has none yet."""
        return self._thread is not None and self._thread.is_alive()

    def __call__(self) -> None:
        self._wanted.set()
        if not self.rings:
            with self._door:
                if not self.rings:
                    self._thread = threading.Thread(target=self._run, name="bell", daemon=True)
                    self._thread.start()

    def _run(self) -> None:
        while self._wanted.wait():
            self._wanted.clear()
            self._ring()
            time.sleep(PAUSE_S)


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
    found = list[hints.Hint]()
    for pk, public_id in Project.objects.filter(pk__in=ids).values_list("pk", "public_id"):
        for kind in sorted(kind for project, kind in news if project == pk):
            found.append((f"workers.{public_id}", {"kind": kind, "project": public_id}))
        found.append((f"project.{public_id}", {"kind": "progress", "project": public_id}))
        found.append((f"reviewers.{public_id}", {"kind": "queue", "project": public_id}))
    send(found)


def complete_batches(drained: list[outbox.Drained]) -> None:
    """A batch ends with its last task."""
    if ended := [event.task for event in drained if event.type in ENDS and event.task]:
        batches.complete_ended(task_keys=ended)


def admit_more(drained: list[outbox.Drained]) -> None:
    """Tasks that have ended make room for those that wait."""
    if projects := {event.project_id for event in drained if event.type in ENDS and event.project_id}:
        admission.admit_waiting(project_ids=projects)


def serve(drained: list[outbox.Drained]) -> None:
    """There is new work: a round of the dispatcher, once for all that is new before it begins."""
    if any(event.type in OPENS for event in drained) and cache.add(OFFER, 1, NUDGE_S):
        try:
            tasks.offer.apply_async(retry=False)
        except AWAY as error:
            log.warning("round_not_asked", error=str(error))


def send(hinted: Sequence[hints.Hint]) -> None:
    """Give hints to the channel layer; lost without harm if that is away."""
    try:
        async_to_sync(_send)(hinted)
    except AWAY as error:
        log.warning("hints_lost", count=len(hinted), error=str(error))


async def _send(hinted: Sequence[hints.Hint]) -> None:
    layer = get_channel_layer()
    for group, message in hinted:
        await layer.group_send(group, {"type": "hint", **message})
