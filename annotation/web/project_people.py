"""People of a project: members listed on it, contributors let in by name or kept out."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from annotation.domain import project_people
from annotation.models import ContributorAlias, Membership, Project
from annotation.permissions import MATRIX, Cell
from annotation.queries import project_people as people
from annotation.web.console import Here, member_view
from annotation.web.project_frame import address, offers, project_page
from workforce.domain.refusal import Refusal

# Roles that see only the projects they are listed on.
LISTED = [role for role, cell in MATRIX["project.read"].items() if cell is Cell.PROJECTS]
PLACES: dict[str, Callable[..., Any]] = {
    "include": project_people.include,
    "exclude": project_people.exclude,
    "readmit": project_people.readmit,
}


@require_safe
@member_view("scorecard.read")
def project_people_page(request: HttpRequest, here: Here, project: str) -> HttpResponse:
    """Both lists, with the acts for those who may."""
    row = _project(here)
    may_change = offers(here, "project.configure") and row.status != Project.Status.ARCHIVED
    return project_page(
        request,
        here,
        "annotation/project_people.html",
        tab="people",
        members=people.members(row),
        addable=people.addable(row, LISTED) if may_change else [],
        contributors=people.contributors(row, timezone.now()),
        may_change=may_change,
        listed=LISTED,
    )


@require_POST
@member_view("project.configure")
def list_member(request: HttpRequest, here: Here, project: str) -> HttpResponse:
    """Put a member on the project, or take them off (`off`)."""
    row = _project(here)
    membership = Membership.objects.filter(
        organization=here.organization, public_id=request.POST.get("member", "")
    ).first()
    if membership is None:
        messages.error(request, _("There is no such member. Choose somebody from the list."))
    elif request.POST.get("off"):
        project_people.unlist_member(project=row, membership=membership, by=here.actor)
        messages.success(request, _("They no longer see the project."))
    else:
        project_people.list_member(project=row, membership=membership, by=here.actor)
        messages.success(request, _("They see the project now."))
    return redirect(address(row, "people/"))


@require_POST
@member_view("project.configure")
def place_contributor(request: HttpRequest, here: Here, project: str) -> HttpResponse:
    """Let a contributor in by name, keep them out, or neither; they are named by their pseudonym."""
    row = _project(here)
    key = request.POST.get("contributor", "").strip()
    alias = ContributorAlias.objects.filter(organization=here.organization, public_id=key).first()
    act = PLACES.get(request.POST.get("place", ""))
    if alias is None or act is None:
        messages.error(
            request, _("Nobody here has this pseudonym. It starts with ctr_ and stands beside every answer.")
        )
        return redirect(address(row, "people/"))
    at_once = act is project_people.exclude and request.POST.get("at_once") == "on"
    more = {"reason": request.POST.get("reason", ""), "at_once": at_once} if act is project_people.exclude else {}
    try:
        act(project=row, contributor=alias.contributor, by=here.actor, **more)
    except Refusal as refusal:
        messages.error(request, f"{refusal.message} {refusal.remedy}")
    else:
        messages.success(
            request,
            _("Done. What they held is free again, and their time is paid.")
            if at_once
            else _("Done. It holds from their next task on."),
        )
    return redirect(address(row, "people/"))


def _project(here: Here) -> Project:
    assert here.project is not None  # noqa: S101  the address names one
    return here.project
