"""Known answers of a project for its customer: each with how often it was met, and how often it was answered as expected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from annotation.models import Project
from quality.agreement.bounds import wilson
from quality.models import GoldItem

PAGE = 50


@dataclass(frozen=True, slots=True)
class Met:
    """How an item did: `n` answers, of which so many passed; when somebody met it first."""

    n: int = 0
    passed: int = 0
    first: datetime | None = None

    @property
    def share(self) -> float | None:
        """Share of those who passed, 0..1; None if nobody has met it."""
        return self.passed / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float]:
        """95 %, Wilson."""
        return wilson(self.passed, self.n)


@dataclass(frozen=True, slots=True)
class Page:
    """Items with how each did, newest first; the cursor of the next page, empty at the end."""

    items: Sequence[tuple[GoldItem, Met]]
    next: str


MET = """
SELECT o.item_id, count(*), count(*) FILTER (WHERE v.passed), min(o.created_at)
  FROM gold_outcome o CROSS JOIN LATERAL (SELECT bool_and((q.value ->> 'passed')::boolean) AS passed FROM jsonb_each(o.questions) q) v
 WHERE o.item_id = ANY(%s) GROUP BY o.item_id
"""


def page(*, project: Project, status: str = "", after: str = "") -> Page:
    """A page of the items with this status, or of all. Two statements."""
    items = GoldItem.objects.filter(project=project).select_related("task__payload")
    if status in GoldItem.Status.values:
        items = items.filter(status=status)
    if after.isdigit():
        items = items.filter(pk__lt=int(after))
    rows = list(items.order_by("-id")[: PAGE + 1])
    return Page(_with_met(rows[:PAGE]), str(rows[PAGE - 1].pk) if len(rows) > PAGE else "")


def disputed(project: Project) -> list[tuple[GoldItem, Met]]:
    """The items that are set aside until somebody has looked, the oldest first."""
    items = GoldItem.objects.filter(project=project, status=GoldItem.Status.QUARANTINED)
    return _with_met(list(items.select_related("task__payload").order_by("id")[:PAGE]))


def _with_met(items: Sequence[GoldItem]) -> list[tuple[GoldItem, Met]]:
    if not items:
        return []
    with connection.cursor() as cursor:
        cursor.execute(MET, [[item.pk for item in items]])
        found = {item: Met(*met) for item, *met in cursor.fetchall()}
    return [(item, found.get(item.pk, Met())) for item in items]


def practice(project: Project) -> int:
    """How many of those in use are for practice."""
    return GoldItem.objects.filter(project=project, training=True, status=GoldItem.Status.ACTIVE).count()
