"""Lots: what was drawn of a batch, and how the lots before it went."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db.models import Count, Q, QuerySet

from annotation.models import Batch, Project, Purpose, Task
from quality.agreement.lots import RECENT
from quality.models import Lot, Review

SAMPLE = "sample"


def sizes(batches: Sequence[int]) -> Mapping[int, int]:
    """{batch key: tasks that are not canceled}; one statement."""
    return dict(_tasks(batches).values_list("batch_id").annotate(Count("pk")).order_by())


def _tasks(batches: Sequence[int]) -> QuerySet[Task]:
    return Task.objects.filter(batch__in=batches, purpose=Purpose.WORK).exclude(phase=Task.Status.CANCELED)


def population(lot: Lot) -> int:
    """Results of the batch among which is drawn: those that are looked at for other reasons are not sampled."""
    otherwise = Review.objects.filter(task__batch=lot.batch_id).exclude(cause=SAMPLE)
    drawn = Review.objects.filter(task__batch=lot.batch_id, cause=SAMPLE).values("task")
    return _tasks([lot.batch_id]).exclude(Q(pk__in=otherwise.values("task")) & ~Q(pk__in=drawn)).count()


def drawn(lot: Lot) -> Mapping[int, list[Review]]:
    """{task key: its reviews, the earliest first} of what was drawn and not canceled; second looks are left out. One statement."""
    sampled = Review.objects.filter(task__batch=lot.batch_id, cause=SAMPLE, second_of=None).values("task")
    rows = Review.objects.filter(task__in=sampled, second_of=None).exclude(status=Review.Status.WITHDRAWN)
    found: dict[int, list[Review]] = defaultdict(list)
    for review in rows.select_related("annotation", "task__consensus", "task__payload").order_by("id"):
        found[review.task_id].append(review)
    return found


def recent(project: Project) -> list[tuple[bool, bool]]:
    """(everything was looked at, it passed) of the latest decided lots, the latest first."""
    decided = Lot.objects.filter(project=project).exclude(status=Lot.Status.OPEN).order_by("-decided_at", "-id")
    return [(lot.full, lot.status == Lot.Status.PASSED) for lot in decided[:RECENT]]


def ended() -> QuerySet[Lot]:
    """Open lots of batches in which nothing is to be done any more."""
    return Lot.objects.filter(status=Lot.Status.OPEN, batch__status=Batch.Status.COMPLETED)
