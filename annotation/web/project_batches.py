"""Batches of a project: the list, a new one with its quote, and one with how far it is, when it ends and what it costs."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotation.domain import batches as acts
from annotation.domain import forecasts, quotes
from annotation.models import Batch, Forecast, Project, Quote, Task
from annotation.queries import batches, spending
from annotation.queries.batches import Figures
from annotation.queries.customers import somebody_may
from annotation.web import accuracy, outlook
from annotation.web.batch_form import ChangeForm, NewForm
from annotation.web.console import Here, add_refusal, attempt, member_view
from annotation.web.project_frame import address, offers, project_page
from annotation.web.reasons import WAITS
from workforce.domain.refusal import Refusal

PAGE = 30
TONES = {
    Task.Status.COMPLETED: "ok",
    Task.Status.FAILED: "bad",
    Task.Status.IN_REVIEW: "accent",
    Task.Status.DECIDING: "accent",
    Task.Status.COLLECTING: "warn",
}


@require_safe
@member_view("batch.read")
def batch_list(request: HttpRequest, here: Here, project: str) -> HttpResponse:
    """Newest first."""
    row = _project(here)
    rows = Batch.objects.filter(project=row).select_related("forecast").order_by("-pk")
    after = rows.filter(public_id=request.GET.get("after", "")).first()
    found = list((rows.filter(pk__lt=after.pk) if after else rows)[: PAGE + 1])
    figures = batches.figures([batch.pk for batch in found[:PAGE]])
    return project_page(
        request,
        here,
        "annotation/batches.html",
        tab="batches",
        rows=[{"batch": batch, "figures": figures.get(batch.pk, Figures())} for batch in found[:PAGE]],
        following=found[PAGE - 1].public_id if len(found) > PAGE else "",
        columns=_columns(),
        may_create=offers(here, "batch.create"),
    )


def _columns() -> list[dict[str, Any]]:
    return [
        {"key": "name", "title": _("Batch")},
        {"key": "status", "title": _("Status")},
        {"key": "done", "title": _("Done")},
        {"key": "ends", "title": _("Ends by (80%)")},
        {"key": "deadline", "title": _("Deadline")},
        {"key": "budget", "title": _("Budget"), "number": True},
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@member_view("batch.create")
def batch_new(request: HttpRequest, here: Here, project: str) -> HttpResponse:
    """The form; with `quote` pressed it comes back with a quote."""
    row = _project(here)
    form = NewForm(request.POST or None, organization=here.organization, user=here.user)
    quote: Quote | None = None
    if request.method == "POST" and form.is_valid():
        if "quote" in request.POST:
            quote = _quoted(row, form)
        elif made := _made(row, form, here):
            messages.success(request, _("The batch is made. Add its tasks."))
            return redirect(address(row, f"batches/{made.public_id}/"))
    status = 422 if form.errors else 200
    return project_page(
        request, here, "annotation/batch_new.html", tab="batches", form=form, quote=quote, status=status
    )


def _quoted(project: Project, form: NewForm) -> Quote | None:
    given = form.cleaned_data
    if not given["tasks"]:
        form.add_error("tasks", _("Say how many tasks there will be."))
        return None
    return quotes.price(project=project, tasks=given["tasks"], deadline=given["deadline"], accuracy=form.accuracy)


def _made(project: Project, form: NewForm, here: Here) -> Batch | None:
    given = form.cleaned_data
    try:
        return acts.create(
            project=project,
            name=given["name"],
            deadline=given["deadline"],
            tasks=given["tasks"],
            best_effort=given["best_effort"],
            budget_minor=form.budget_minor,
            accuracy=form.accuracy,
            by=here.actor,
        )
    except acts.BatchNameTaken as refusal:
        add_refusal(form, refusal, "name")
    except quotes.DeadlineInfeasible as refusal:
        add_refusal(form, refusal, "deadline")
        form.earliest = refusal.params["earliest_deadline"]
    except Refusal as refusal:
        add_refusal(form, refusal)
    return None


@require_safe
@member_view("batch.read")
def batch_page(request: HttpRequest, here: Here, project: str, batch: str) -> HttpResponse:
    """One batch; only what moves for htmx."""
    context = _content(here, _batch(here, batch))
    if request.headers.get("HX-Request"):
        return render(request, "annotation/_batch.html", {"project": here.project, "here": here, **context})
    return project_page(request, here, "annotation/batch.html", tab="batches", **context)


def _content(here: Here, row: Batch, form: ChangeForm | None = None) -> dict[str, Any]:
    found = batches.figures([row.pk]).get(row.pk, Figures())
    made = _forecast(row, found) if row.status == Batch.Status.IN_PROGRESS else None
    spent = spending.spent(row.pk)
    may_change = offers(here, "batch.change") and row.status != Batch.Status.CANCELED
    initial = ChangeForm.of(row, here.organization, here.user)
    return {
        "batch": row,
        "figures": found,
        "nobody_audits": _nobody_audits(row, here),
        "promise": accuracy.told(row.accuracy),  # type: ignore[attr-defined]  # annotated
        "parts": _parts(found),
        "forecast": made,
        "drawn": outlook.drawn(made, row.deadline) if made else None,
        "late": _late(made, row) if made else "",
        "spent_minor": spent,
        "held_minor": max(0, row.held_minor - spent),
        "waits": [{"words": WAITS[reason], "n": n} for reason, n in row.waiting.items()],  # type: ignore[attr-defined]  # annotated
        "may_change": may_change,
        "form": form or ChangeForm(organization=here.organization, user=here.user, initial=initial),
    }


def _nobody_audits(row: Batch, here: Here) -> bool:
    """An audit is promised or waits, and nobody may do it."""
    found = row.accuracy  # type: ignore[attr-defined]  # annotated
    return bool(found) and not found["decided_at"] and not somebody_may(here.organization, "audit")


def _forecast(row: Batch, found: Figures) -> Forecast | None:
    """The latest, or one for a batch so young that it has none."""
    if row.forecast or not found.total:
        return row.forecast
    now = timezone.now()
    where = forecasts.setting(project=row.project, now=now)
    return forecasts.made(where=where, batch=row, found=found, learned=forecasts.corrections(), now=now)


def _late(made: Forecast, row: Batch) -> str:
    """How bad it looks for the deadline."""
    if row.deadline is None or made.wanted == 0 or (made.p80_at and made.p80_at <= row.deadline):
        return ""
    return "warn" if made.p50_at and made.p50_at <= row.deadline else "bad"


def _parts(found: Figures) -> list[dict[str, Any]]:
    """Tasks by status for the bar and its legend."""
    return [
        {"label": str(status.label), "value": found.tasks[status], "tone": TONES.get(status, "muted")}
        for status in reversed(Task.Status)
        if found.tasks.get(status)
    ]


@require_POST
@member_view("batch.change")
def batch_change(request: HttpRequest, here: Here, project: str, batch: str) -> HttpResponse:
    """Another deadline or budget."""
    row = _batch(here, batch)
    form = ChangeForm(request.POST, organization=here.organization, user=here.user)
    if form.is_valid():
        try:
            acts.change(
                batch=row, by=here.actor, deadline=form.cleaned_data["deadline"], budget_minor=form.budget_minor
            )
        except Refusal as refusal:
            add_refusal(form, refusal, "deadline" if refusal.code == "deadline_infeasible" else "budget")
        else:
            messages.success(request, _("Saved."))
            return redirect(address(row.project, f"batches/{row.public_id}/"))
    context = _content(here, _batch(here, batch), form)
    return project_page(request, here, "annotation/batch.html", tab="batches", status=422, **context)


@require_POST
@member_view("batch.change")
def batch_cancel(request: HttpRequest, here: Here, project: str, batch: str) -> HttpResponse:
    """No new answers; what has begun runs out and is paid."""
    row = _batch(here, batch)
    attempt(request, lambda: acts.cancel(batch=row, by=here.actor, reason="customer"), _("The batch is canceled."))
    return redirect(address(row.project, f"batches/{row.public_id}/"))


def _project(here: Here) -> Project:
    assert here.project is not None  # noqa: S101  the address names one
    return here.project


def _batch(here: Here, public_id: str) -> Batch:
    row = batches.shown(Batch.objects.filter(project=here.project, public_id=public_id)).first()
    if row is None:
        raise Http404
    return row
