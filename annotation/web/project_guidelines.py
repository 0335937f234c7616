"""Guidelines of a project: what people read, how it changed, and the next version."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from annotation.domain import project_settings, projects
from annotation.models import Guideline, Project
from annotation.queries.guidelines import changes, rendered
from annotation.web.console import Here, member_view
from annotation.web.project_frame import address, offers, project_page
from workforce.domain.refusal import Refusal


class GuidelineForm(forms.Form):
    """The next version."""

    body = forms.CharField(
        label=gettext_lazy("Text, in Markdown"),
        widget=forms.Textarea(attrs={"rows": 18, "dir": "auto"}),
        max_length=project_settings.MAX_GUIDELINE,
        required=False,
    )
    note = forms.CharField(label=gettext_lazy("What changed, in one line"), max_length=500, required=False)
    breaking = forms.BooleanField(
        label=gettext_lazy("Everybody must read it before their next task"),
        help_text=gettext_lazy("For a new rule. Leave it off for better wording."),
        required=False,
    )


@require_safe
@member_view("project.read")
def guidelines(request: HttpRequest, here: Here, project: str) -> HttpResponse:
    """One version (`?number=`, else the present one), and how it differs from the one before."""
    assert here.project is not None  # noqa: S101  the address names one
    return _page(request, here, here.project, None)


@require_POST
@member_view("project.publish_guideline")
def publish(request: HttpRequest, here: Here, project: str) -> HttpResponse:
    """The next version; what is wrong stands at its field."""
    assert here.project is not None  # noqa: S101  the address names one
    form = GuidelineForm(request.POST)
    if form.is_valid():
        try:
            new = projects.publish_guideline(project=here.project, by=here.actor, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, f"{refusal.message} {refusal.remedy}")
        else:
            messages.success(request, _("Version %(number)d is out.") % {"number": new.number})
            return redirect(address(here.project, "guidelines/"))
    return _page(request, here, here.project, form)


@require_POST
@member_view("project.create")
def preview(request: HttpRequest, here: Here) -> HttpResponse:
    """The HTML of a Markdown text, as people will see it."""
    text = request.POST.get("body") or request.POST.get("guideline", "")
    return render(request, "annotation/_markdown.html", {"html": rendered(text[: project_settings.MAX_GUIDELINE])})


def _page(request: HttpRequest, here: Here, project: Project, form: GuidelineForm | None) -> HttpResponse:
    versions = list(Guideline.objects.filter(project=project).order_by("-number"))
    wanted = request.GET.get("number", "")
    shown = next((each for each in versions if str(each.number) == wanted), versions[0])
    before = next((each for each in versions if each.number == shown.number - 1), None)
    may_publish = offers(here, "project.publish_guideline") and project.status != Project.Status.ARCHIVED
    return project_page(
        request,
        here,
        "annotation/guidelines.html",
        tab="guidelines",
        status=422 if form is not None else 200,
        versions=versions,
        shown=shown,
        html=rendered(shown.body),
        changes=changes(before.body, shown.body) if before else [],
        before=before,
        form=(form or GuidelineForm(initial={"body": versions[0].body})) if may_publish else None,
    )
