"""Having the answers of one person done again: since when, what that comes to, then yes; and what has become of it."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from annotation.models import ContributorAlias, Project
from annotation.queries.redoing import Preview
from annotation.web.batch_form import zone_of
from annotation.web.console import Here, member_view
from annotation.web.project_frame import project_page
from quality.domain import redo
from quality.models import Redo
from workforce.domain.refusal import Refusal

SHOWN = 20
LEFT = {
    "judged": gettext_lazy("A reviewer or a customer has decided: that stands."),
    "in_review": gettext_lazy("A reviewer is about to look at them."),
    "too_old": gettext_lazy("Their results are older than 30 days."),
    "ended": gettext_lazy("Their tasks ended without a result, or their batch was canceled."),
    "together": gettext_lazy("Several people did them at the same time."),
    "budget": gettext_lazy("The budget of their batch does not cover other answers."),
    "quota:open_tasks": gettext_lazy("Your organization has as many open tasks as it may have."),
    "quota:live_tasks": gettext_lazy("Your organization has as many unfinished tasks as it may have."),
    "quota:spend_day": gettext_lazy("Your organization's limit for a day is reached."),
}


class SinceForm(forms.Form):
    """From the beginning of a day on."""

    since = forms.DateField(
        label=gettext_lazy("Answers since"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def moment(self, here: Here) -> datetime:
        """Midnight of that day in the reader's zone."""
        return datetime.combine(self.cleaned_data["since"], time.min, zone_of(here.user)).astimezone(UTC)


@require_http_methods(["GET", "HEAD", "POST"])
@member_view("restriction.impose")
def redo_page(request: HttpRequest, here: Here, project: str, contributor: str) -> HttpResponse:
    """Without a day the question, with one what it comes to; sent, a worker begins."""
    row, now = _project(here), timezone.now()
    alias = ContributorAlias.objects.filter(organization=here.organization, public_id=contributor).first()
    if alias is None:
        raise Http404
    form = SinceForm(request.POST if request.method == "POST" else request.GET or None)
    of: dict[str, Any] = {"project": row, "contributor_id": alias.contributor_id, "now": now}
    if request.method == "POST" and form.is_valid():
        try:
            redo.ask(**of, since=form.moment(here), by=here.actor)
        except Refusal as refusal:
            messages.error(request, f"{refusal.message} {refusal.remedy}")
        else:
            messages.success(request, _("They are being set aside. Others answer these tasks again."))
        return redirect("redo", row.public_id, alias.public_id)
    seen = _seen(redo.preview(**of, since=form.moment(here))) if form.is_valid() else None
    before = Redo.objects.filter(project=row, contributor=alias.contributor_id).order_by("-id")[:SHOWN]
    return project_page(
        request,
        here,
        "quality/redo.html",
        tab="people",
        status=422 if form.errors else 200,
        pseudonym=alias.public_id,
        form=form,
        seen=seen,
        before=[{"row": each, "left": _left(each.left)} for each in before],
        may=row.status != Project.Status.ARCHIVED,
    )


def _seen(found: Preview) -> dict[str, Any]:
    return {"found": found, "left": _left(found.left)}


def _left(left: Mapping[str, int]) -> list[dict[str, Any]]:
    """Most first."""
    return [
        {"n": n, "why": LEFT.get(why, why)} for why, n in sorted(left.items(), key=lambda each: (-each[1], each[0]))
    ]


def _project(here: Here) -> Project:
    assert here.project is not None  # noqa: S101  the address names one
    return here.project
