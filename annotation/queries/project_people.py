"""Who is on a project: members by role, contributors by pseudonym."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, OuterRef, Subquery

from annotation.models import Annotation, ContributorAlias, Membership, Project, ProjectContributor, Role

RECENT = timedelta(days=30)
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Person:
    """A contributor as the customer knows them. `answers`: in the last 30 days; `place`: open, invited or excluded."""

    pseudonym: str
    answers: int
    last: datetime | None
    place: str
    reason: str


def members(project: Project) -> list[Membership]:
    """The members listed on the project, by role and address."""
    return list(project.members.select_related("user").order_by("role", "user__email"))


def addable(project: Project, roles: Sequence[Role]) -> list[Membership]:
    """Members of the organization in one of these roles who are not listed on the project."""
    rest = Membership.objects.filter(organization=project.organization_id, role__in=roles)
    return list(rest.exclude(projects=project).select_related("user").order_by("user__email"))


def contributors(project: Project, now: datetime) -> list[Person]:
    """Who answered in the last 30 days, and whom the project lets in or keeps out by name; the busiest first, at most 200."""
    alias = ContributorAlias.objects.filter(
        organization=project.organization_id, contributor=OuterRef("contributor")
    ).values("public_id")
    worked = (
        Annotation.objects.filter(project=project, submitted_at__gt=now - RECENT)
        .values("contributor")
        .annotate(n=Count("id"), last=Max("submitted_at"), key=Subquery(alias))
        .order_by("-n", "key")[:SHOWN]
    )
    placed = {
        row.contributor_id: row
        for row in ProjectContributor.objects.filter(project=project)
        .exclude(status=ProjectContributor.Status.OPEN)
        .annotate(key=Subquery(alias))
        .order_by("id")[:SHOWN]
    }
    people = []
    for row in worked:
        place = placed.pop(row["contributor"], None)
        people.append(
            Person(
                row["key"] or "",
                row["n"],
                row["last"],
                place.status if place else "open",
                place.reason if place else "",
            )
        )
    idle = [Person(row.key or "", 0, None, row.status, row.reason) for row in placed.values()]
    return people + idle
