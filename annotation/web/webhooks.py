"""Webhooks: where events go, what arrived, and sending again."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from annotation.domain import webhooks as acts
from annotation.models import WebhookDelivery, WebhookEndpoint
from annotation.permissions import reach, reaches_all
from annotation.queries import webhooks as lists
from annotation.queries.keyset import chosen, page
from annotation.web.console import Here, add_refusal, attempt, member_view
from annotation.web.customer_forms import EVENTS, NewWebhookForm, ReplayForm, RotateForm, WebhookForm
from workforce.domain.refusal import Refusal

SORTS = {"url": "url", "created": "created_at"}


@require_GET
@member_view("webhook.read")
def endpoints(request: HttpRequest, here: Here) -> HttpResponse:
    """The endpoints that this person may see."""
    word, column = chosen(request.GET.get("sort"), SORTS, "-created")
    found = page(
        _endpoints(here), sort=column, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    context = {
        "page": found,
        "sort": word,
        "columns": _columns(),
        "may_change": here.may("webhook.change"),
        "here": here,
    }
    return render(request, "annotation/webhooks/endpoints.html", context)


def _endpoints(here: Here) -> QuerySet[WebhookEndpoint]:
    whole = reaches_all(membership=here.membership, action="webhook.read")
    return lists.endpoints(here.membership, None if whole else reach(membership=here.membership, action="webhook.read"))


def _columns() -> list[dict[str, Any]]:
    return [
        {"title": _("Address"), "sort": "url"},
        {"title": _("Mode")},
        {"title": _("Events")},
        {"title": _("Project")},
        {"title": _("State")},
        {"title": _("Last success")},
        {"title": _("Created"), "sort": "created"},
    ]


@never_cache
@require_http_methods(["GET", "POST"])
@member_view("webhook.change")
def new(request: HttpRequest, here: Here) -> HttpResponse:
    """Register an endpoint; the answer shows its signing secret, this once."""
    projects = reach(membership=here.membership, action="project.read").order_by("name")
    form = NewWebhookForm(request.POST or None, projects=projects)
    if form.is_valid():
        given = form.cleaned_data
        try:
            row, secret = acts.register(
                organization=here.organization,
                mode=given["mode"],
                url=given["url"],
                types=form.types_in(given),
                project=given["project"],
                description=given["description"],
                by=here.actor,
            )
        except Refusal as refusal:
            add_refusal(form, refusal, "url" if refusal.code == "url_refused" else "others")
        else:
            return _show(request, row, secret)
    return render(request, "annotation/webhooks/form.html", {"form": form}, status=422 if form.errors else 200)


def _show(request: HttpRequest, row: WebhookEndpoint, secret: str) -> HttpResponse:
    return render(request, "annotation/webhooks/secret.html", {"endpoint": row, "secret": secret})


@require_GET
@member_view("webhook.read")
def endpoint(request: HttpRequest, here: Here, endpoint: str) -> HttpResponse:
    """One endpoint and its delivery log."""
    row = get_object_or_404(_endpoints(here), public_id=endpoint)
    status = request.GET.get("status", "")
    found = page(
        lists.log(row, status=status if status in WebhookDelivery.Status.values else ""),
        sort="-pk",
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {
        "endpoint": row,
        "page": found,
        "status": status,
        "statuses": WebhookDelivery.Status.choices,
        "columns": _log_columns(),
        "may_change": here.may("webhook.change"),
        "may_replay": here.may("delivery.replay"),
        "rotate_form": RotateForm(),
        "replay_form": ReplayForm(initial=_range(found.rows)),
    }
    return render(request, "annotation/webhooks/endpoint.html", context)


def _range(deliveries: list[WebhookDelivery]) -> dict[str, Any]:
    """The event numbers on this page, as a first proposal for a replay."""
    numbers = [delivery.event.seq for delivery in deliveries if delivery.event.seq]
    return {"from_seq": min(numbers), "to_seq": max(numbers), "only_failed": True} if numbers else {}


def _log_columns() -> list[dict[str, Any]]:
    return [
        {"title": _("Event")},
        {"title": _("Number"), "number": True},
        {"title": _("State")},
        {"title": _("Tries")},
        {"title": _("Next try")},
        {"title": "", "actions": True},
    ]


@require_http_methods(["GET", "POST"])
@member_view("webhook.change")
def edit(request: HttpRequest, here: Here, endpoint: str) -> HttpResponse:
    """Change the address, the description and the events."""
    row = get_object_or_404(_endpoints(here), public_id=endpoint)
    form = WebhookForm(request.POST or None, initial=_initial(row))
    if form.is_valid():
        given = form.cleaned_data
        fields = {"url": given["url"], "description": given["description"], "types": form.types_in(given)}
        try:
            acts.change(endpoint=row, by=here.actor, **fields)
        except Refusal as refusal:
            add_refusal(form, refusal, "url" if refusal.code == "url_refused" else "others")
        else:
            return redirect("webhook", endpoint)
    context = {"form": form, "endpoint": row}
    return render(request, "annotation/webhooks/form.html", context, status=422 if form.errors else 200)


def _initial(row: WebhookEndpoint) -> dict[str, Any]:
    known = [pattern for pattern, _title in EVENTS]
    return {
        "url": row.url,
        "description": row.description,
        "groups": [pattern for pattern in row.types if pattern in known],
        "others": " ".join(pattern for pattern in row.types if pattern not in known),
    }


@require_POST
@member_view("webhook.change")
def switch(request: HttpRequest, here: Here, endpoint: str) -> HttpResponse:
    """Disable an endpoint, or enable it again."""
    row = get_object_or_404(_endpoints(here), public_id=endpoint)
    enable = row.status == WebhookEndpoint.Status.DISABLED
    status = WebhookEndpoint.Status.ENABLED if enable else WebhookEndpoint.Status.DISABLED
    done = _("Enabled. A replay catches up on what was missed.") if enable else _("Disabled: no events are sent.")
    attempt(request, lambda: acts.change(endpoint=row, by=here.actor, status=status), done)
    return redirect("webhook", endpoint)


@require_POST
@member_view("webhook.change")
def ping(request: HttpRequest, here: Here, endpoint: str) -> HttpResponse:
    """Send a test event."""
    row = get_object_or_404(_endpoints(here), public_id=endpoint)
    attempt(
        request,
        lambda: acts.ping(endpoint=row, by=here.actor),
        _("A test event is on its way. Reload in a moment to see whether it arrived."),
    )
    return redirect("webhook", endpoint)


@never_cache
@require_POST
@member_view("webhook.change")
def rotate(request: HttpRequest, here: Here, endpoint: str) -> HttpResponse:
    """A new signing secret; the answer shows it, this once."""
    row = get_object_or_404(_endpoints(here), public_id=endpoint)
    form = RotateForm(request.POST)
    if not form.is_valid():
        return redirect("webhook", endpoint)
    secret = acts.rotate(endpoint=row, overlap_s=form.cleaned_data["overlap_s"], by=here.actor)
    return _show(request, row, secret)


@require_POST
@member_view("delivery.replay")
def replay(request: HttpRequest, here: Here, endpoint: str) -> HttpResponse:
    """Send a range of events again."""
    row = get_object_or_404(_endpoints(here), public_id=endpoint)
    form = ReplayForm(request.POST)
    if form.is_valid():
        queued = acts.replay(endpoint=row, by=here.actor, **form.cleaned_data)
        done = ngettext("%(n)s delivery is sent again.", "%(n)s deliveries are sent again.", queued) % {"n": queued}
        messages.success(request, done)
    return redirect("webhook", endpoint)


@require_POST
@member_view("delivery.replay")
def retry(request: HttpRequest, here: Here, delivery: str) -> HttpResponse:
    """Try one delivery again now."""
    row = get_object_or_404(
        WebhookDelivery.objects.select_related("endpoint"), endpoint__in=_endpoints(here), public_id=delivery
    )
    attempt(request, lambda: acts.retry(delivery=row, by=here.actor), _("It is tried again now."))
    return redirect("webhook", row.endpoint.public_id)
