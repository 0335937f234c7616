"""Keys of the organization's programs."""

from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from annotation.domain import customers
from annotation.models import ApiKey
from annotation.permissions import PRESETS
from annotation.queries.keyset import chosen, page
from annotation.web.console import Here, add_refusal, attempt, member_view
from annotation.web.customer_forms import KeyForm, RotateForm
from workforce.domain.refusal import Refusal

SORTS = {"name": "name", "created": "created_at", "expires": "expires_at"}


@require_GET
@member_view("key.issue")
def keys(request: HttpRequest, here: Here) -> HttpResponse:
    """The keys that work, or all that ever were."""
    show_all = request.GET.get("show") == "all"
    word, column = chosen(request.GET.get("sort"), SORTS, "-created")
    found = page(
        _keys(here, show_all=show_all),
        sort=column,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {
        "here": here,
        "page": found,
        "rows": [{"key": key, **_state(key), "grants": _grants(key)} for key in found.rows],
        "columns": _columns(),
        "sort": word,
        "show_all": show_all,
    }
    return render(request, "annotation/keys/keys.html", context)


def _keys(here: Here, *, show_all: bool) -> QuerySet[ApiKey]:
    rows = ApiKey.objects.filter(organization=here.organization).select_related("created_by")
    return rows if show_all else rows.filter(Q(revoked_at=None), expires_at__gt=timezone.now())


def _columns() -> list[dict[str, Any]]:
    return [
        {"title": _("Name"), "sort": "name"},
        {"title": _("Mode")},
        {"title": _("Permissions")},
        {"title": _("State")},
        {"title": _("Created"), "sort": "created"},
        {"title": _("Last used")},
        {"title": _("Valid until"), "sort": "expires"},
        {"title": "", "actions": True},
    ]


def _state(key: ApiKey) -> dict[str, str]:
    """The key's state as a status word, and in words."""
    if key.revoked_at:
        return {"status": "revoked", "label": _("Revoked")}
    if key.expires_at <= timezone.now():
        return {"status": "expired", "label": _("Expired")}
    return {"status": "active", "label": _("Active")}


def _grants(key: ApiKey) -> str:
    """The preset's name if the scopes are one, else how many they are; the page lists them on request."""
    for name, scopes in PRESETS.items():
        if set(scopes) == set(key.scopes):
            return {"full": _("Everything"), "submit": _("Post tasks"), "read": _("Read only")}[name]
    return _("%(n)s scopes") % {"n": len(key.scopes)}


@never_cache
@require_http_methods(["GET", "POST"])
@member_view("key.issue")
def new(request: HttpRequest, here: Here) -> HttpResponse:
    """Make a key; the answer shows its secret, this once."""
    form = KeyForm(request.POST or None)
    if form.is_valid():
        try:
            key, plain = customers.issue_key(
                organization=here.organization,
                mode=form.cleaned_data["mode"],
                name=form.cleaned_data["name"],
                scopes=form.wanted,
                expires_in=form.lifetime,
                created_by=here.user,
                by=here.actor,
            )
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            return _show(request, key, plain)
    return render(request, "annotation/keys/new.html", {"form": form}, status=422 if form.errors else 200)


def _show(request: HttpRequest, key: ApiKey, plain: str) -> HttpResponse:
    curl = f'curl -H "Authorization: Bearer {plain}" {settings.BASE_URL}/api/v1/projects'
    return render(request, "annotation/keys/made.html", {"key": key, "plain": plain, "curl": curl})


@never_cache
@require_http_methods(["GET", "POST"])
@member_view("key.rotate")
def rotate(request: HttpRequest, here: Here, key: str) -> HttpResponse:
    """Ask how long the old key works on; the answer shows the successor's secret, this once."""
    row = get_object_or_404(ApiKey, organization=here.organization, public_id=key)
    form = RotateForm(request.POST or None)
    if form.is_valid():
        try:
            return _show(
                request,
                *customers.rotate_key(
                    key=row, overlap_s=form.cleaned_data["overlap_s"], created_by=here.user, by=here.actor
                ),
            )
        except Refusal as refusal:
            add_refusal(form, refusal)
    context = {"form": form, "key": row}
    return render(request, "annotation/keys/rotate.html", context, status=422 if form.errors else 200)


@require_POST
@member_view("key.revoke")
def revoke(request: HttpRequest, here: Here, key: str) -> HttpResponse:
    """The key works no longer."""
    row = get_object_or_404(ApiKey, organization=here.organization, public_id=key)
    attempt(
        request,
        lambda: customers.revoke_key(key=row, by=here.actor),
        _("%(name)s is revoked: programs that use it are refused from now on.") % {"name": row.name},
    )
    return redirect("keys")
