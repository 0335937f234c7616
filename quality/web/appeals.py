"""A decision against one's work, as its author reads it, and another look at it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from annotation.models import Assignment, Project
from annotation.web.home import contributor_view
from annotation.web.reasons import fault_words
from quality.domain import appeals
from quality.models import Appeal, Scorecard
from quality.queries import appeals as reads
from quality.queries.appeals import Contested
from workforce.domain.actor import Actor
from workforce.domain.refusal import Refusal
from workforce.models import Contributor

WORDS_LENGTH = 4000
LIMITS = {"target": appeals.TARGET.days * 24, "limit": appeals.LIMIT.days}


@require_http_methods(["GET", "HEAD", "POST"])
@contributor_view
def appeal_page(request: HttpRequest, contributor: Contributor, assignment: str) -> HttpResponse:
    """What was decided, and why; the form to ask for another look, or what became of it."""
    seat = reads.seat_of(assignment=assignment, contributor=contributor)
    if seat is None:
        raise Http404
    words, now = request.POST.get("words", "")[:WORDS_LENGTH], timezone.now()
    if request.method != "POST":
        return _page(request, seat, now)
    by = Actor("contributor", contributor.public_id)
    try:
        appeals.ask(assignment=assignment, contributor=contributor, words=words, by=by, now=now)
    except Refusal as refusal:
        return _page(request, seat, now, words=words, refusal=refusal)
    return redirect("appeal", assignment=assignment)


@require_http_methods(["GET", "HEAD", "POST"])
@contributor_view
def appeal_known(request: HttpRequest, contributor: Contributor, project: str) -> HttpResponse:
    """Somebody on probation asks for another look at the known answers they missed; none is named, before or after."""
    row = Project.objects.filter(public_id=project).first()
    if row is None:
        raise Http404
    if request.method != "POST":
        return _known_page(request, row, contributor)
    words, by = request.POST.get("words", "")[:WORDS_LENGTH], Actor("contributor", contributor.public_id)
    try:
        appeals.ask_about_known(project=row, contributor=contributor, words=words, by=by, now=timezone.now())
    except Refusal as refusal:
        return _known_page(request, row, contributor, words=words, refusal=refusal)
    return redirect("appeal_known", project=project)


def _known_page(
    request: HttpRequest, project: Project, contributor: Contributor, *, words: str = "", refusal: Refusal | None = None
) -> HttpResponse:
    asked = reads.about_known(project=project, contributor=contributor)
    card = Scorecard.objects.filter(project=project, contributor=contributor).first()
    context = {
        "project": project,
        "waiting": asked.filter(status__in=reads.WAITING).first(),
        "closed": _refused(lambda: appeals.check_known(card=card)),
        "words": words,
        "refusal": refusal,
        "limits": LIMITS,
    }
    return render(request, "quality/appeal_known.html", context, status=422 if refusal else 200)


def _page(
    request: HttpRequest, seat: Assignment, now: datetime, *, words: str = "", refusal: Refusal | None = None
) -> HttpResponse:
    found = reads.contested(seat)
    appeal = reads.of_contested(found) if found else None
    closed = _refused(lambda: appeals.check(found, now)) if appeal is None else None
    context = {
        "project": seat.project,
        "found": found,
        "reasons": fault_words(found.reasons) if found else [],
        "lost": _lost(found) if found else None,
        "appeal": appeal,
        "target": appeal.opened_at + appeals.TARGET if appeal else None,
        "until": found.decided_at + appeals.WINDOW if found else None,
        "closed": closed,
        "words": words,
        "refusal": refusal,
        "limits": LIMITS,
        "heard": appeal is not None and appeal.status in (Appeal.Status.GRANTED, Appeal.Status.DISMISSED),
    }
    return render(request, "quality/appeal.html", context, status=422 if refusal else 200)


def _refused(check: Callable[[], None]) -> Refusal | None:
    """Why another look cannot be asked for."""
    try:
        check()
    except Refusal as refusal:
        return refusal
    return None


def _lost(found: Contested) -> dict[str, Any] | None:
    """What was not paid, in one sum: a task pays in one currency."""
    if not found.lost:
        return None
    return {"minor": sum(each.amount_minor for each in found.lost), "currency": found.lost[0].currency}
