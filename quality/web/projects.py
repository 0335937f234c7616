"""The list of projects. It stands on this floor because it says how far their results can be trusted."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from annotation.models import Mode, Project
from annotation.permissions import reach, roles_for
from annotation.web.console import Here, member_view
from annotation.web.project_frame import address
from quality.queries import overview
from quality.web.alerts import sentence


@require_safe
@member_view("project.read")
def project_list(request: HttpRequest, here: Here) -> HttpResponse:
    """The address is the state: status, mode, q, sort, after, before. Archived projects show when they are asked for."""
    asked = {name: request.GET.get(name, "").strip() for name in ("status", "mode", "q", "after", "before")}
    sort = request.GET.get("sort", "-updated")
    mine = reach(membership=here.membership, action="project.read")
    page = overview.page(
        projects=_narrowed(mine, asked),
        sort=sort,
        after=asked["after"],
        before=asked["before"],
        now=timezone.now(),
    )
    narrowed = any(asked[name] for name in ("status", "mode", "q"))
    context = {
        "here": here,
        "page": page,
        "rows": [_row(each) for each in page.rows],
        "columns": _columns(),
        "sort": sort,
        "asked": asked,
        "narrowed": narrowed,
        "statuses": Project.Status.choices,
        "may_create": here.role in roles_for("project.create"),
        "first": not page.rows and not narrowed and not mine.exists(),
        "steps": _steps(),
    }
    return render(request, "quality/projects.html", context)


def _narrowed(projects: QuerySet[Project], asked: dict[str, str]) -> QuerySet[Project]:
    if asked["status"] in Project.Status.values:
        projects = projects.filter(status=asked["status"])
    else:
        projects = projects.exclude(status=Project.Status.ARCHIVED)
    projects = projects.filter(mode=asked["mode"] if asked["mode"] in Mode.values else Mode.LIVE)
    return projects.filter(name__icontains=asked["q"]) if asked["q"] else projects


def _row(row: overview.Row) -> dict[str, Any]:
    """A row as the template draws it."""
    return {"row": row, "href": address(row.project), "sentence": sentence(row)}


def _columns() -> list[dict[str, Any]]:
    return [
        {"key": "name", "title": _("Project"), "sort": "name"},
        {"key": "status", "title": _("Status")},
        {"key": "done", "title": _("Done")},
        {"key": "pace", "title": _("Answers an hour"), "number": True},
        {"key": "open", "title": _("Open"), "number": True},
        {"key": "leased", "title": _("In work"), "number": True},
        {"key": "agreement", "title": _("Agreement"), "number": True},
        {"key": "updated", "title": _("Changed"), "sort": "updated"},
    ]


def _steps() -> list[dict[str, str]]:
    """From nothing to results, for somebody who has no project."""
    return [
        {
            "title": _("Choose what people are to do"),
            "text": _("A preset brings the questions, the price and the quality rules."),
        },
        {"title": _("Write the guidelines"), "text": _("What counts, what does not, two examples of each.")},
        {"title": _("Add data"), "text": _("A file from your computer, or a program that sends tasks.")},
        {
            "title": _("Plant a few known answers"),
            "text": _("Twenty tasks whose answer you know tell you how good the others are."),
        },
        {
            "title": _("Watch, then export"),
            "text": _("The board moves while people work; results come with their confidence."),
        },
    ]
