"""What a sign-off sheet says of a batch: its results, how they were reviewed, and how far the answers agree."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Count

from annotation.domain.tasks import LIVE
from annotation.models import Batch, Purpose, Task
from quality.agreement.bounds import wilson
from quality.models import Appeal, Review
from quality.queries.agreement import Share


@dataclass(frozen=True, slots=True)
class Work:
    """Tasks of a batch that are not canceled: all, with a result, without one that is still to come."""

    tasks: int
    completed: int
    failed: int

    @property
    def live(self) -> int:
        """Still to be done."""
        return self.tasks - self.completed - self.failed


def work(batch: Batch) -> Work:
    """One statement."""
    rows = Task.objects.filter(batch=batch, purpose=Purpose.WORK).exclude(phase=Task.Status.CANCELED)
    by = dict(rows.values_list("phase").annotate(Count("pk")).order_by())
    live = sum(n for phase, n in by.items() if phase in LIVE)
    total = sum(by.values())
    completed = by.get(Task.Status.COMPLETED, 0)
    return Work(total, completed, total - completed - live)


def decisions(batch: Batch) -> dict[str, int]:
    """How often reviewers decided what, second looks too. One statement."""
    rows = Review.objects.filter(task__batch=batch).exclude(decision="")
    return dict(rows.values_list("decision").annotate(Count("pk")).order_by("decision"))


def reviewed(batch: Batch) -> int:
    """Tasks at which a reviewer has looked. One statement."""
    return Review.objects.filter(task__batch=batch).exclude(decision="").values("task").distinct().count()


def open_reviews(batch: Batch) -> int:
    """Reviews, adjudications and second looks that still wait. One statement."""
    return Review.objects.filter(task__batch=batch, status__in=[Review.Status.REQUESTED, Review.Status.HELD]).count()


def open_appeals(batch: Batch) -> int:
    """Authors who wait for an independent person to look at a decision. One statement."""
    waiting = [Appeal.Status.OPEN, Appeal.Status.IN_HEARING]
    return Appeal.objects.filter(task__batch=batch, status__in=waiting).count()


AGREEMENT = """
SELECT k.key, count(*)::int, sum((k.value ->> 'agreement')::float8)
  FROM task t JOIN consensus c ON c.task_id = t.id CROSS JOIN LATERAL jsonb_each(c.answers) k
 WHERE t.batch_id = %s AND t.purpose = 'work' AND c.n > 1 AND k.value ->> 'agreement' IS NOT NULL
 GROUP BY k.key ORDER BY k.key
"""


def agreement(batch: Batch) -> dict[str, Share]:
    """By question, over the tasks with two answers or more. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(AGREEMENT, [batch.pk])
        return {name: Share(total / n, *wilson(total, n), n) for name, n, total in cursor.fetchall()}
