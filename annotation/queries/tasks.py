"""Tasks of a project as its people look at them: filtered, in order, page by page; and one task with all that happened to it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from annotation.models import Annotation, ContributorAlias, Event, Project, Purpose, Result, Task

PAGE = 50
EXCERPT = 140


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list shows. `sort`: `-created` (newest first) or `created`; `search`: a task's id or the customer's own id."""

    status: str = ""
    purpose: str = ""
    batch: str = ""
    search: str = ""
    sort: str = "-created"


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, and the cursors of the pages around them; empty at an end."""

    rows: list[Task]
    next: str
    prev: str


def page(*, project: Project, wanted: Filter, after: str = "", before: str = "") -> Page:
    """A page of the tasks that fit, by key: `after` and `before` are cursors of another page."""
    down = wanted.sort != "created"
    tasks = _filtered(project, wanted)
    back = before.isdigit()
    cursor = int(before) if back else int(after) if after.isdigit() else None
    lower = down != back  # towards smaller keys
    if cursor is not None:
        tasks = tasks.filter(pk__lt=cursor) if lower else tasks.filter(pk__gt=cursor)
    rows = list(tasks.order_by("-id" if lower else "id").select_related("payload", "key", "batch")[: PAGE + 1])
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    if back:
        rows.reverse()
    has_next, has_prev = (True, more) if back else (more, cursor is not None)
    return Page(rows, str(rows[-1].pk) if rows and has_next else "", str(rows[0].pk) if rows and has_prev else "")


def _filtered(project: Project, wanted: Filter) -> QuerySet[Task]:
    tasks = Task.objects.filter(project=project)
    if wanted.status in Task.Status.values:
        tasks = tasks.filter(Task.of_status(wanted.status))
    if wanted.purpose in Purpose.values:
        tasks = tasks.filter(purpose=wanted.purpose)
    if wanted.batch:
        tasks = tasks.filter(batch__public_id=wanted.batch)
    if wanted.search.startswith("tsk_"):
        return tasks.filter(public_id=wanted.search)
    return tasks.filter(key__unique_id=wanted.search) if wanted.search else tasks


def excerpt(payload: dict[str, Any]) -> str:
    """The first words of a payload, to tell tasks apart."""
    for value in payload.values():
        words = _words(value)
        if words:
            return words if len(words) <= EXCERPT else words[:EXCERPT].rstrip() + "…"
    return ""


def _words(value: Any) -> str:
    """The first text inside a value: of a chat the last message, of a picture its name."""
    if isinstance(value, str):
        return " ".join(value[: 4 * EXCERPT].split())
    if isinstance(value, list):
        return _words(value[-1]) if value else ""
    if isinstance(value, dict):
        return next((words for name in ("content", "text", "title", "src") if (words := _words(value.get(name)))), "")
    return ""


def answers(task: Task) -> list[Annotation]:
    """All answers and exits of a task, oldest first, each with the `pseudonym` of its author."""
    alias = ContributorAlias.objects.filter(organization=task.organization_id, contributor=OuterRef("contributor"))
    rows = Annotation.objects.filter(task=task).select_related("assignment").order_by("id")
    return list(rows.annotate(pseudonym=Subquery(alias.values("public_id"))))


def results(task: Task) -> list[Result]:
    """The results of a task, the latest first."""
    return list(Result.objects.filter(task=task).order_by("-revision"))


def events(subjects: list[str]) -> list[Event]:
    """What happened to a task and its answers, the latest first."""
    return list(Event.objects.filter(subject__in=subjects).order_by("-id")[:200])
