"""Settings of a project: its terms and quality, pause and resume, the end."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from annotation.domain import project_settings, projects
from annotation.domain.projects import Changes
from annotation.models import Project
from annotation.web.console import Here, member_view
from annotation.web.project_form import SettingsForm, initial_of
from annotation.web.project_frame import address, project_page
from workforce.domain.refusal import Refusal


@require_http_methods(["GET", "HEAD", "POST"])
@member_view("project.configure")
def settings(request: HttpRequest, here: Here, project: str) -> HttpResponse:
    """The form; what is wrong stands at its field."""
    row = _project(here)
    form = SettingsForm(
        request.POST if request.method == "POST" else None,
        organization=here.organization,
        questions=row.schemas.get(number=row.schema_version).body["questions"],
        initial=initial_of(vars(row), here.organization),
    )
    if request.method == "POST" and form.is_valid() and _configured(row, form, request, here):
        messages.success(
            request, _("The settings are saved. Running tasks keep the terms under which they were taken.")
        )
        return redirect(address(row, "settings/"))
    status = 422 if form.errors else 200
    return project_page(request, here, "annotation/settings.html", tab="settings", form=form, status=status)


def _configured(project: Project, form: SettingsForm, request: HttpRequest, here: Here) -> bool:
    """Try the act; a refusal becomes words on the form."""
    version = request.POST.get("version", "")
    try:
        projects.configure(
            project=project,
            changes=Changes(**form.values()),
            by=here.actor,
            version=int(version) if version.isdigit() else None,
        )
    except project_settings.Invalid as refusal:
        form.add_problems(refusal.problems)
    except projects.NameTaken as refusal:
        form.add_error("name", f"{refusal.message} {refusal.remedy}")
    except Refusal as refusal:
        form.add_error(None, f"{refusal.message} {refusal.remedy}")
    return not form.errors


@require_POST
@member_view("project.pause")
def pause(request: HttpRequest, here: Here, project: str) -> HttpResponse:
    """No new tasks are handed out."""
    return _act(request, here, projects.pause, _("The project is paused. Anyone with an open task can finish it."))


@require_POST
@member_view("project.resume")
def resume(request: HttpRequest, here: Here, project: str) -> HttpResponse:
    """Work goes on."""
    return _act(request, here, projects.resume, _("The project is open again."))


@require_POST
@member_view("project.archive")
def archive(request: HttpRequest, here: Here, project: str) -> HttpResponse:
    """The end."""
    return _act(
        request, here, projects.archive, _("The project is archived. Everything in it can still be read and exported.")
    )


def _act(request: HttpRequest, here: Here, act: Callable[..., Any], done: str) -> HttpResponse:
    """Carry an act out, say how it went, and go back to the settings."""
    row = _project(here)
    try:
        act(project=row, by=here.actor)
    except Refusal as refusal:
        messages.error(request, f"{refusal.message} {refusal.remedy}")
    else:
        messages.success(request, done)
    return redirect(address(row, "settings/"))


def _project(here: Here) -> Project:
    assert here.project is not None  # noqa: S101  the address names one
    return here.project
