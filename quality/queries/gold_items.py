"""Known answers of a project for its customer: each with how often it was met, and how often it was answered as expected."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Avg, Count

from annotation.models import Project
from quality.models import GoldItem

PAGE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Items with `n` outcomes and `mean` score 0..1 (None without), newest first; the cursor of the next page, empty at the end."""

    items: Sequence[GoldItem]
    next: str


def page(*, project: Project, status: str = "", after: str = "") -> Page:
    """A page of the items with this status, or of all."""
    items = GoldItem.objects.filter(project=project).select_related("task__payload")
    if status in GoldItem.Status.values:
        items = items.filter(status=status)
    if after.isdigit():
        items = items.filter(pk__lt=int(after))
    rows = list(items.annotate(n=Count("outcomes"), mean=Avg("outcomes__score")).order_by("-id")[: PAGE + 1])
    return Page(rows[:PAGE], str(rows[PAGE - 1].pk) if len(rows) > PAGE else "")
