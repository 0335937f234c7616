"""Projects of an organization side by side: how far, how fast, how well. A constant number of statements per page."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from annotation.models import Project, Task

PAGE = 25
HOURS = 24
SAMPLE = 500  # tasks behind the agreement of a row
SORTS = {"name": "name", "created": "created_at", "updated": "updated_at"}
ENDED = (Task.Status.FAILED.value, Task.Status.CANCELED.value)


@dataclass(frozen=True, slots=True)
class Row:
    """A project with its figures. `tasks`: by phase, known answers apart; `hours`: answers in each of the last 24, the latest last."""

    project: Project
    tasks: dict[str, int]
    leased: int
    hours: list[int]
    agreement: float | None

    @property
    def total(self) -> int:
        """Tasks that count towards the end: all but the canceled ones."""
        return sum(n for status, n in self.tasks.items() if status != Task.Status.CANCELED)

    @property
    def done(self) -> int:
        """Tasks with a result."""
        return self.tasks.get(Task.Status.COMPLETED.value, 0)

    @property
    def open(self) -> int:
        """Tasks on their way."""
        return sum(n for status, n in self.tasks.items() if status not in (*ENDED, Task.Status.COMPLETED.value))

    @property
    def pace(self) -> int:
        """Answers of the last sixty minutes."""
        return self.hours[-1]

    @property
    def share(self) -> float | None:
        """How much is done, 0..1; None without tasks."""
        return self.done / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, and the cursors of the pages around them; empty at an end."""

    rows: list[Row]
    next: str
    prev: str


def page(*, projects: QuerySet[Project], sort: str, after: str, before: str, now: datetime) -> Page:
    """A page in the order of `sort` (`name`, `-updated` …); `after`, `before`: public ids of the projects at the edges."""
    down, column = sort.startswith("-"), SORTS.get(sort.lstrip("-"), "updated_at")
    edge = projects.filter(public_id=before or after).first() if before or after else None
    back = bool(before) and edge is not None
    lower = down != back
    if edge is not None:
        projects = projects.filter(_beyond(edge, column, lower=lower))
    sign = "-" if lower else ""
    found = list(projects.order_by(f"{sign}{column}", f"{sign}id")[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    if back:
        found.reverse()
    has_next, has_prev = (True, more) if back else (more, edge is not None)
    return Page(
        figures(found, now),
        found[-1].public_id if found and has_next else "",
        found[0].public_id if found and has_prev else "",
    )


def _beyond(edge: Project, column: str, *, lower: bool) -> Q:
    """What comes after this row in the order."""
    value, side = getattr(edge, column), "lt" if lower else "gt"
    return Q(**{f"{column}__{side}": value}) | Q(**{column: value, f"id__{side}": edge.pk})


COUNTS = """
SELECT project_id, phase, count(*) FROM task WHERE project_id = ANY(%(ids)s) GROUP BY project_id, phase
UNION ALL
SELECT t.project_id, t.phase, -count(*) FROM gold_item g JOIN task t ON t.id = g.task_id WHERE g.project_id = ANY(%(ids)s) GROUP BY 1, 2
"""
LEASED = "SELECT project_id, count(*) FROM assignment WHERE status = 'leased' AND project_id = ANY(%(ids)s) GROUP BY project_id"
BY_HOUR = """
SELECT project_id, floor(extract(epoch FROM %(now)s - submitted_at) / 3600)::int, count(*) FROM annotation
 WHERE submitted_at > %(now)s - make_interval(hours => %(hours)s) AND submitted_at <= %(now)s AND project_id = ANY(%(ids)s) GROUP BY 1, 2
"""
AGREEMENT = """
SELECT p.id, a.mean FROM unnest(%(ids)s::bigint[]) AS p (id), LATERAL (
    SELECT avg(x.agreement) AS mean FROM (
        SELECT c.agreement FROM consensus c WHERE c.project_id = p.id AND c.n > 1 AND c.agreement IS NOT NULL
         ORDER BY c.task_id DESC LIMIT %(sample)s) x) a
"""


def figures(projects: list[Project], now: datetime) -> list[Row]:
    """The figures of these projects, in their order. Four statements."""
    values: dict[str, Any] = {"ids": [project.pk for project in projects], "now": now, "hours": HOURS, "sample": SAMPLE}
    tasks: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    hours: dict[int, list[int]] = defaultdict(lambda: [0] * HOURS)
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, values)
        for key, status, count in cursor.fetchall():
            tasks[key][status] += count
        cursor.execute(LEASED, values)
        leased = dict(cursor.fetchall())
        cursor.execute(BY_HOUR, values)
        for key, ago, count in cursor.fetchall():
            hours[key][HOURS - 1 - min(ago, HOURS - 1)] = count
        cursor.execute(AGREEMENT, values)
        agreement = dict(cursor.fetchall())
    return [
        Row(each, dict(tasks[each.pk]), leased.get(each.pk, 0), hours[each.pk], agreement.get(each.pk))
        for each in projects
    ]
