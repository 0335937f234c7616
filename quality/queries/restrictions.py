"""Restrictions: what waits for a decision, what is in force, and how often it had to be before."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import OrderBy

from annotation.models import ContributorAlias, Project
from quality.models import Restriction
from workforce.models import Contributor

ASKED_FOR = timedelta(days=14)  # what a rule saw longer ago is no reason to restrict anybody today
MOST = 200
DAY = timedelta(days=1)
Status = Restriction.Status


def questions(now: datetime) -> QuerySet[Restriction]:
    """What a person is asked."""
    return Restriction.objects.filter(status=Status.ASKED, created_at__gt=now - ASKED_FOR)


def in_force(now: datetime) -> QuerySet[Restriction]:
    """What keeps somebody from new tasks."""
    return Restriction.objects.filter(status=Status.IMPOSED, until__gt=now)


def asked_in(project: Project, now: datetime) -> list[Restriction]:
    """The questions of a project, the oldest first, each with its `pseudonym`. One statement."""
    return _shown(questions(now).filter(project=project), project, "id")


def of_project(project: Project, now: datetime) -> list[Restriction]:
    """Those in force, unanswered objections first, then by their end; each with its `pseudonym`. One statement."""
    rows = in_force(now).filter(project=project)
    return _shown(rows, project, F("replied_at").desc(nulls_last=True), F("objected_at").asc(nulls_last=True), "until")


def _shown(rows: QuerySet[Restriction], project: Project, *order: str | OrderBy) -> list[Restriction]:
    alias = ContributorAlias.objects.filter(organization=project.organization_id, contributor=OuterRef("contributor"))
    named = rows.annotate(pseudonym=Subquery(alias.values("public_id")[:1])).select_related("hit__rule")
    return list(named.order_by(*order)[:MOST])


def of_person(contributor: Contributor, now: datetime) -> list[Restriction]:
    """Where somebody gets no new tasks now, the nearest end first. One statement."""
    rows = in_force(now).filter(contributor=contributor).select_related("project", "hit__rule")
    return list(rows.order_by("until", "id"))


def ages(project: Project, people: Collection[int], now: datetime) -> dict[int, list[float]]:
    """{contributor: how many days ago each of their restrictions began}; those that were lifted count against nobody. One statement."""
    found: dict[int, list[float]] = defaultdict(list)
    for row in Restriction.objects.filter(project=project, contributor__in=people, status=Status.IMPOSED):
        if row.since:
            found[row.contributor_id].append((now - row.since) / DAY)
    return found


def unanswered(since: datetime, now: datetime) -> list[Restriction]:
    """Objected to before `since`, or run out meanwhile, and nobody has replied; the oldest objection first."""
    open_ = Restriction.objects.filter(status=Status.IMPOSED, objected_at__isnull=False, replied_at=None)
    late = open_.filter(Q(objected_at__lte=since) | Q(until__lte=now))
    return list(late.select_related("project").order_by("objected_at", "id"))
