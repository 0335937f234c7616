"""Restrictions as managers decide them: what a rule asks, who gets no new tasks now and why, and what they say to it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from annotation.models import Project
from annotation.web.console import Here, member_view
from annotation.web.project_frame import offers, project_page
from quality.agreement import restraint
from quality.domain import objections, restrictions
from quality.models import Restriction
from quality.queries import restrictions as reads
from quality.web.rule_words import condition_words, facts_words
from workforce.domain.actor import Actor
from workforce.domain.refusal import Refusal

WORDS_LENGTH = 500
SAID = {
    "confirm": _("They get no new tasks for now, and read why."),
    "leave": _("Left as it is. They are not told."),
    "lift": _("Lifted. They get new tasks again, and it does not count against them."),
    "dismiss": _("It stays, and they read why."),
}


@require_safe
@member_view("scorecard.read")
def restriction_list(request: HttpRequest, here: Here, project: str) -> HttpResponse:
    """What waits for a decision, one by one, and what is in force."""
    row, now = _project(here), timezone.now()
    asked = reads.asked_in(row, now)
    before = reads.ages(row, [each.contributor_id for each in asked], now)
    questions = [
        {**_shown(each), "days": restraint.days(each.hit.rule.days, before.get(each.contributor_id, ()))}
        for each in asked
    ]
    context = {**_in_force(here, now), "questions": questions, "may_impose": _may(here, "restriction.impose")}
    return project_page(request, here, "quality/restrictions.html", tab="people", **context)


@require_safe
@member_view("scorecard.read")
def restriction_part(request: HttpRequest, here: Here, project: str) -> HttpResponse:
    """For the people's page: who is restricted, and how many questions wait."""
    now = timezone.now()
    waiting = reads.waiting(_project(here), now)
    context = {**_in_force(here, now), "project": here.project, "waiting": waiting.questions}
    return render(request, "quality/_restricted.html", context)


def _in_force(here: Here, now: datetime) -> dict[str, Any]:
    rows = [_shown(each) for each in reads.of_project(_project(here), now)]
    return {"restricted": rows, "may_lift": _may(here, "restriction.lift")}


def _shown(each: Restriction) -> dict[str, Any]:
    rule = each.hit.rule
    return {
        "row": each,
        "who": each.pseudonym,  # type: ignore[attr-defined]  # annotated
        "rule": rule,
        "says": condition_words(rule.condition),
        "why": facts_words(each.hit.facts),
        "open": each.objected_at is not None and each.replied_at is None,
    }


def _confirm(found: Restriction, _words: str, by: Actor, now: datetime) -> None:
    restrictions.confirm(restriction=found, by=by, now=now)


def _leave(found: Restriction, _words: str, by: Actor, now: datetime) -> None:
    restrictions.leave(restriction=found, by=by, now=now)


def _lift(found: Restriction, words: str, by: Actor, now: datetime) -> None:
    restrictions.lift(restriction=found, reason=words, by=by, now=now)


def _dismiss(found: Restriction, words: str, by: Actor, now: datetime) -> None:
    objections.dismiss(restriction=found, reply=words, by=by, now=now)


Act = Callable[[Restriction, str, Actor, datetime], None]


@require_POST
@member_view("restriction.impose")
def restriction_decide(request: HttpRequest, here: Here, project: str, restriction: str) -> HttpResponse:
    """`act`: confirm what a rule asks, or leave it."""
    return _act(request, here, restriction, {"confirm": _confirm, "leave": _leave})


@require_POST
@member_view("restriction.lift")
def restriction_answer(request: HttpRequest, here: Here, project: str, restriction: str) -> HttpResponse:
    """`act`: lift what is in force, or dismiss the objection to it; with `words` for the person."""
    return _act(request, here, restriction, {"lift": _lift, "dismiss": _dismiss})


def _act(request: HttpRequest, here: Here, restriction: str, acts: dict[str, Act]) -> HttpResponse:
    row, act = _project(here), request.POST.get("act", "")
    found = Restriction.objects.select_related("project").filter(project=row, public_id=restriction).first()
    if found is None:
        raise Http404
    if act in acts:
        try:
            acts[act](found, request.POST.get("words", "")[:WORDS_LENGTH], here.actor, timezone.now())
        except Refusal as refusal:
            messages.error(request, f"{refusal.message} {refusal.remedy}")
        else:
            messages.success(request, SAID[act])
    return redirect("restrictions", row.public_id)


def _may(here: Here, action: str) -> bool:
    return offers(here, action) and _project(here).status != Project.Status.ARCHIVED


def _project(here: Here) -> Project:
    assert here.project is not None  # noqa: S101  the address names one
    return here.project
