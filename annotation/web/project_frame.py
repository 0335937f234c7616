"""What all pages of one project share: its head and its tabs. Pages of other rooms use it too, with a tab of their own."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from annotation.models import Project
from annotation.permissions import roles_for
from annotation.web.console import Here

# Tab, title, address below the project, and the right that it needs; in the order in which they stand.
TABS = (
    ("board", gettext_lazy("Board"), "", "project.read"),
    ("tasks", gettext_lazy("Tasks"), "tasks/", "task.read"),
    ("batches", gettext_lazy("Batches"), "batches/", "batch.read"),
    ("data", gettext_lazy("Data"), "data/", "task.add"),
    ("exports", gettext_lazy("Exports"), "exports/", "export.request"),
    ("questions", gettext_lazy("Questions"), "questions/", "project.publish_schema"),
    ("guidelines", gettext_lazy("Guidelines"), "guidelines/", "project.read"),
    ("quality", gettext_lazy("Quality"), "quality/", "scorecard.read"),
    ("gold", gettext_lazy("Known answers"), "gold/", "gold.read"),
    ("people", gettext_lazy("People"), "people/", "scorecard.read"),
    ("settings", gettext_lazy("Settings"), "settings/", "project.configure"),
)


def offers(here: Here, action: str) -> bool:
    """Whether to offer an act on a page of the project: whoever sees the page is listed on it, so the role alone decides."""
    return here.role in roles_for(action)


def address(project: Project, below: str = "") -> str:
    """`/projects/<prj>/…`"""
    return f"/projects/{project.public_id}/{below}"


def project_page(
    request: HttpRequest, here: Here, template: str, *, tab: str, status: int = 200, **context: Any
) -> HttpResponse:
    """Render a page of the project; its template extends `annotation/project.html` and fills the block `page`."""
    project = here.project
    assert project is not None, "the address names no project"  # noqa: S101  a wrong route, not a wrong request
    tabs = [
        {"title": title, "href": address(project, below), "current": key == tab}
        for key, title, below, action in TABS
        if offers(here, action)
    ]
    frame = {
        "project": project,
        "here": here,
        "tabs": tabs,
        "crumbs": [{"title": _("Projects"), "href": reverse("projects")}],
        "may_pause": offers(here, "project.pause"),
        "may_add": offers(here, "task.add"),
    }
    return render(request, template, {**frame, **context}, status=status)
