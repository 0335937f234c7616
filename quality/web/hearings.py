"""The desk where appeals are heard: one at a time, without a name, decided by key."""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any, Concatenate

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from annotation.models import Project
from annotation.queries.media import with_links
from annotation.queries.projects import project_ref
from annotation.queries.schemas import compiled
from annotation.web.reasons import fault_words
from quality.domain import hearings as acts
from quality.domain.appeals import WordsMissing
from quality.queries import appeals as reads
from quality.queries.appeals import Hearing
from workforce.domain.actor import Actor
from workforce.domain.refusal import Refusal
from workforce.models import Contributor

NOTE_LENGTH = 4000
SAID = {"grant": _("Granted. The author is paid."), "dismiss": _("The decision stands. The author reads why.")}

View = Callable[Concatenate[HttpRequest, Project, Contributor, ...], HttpResponse]


def hearer_view(view: View) -> Callable[..., HttpResponseBase]:
    """A page for who hears appeals in this project: `view(request, project, contributor, **kwargs)`; others are led to the reviews."""

    @wraps(view)
    @login_required
    def wrapped(request: HttpRequest, project: str, **kwargs: Any) -> HttpResponseBase:
        row, contributor = project_ref(project), Contributor.objects.filter(user_id=request.user.pk or 0).first()
        if row is None or contributor is None:
            raise Http404
        if not reads.may_hear(project=row, contributor=contributor, now=timezone.now()):
            return redirect("reviews")
        return view(request, row, contributor, **kwargs)

    return wrapped


@require_http_methods(["GET", "HEAD", "POST"])
@hearer_view
def hearings(request: HttpRequest, project: Project, contributor: Contributor) -> HttpResponse:
    """What one has taken, or how much waits; a POST takes the next."""
    return _next(request, project, contributor) if request.method == "POST" else _page(request, project, contributor)


@require_POST
@hearer_view
def hearing_decide(request: HttpRequest, project: Project, contributor: Contributor, appeal: str) -> HttpResponse:
    """`outcome` grant or dismiss, with a `note`; then the next one. Where words are missing, what was chosen stays on the page."""
    note, outcome = request.POST.get("note", "")[:NOTE_LENGTH], request.POST.get("outcome", "")
    if outcome not in SAID:
        return _page(request, project, contributor, note=note, problem=_("Choose a decision first."))
    try:
        acts.decide(
            appeal=appeal,
            contributor=contributor,
            granted=outcome == "grant",
            note=note,
            by=Actor("contributor", contributor.public_id),
            now=timezone.now(),
        )
    except WordsMissing as refusal:
        return _page(request, project, contributor, note=note, outcome=outcome, problem=refusal.message)
    except Refusal as refusal:
        messages.error(request, f"{refusal.message} {refusal.remedy}")
    else:
        messages.success(request, SAID[outcome])
    return _next(request, project, contributor)


@require_POST
@hearer_view
def hearing_return(request: HttpRequest, project: Project, contributor: Contributor, appeal: str) -> HttpResponse:
    """Somebody else hears it."""
    acts.give_back(appeal=appeal, contributor=contributor)
    return redirect("hearings", project=project.public_id)


def _next(request: HttpRequest, project: Project, contributor: Contributor) -> HttpResponse:
    """Take the next one, if there is one, and show it."""
    with suppress(acts.NothingToHear):
        acts.take(project=project, contributor=contributor, now=timezone.now())
    return redirect("hearings", project=project.public_id)


def _page(
    request: HttpRequest,
    project: Project,
    contributor: Contributor,
    *,
    note: str = "",
    outcome: str = "",
    problem: object = "",
) -> HttpResponse:
    heard = reads.hearing(project=project, contributor=contributor)
    waiting = reads.waiting(project=project, contributor=contributor)
    context = {
        "project": project,
        "heard": heard,
        "reasons": fault_words(heard.decision.reasons) if heard else [],
        "count": waiting.count(),
        "note": note,
        "outcome": outcome,
        "problem": problem,
        "setup": _setup(heard) if heard else None,
    }
    return render(request, "quality/hearings.html", context, status=422 if problem else 200)


def _setup(heard: Hearing) -> dict[str, Any]:
    """What the page's script draws: the task, the answer, and what the task came to."""
    answer, task = heard.decision.annotation, heard.appeal.task
    schema = compiled(task.project_id, answer.schema_version)
    return {
        "schema": schema.document,
        "payload": with_links(schema, task.payload.body, task.organization_id),
        "answer": answer.answer.get("value") or {},
        "result": heard.result,
    }
