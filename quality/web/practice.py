"""Asking one person to practise again: how much, and why; they read it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from annotation.models import ContributorAlias, Project
from annotation.queries import practice as reads
from annotation.web.console import Here, member_view
from annotation.web.project_frame import project_page
from quality.domain import practice
from quality.models.rule import MOST_PRACTICE
from workforce.domain.refusal import Refusal


class PracticeForm(forms.Form):
    """How many tasks, and why."""

    count = forms.IntegerField(
        label=gettext_lazy("So many tasks for practice"), min_value=1, max_value=MOST_PRACTICE, initial=3
    )
    reason = forms.CharField(
        label=gettext_lazy("Why? They read it."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        max_length=practice.REASON_LENGTH,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@member_view("restriction.impose")
def practice_page(request: HttpRequest, here: Here, project: str, contributor: str) -> HttpResponse:
    """The form, with how much there is that they have not had; sent, it comes before their next other task."""
    row = _project(here)
    alias = ContributorAlias.objects.select_related("contributor")
    known = alias.filter(organization=here.organization, public_id=contributor).first()
    if known is None:
        raise Http404
    form = PracticeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            count = practice.require(project=row, contributor=known.contributor, by=here.actor, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, f"{refusal.message} {refusal.remedy}")
        else:
            messages.success(request, _said(count))
            return redirect("person_why", row.public_id, known.public_id)
    context: dict[str, Any] = {
        "pseudonym": known.public_id,
        "form": form,
        "left": reads.not_had(project_id=row.pk, contributor_id=known.contributor_id),
        "may": row.status != Project.Status.ARCHIVED,
    }
    status = 422 if form.errors else 200
    return project_page(request, here, "quality/practice.html", tab="people", status=status, **context)


def _said(count: int) -> str:
    words = ngettext(
        "%(n)s task for practice comes before their other work, and they read why.",
        "%(n)s tasks for practice come before their other work, and they read why.",
        count,
    )
    return words % {"n": count}


def _project(here: Here) -> Project:
    assert here.project is not None  # noqa: S101  the address names one
    return here.project
