"""What a contributor's home page shows: work in hand, projects with open work, the day so far."""

# ruff: noqa: S608  every part of these statements is a constant
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, Sum

from annotation.models import Annotation, Assignment, Membership, Mode, Project, ProjectContributor, Stage, Task
from annotation.queries import practice
from workforce.models import Contributor, Earning

MOST_PROJECTS = 100
MOST_OPEN = 100  # beyond that a card says "100+"
FROM_ANSWERS = 20  # figures of a project are shown from this many answers on


def in_hand(contributor: Contributor) -> list[Assignment]:
    """The contributor's live leases, and work that came back to them; returned work first, then the oldest."""
    live = Q(status=Assignment.Status.LEASED) | Q(status=Assignment.Status.OFFERED, origin=Assignment.Origin.RETURN)
    rows = Assignment.objects.filter(live, contributor=contributor, stage=Stage.LABEL).select_related("project")
    return sorted(rows, key=lambda row: (row.origin != Assignment.Origin.RETURN, row.pk))


def candidates(contributor: Contributor) -> list[Project]:
    """Open projects with open work that this person may know of."""
    open_work = Task.objects.filter(project=OuterRef("pk"), claimable=True, stage=Stage.LABEL)
    return _known(contributor, Exists(open_work), status=Project.Status.OPEN)


def known(contributor: Contributor) -> list[Project]:
    """Every live project that this person may know of, with open work or without."""
    return _known(contributor, Q(status__in=[Project.Status.OPEN, Project.Status.PAUSED]))


def _known(contributor: Contributor, *which: Exists | Q, **what: str) -> list[Project]:
    """Public projects, those of their organizations, invitations."""
    place = ProjectContributor.objects.filter(project=OuterRef("pk"), contributor=contributor)
    member = Membership.objects.filter(organization=OuterRef("organization_id"), user=contributor.user_id)
    known = ~Q(workforce=Project.Workforce.TEAM) | Exists(member) | Exists(place.filter(status="invited"))
    rows = Project.objects.filter(known, *which, mode=Mode.LIVE, **what)
    rows = rows.exclude(Exists(place.filter(status="excluded")))
    return list(rows.select_related("organization").order_by("-pk")[:MOST_PROJECTS])


@dataclass(frozen=True, slots=True)
class Figures:
    """What is measured of a project; None until there are enough answers. Money in minor units per hour of active time."""

    open_tasks: int = 0  # at most MOST_OPEN + 1
    deadline: datetime | None = None
    answers: int = 0
    seconds: float | None = None
    hour_low: int | None = None
    hour_median: int | None = None

    @property
    def open_words(self) -> str:
        """The number of open tasks, which is not counted to its end."""
        return f"{MOST_OPEN}+" if self.open_tasks > MOST_OPEN else str(self.open_tasks)


# Measured on the answers of the latest 100 finished tasks: what was paid per hour of active time, nothing for rejected ones. Of practice
# only what is to be done first is open.
FIGURES = f"""
SELECT p.id,
       (SELECT count(*) FROM (
            SELECT 1 FROM task t WHERE t.project_id = p.id AND t.queue_id = ANY(%(queues)s) AND t.claimable AND t.purpose <> 'gold'
               AND (t.purpose <> 'train' OR t.rank <= {practice.END})
               AND NOT EXISTS (SELECT 1 FROM assignment a
                                WHERE a.project_id = p.id AND a.contributor_id = %(contributor)s AND a.task_id IN (t.id, t.copy_of_id))
             LIMIT %(most)s) open),
       (SELECT min(b.deadline) FROM batch b WHERE b.project_id = p.id AND b.status = 'in_progress' AND b.deadline > now()),
       f.answers, f.seconds, f.low, f.middle
  FROM project p LEFT JOIN project_contributor x ON x.project_id = p.id AND x.contributor_id = %(contributor)s
 CROSS JOIN LATERAL (
    SELECT count(*) AS answers, percentile_cont(0.5) WITHIN GROUP (ORDER BY a.active_ms) / 1000 AS seconds,
           percentile_cont(0.25) WITHIN GROUP (ORDER BY r.rate) AS low, percentile_cont(0.5) WITHIN GROUP (ORDER BY r.rate) AS middle
      FROM (SELECT id FROM task WHERE project_id = p.id AND phase = 'completed' AND purpose = 'work' ORDER BY id DESC LIMIT 100) t
      JOIN annotation a ON a.task_id = t.id AND a.exit = '' AND a.active_ms > 0
      JOIN assignment s ON s.id = a.assignment_id
     CROSS JOIN LATERAL (SELECT CASE WHEN a.status IN ('rejected', 'appealed') THEN 0 ELSE (s.terms ->> 'price_minor')::float8 END
                                * 3600000 / a.active_ms AS rate) r
 ) f
 WHERE p.id = ANY(%(projects)s)
"""


def figures(*, contributor: Contributor, projects: Sequence[Project], queues: Sequence[int]) -> dict[int, Figures]:
    """{project key: figures}; open tasks are those of the given queues that this person has not had. One statement."""
    values: dict[str, Any] = {
        "projects": [project.pk for project in projects],
        "queues": list(queues),
        "contributor": contributor.pk,
        "most": MOST_OPEN + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(FIGURES, values)
        return {row[0]: _figures(*row[1:]) for row in cursor.fetchall()}


def _figures(
    open_tasks: int, deadline: datetime | None, answers: int, seconds: float, low: float, median: float
) -> Figures:
    if answers < FROM_ANSWERS:
        return Figures(open_tasks, deadline, answers)
    return Figures(open_tasks, deadline, answers, seconds, round(low), round(median))


@dataclass(frozen=True, slots=True)
class Day:
    """The reader's day so far."""

    answers: int
    seconds: int
    earned: list[tuple[str, int]]  # (currency, minor units)


def today(*, contributor: Contributor, midnight: datetime) -> Day:
    """Since the reader's midnight: answers, active time, what they earn (checked or not). Two statements."""
    given = Annotation.objects.filter(contributor=contributor, submitted_at__gte=midnight)
    times = list(given.values_list("active_ms", flat=True))
    earned = Earning.objects.filter(contributor=contributor, created_at__gte=midnight)
    earned = earned.exclude(status=Earning.Status.REVERSED)
    sums = earned.values_list("currency").annotate(Sum("amount_minor")).order_by("currency")
    return Day(len(times), sum(times) // 1000, list(sums))
