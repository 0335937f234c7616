"""The page of the workspace, and what it reads beside the queue: schema versions, guideline, feedback."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_http_methods

from annotation.domain import dispatch, guidelines
from annotation.models import Project
from annotation.queries import guidelines as guideline_reads
from annotation.queries import work
from annotation.queries import workspace as reads
from annotation.queries.projects import project_ref
from annotation.web.protocol import contributor_view, read_json, whole_number
from annotation.web.workspace import offers_of
from workforce.domain import standing
from workforce.models import Contributor, Notice, User
from workforce.queries import SignedIn

HOME = "/home/"


@require_GET
@login_required
def start(request: HttpRequest) -> HttpResponse:
    """Without a project: what is in hand, else where the scheduler sends this person, and from there on; else the list of work."""
    contributor = _contributor(request)
    if contributor is None:
        return redirect(HOME)
    held = work.in_hand(contributor)
    place = held[0].project if held else dispatch.next_place(contributor_id=contributor.pk)
    return redirect(f"{reverse('workspace', args=[place.public_id])}?anywhere") if place else redirect(HOME)


@require_GET
@login_required
@ensure_csrf_cookie
def page(request: HttpRequest, project: str) -> HttpResponse:
    """The workspace of one project, with the first tasks already in it."""
    row, contributor = project_ref(project), _contributor(request)
    if row is None:
        raise Http404
    if contributor is None:
        return redirect(HOME)
    schema = reads.schema_body(project_id=row.pk, number=row.schema_version)
    if schema is None or not reads.may_see(project=row, contributor=contributor):
        raise Http404
    context = {
        "project": row,
        "guideline": guideline_reads.shown(project_id=row.pk, contributor_id=contributor.pk),
        "data": _data(request, row, contributor, schema),
    }
    return render(request, "workspace.html", context)


def _contributor(request: HttpRequest) -> Contributor | None:
    return Contributor.objects.filter(user=request.user.pk or 0).first()


def _data(request: HttpRequest, project: Project, contributor: Contributor, schema: dict[str, Any]) -> dict[str, Any]:
    """What the page's script begins with: who, what, today's numbers, the tasks held ahead."""
    now, roams = timezone.now(), "anywhere" in request.GET
    zone = request.user.time_zone if isinstance(request.user, User) else "UTC"
    return {
        "person": {"id": contributor.public_id},
        "project": {"id": project.public_id, "name": project.name},
        "today": reads.today(contributor_id=contributor.pk, zone=zone, now=now),
        "schema_version": project.schema_version,
        "schema": schema,
        "notices": _notices(contributor.pk, project.public_id),
        "open": reads.has_open_lease(project_id=project.pk, contributor_id=contributor.pk, now=now),
        "roams": roams,
        "ahead": offers_of(project, contributor.pk, roams=roams),
        "sign_in": f"{reverse('account_login')}?next={HOME}",
    }


@require_GET
@contributor_view
def me(request: HttpRequest, who: SignedIn) -> HttpResponse:
    """Who is signed in: the page asks while it waits for its person to come back."""
    return JsonResponse({"person": who.contributor})


@require_GET
@contributor_view
def schema(request: HttpRequest, who: SignedIn, project: str, number: int) -> HttpResponse:
    """A schema version; it never changes, so the browser may keep it."""
    row = _visible(project, who)
    body = reads.schema_body(project_id=row.pk, number=number)
    if body is None:
        raise Http404
    return JsonResponse(body, headers={"Cache-Control": "private, max-age=86400, immutable"})


@require_http_methods(["GET", "POST"])
@contributor_view
def guideline(request: HttpRequest, who: SignedIn, project: str) -> HttpResponse:
    """GET: the guideline as the page shows it. POST `{number}`: this version has been read."""
    row, contributor_id = _visible(project, who), who.contributor_id or 0
    if request.method == "POST":
        guidelines.read(
            project_id=row.pk, contributor_id=contributor_id, number=whole_number(read_json(request), "number")
        )
        return HttpResponse(status=204)
    found = guideline_reads.shown(project_id=row.pk, contributor_id=contributor_id)
    return render(request, "annotation/_guideline.html", {"guideline": found})


@require_http_methods(["GET", "POST"])
@contributor_view
def feedback(request: HttpRequest, who: SignedIn, project: str) -> HttpResponse:
    """GET: what reviewers said of this person's answers here. POST: all of it has been read."""
    row, contributor_id = _visible(project, who), who.contributor_id or 0
    if request.method == "POST":
        rows = reads.feedback(contributor_id=contributor_id, project=row.public_id)
        contributor = Contributor.objects.get(pk=contributor_id)
        standing.mark_read(contributor=contributor, public_ids=[notice.public_id for notice in rows])
        return HttpResponse(status=204)
    return JsonResponse({"notices": _notices(contributor_id, row.public_id)})


def _visible(public_id: str, who: SignedIn) -> Project:
    """The project, if it is open to people like this one. Raises Http404."""
    row = project_ref(public_id)
    contributor = Contributor.objects.get(pk=who.contributor_id or 0)
    if row is None or not reads.may_see(project=row, contributor=contributor):
        raise Http404
    return row


def _notices(contributor_id: int, project: str) -> list[dict[str, Any]]:
    return [_notice(row) for row in reads.feedback(contributor_id=contributor_id, project=project)]


def _notice(row: Notice) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "code": row.code,
        "at": row.created_at.isoformat(),
        "params": row.params,
        "read": row.read_at is not None,
    }
