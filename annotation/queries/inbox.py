"""Notices of a contributor, newest first."""

from typing import Any

from annotation.models import Project, SchemaVersion
from workforce.models import Contributor, Notice

PAGE = 25


def latest(contributor: Contributor, count: int) -> list[Notice]:
    """The newest unread notices; one statement."""
    return list(Notice.objects.filter(contributor=contributor, read_at=None).order_by("-pk")[:count])


def page(*, contributor: Contributor, unread_only: bool, after: str) -> tuple[list[Notice], str]:
    """A page of notices below the cursor `after` (a public id), and the cursor of the next page, empty at the end."""
    rows = Notice.objects.filter(contributor=contributor).order_by("-pk")
    if unread_only:
        rows = rows.filter(read_at=None)
    if after:
        rows = rows.filter(pk__lt=Notice.objects.filter(contributor=contributor, public_id=after).values("pk")[:1])
    found = list(rows[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].public_id if len(found) > PAGE else ""


def questions_of(projects: set[str]) -> dict[str, dict[str, Any]]:
    """{project: {question name: question}} of the current schemas of projects, by public id; two statements."""
    rows = Project.objects.filter(public_id__in=projects).values_list("pk", "public_id", "schema_version")
    current = {(pk, version): public_id for pk, public_id, version in rows}
    bodies = SchemaVersion.objects.filter(
        project__in={pk for pk, _version in current}, number__in={version for _pk, version in current}
    )
    return {
        current[project, number]: {question["name"]: question for question in body["questions"]}
        for project, number, body in bodies.values_list("project", "number", "body")
        if (project, number) in current
    }
