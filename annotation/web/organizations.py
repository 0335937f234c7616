"""Organizations: found one, choose one, change it, leave it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from annotation.domain import customers
from annotation.models import Membership, Role
from annotation.web.console import CHOSEN, Here, attempt, choose, member_view
from annotation.web.customer_forms import FoundingForm, OrganizationForm
from workforce.domain.actor import Actor


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Found an organization and own it."""
    form = FoundingForm(request.POST or None)
    if form.is_valid() and request.user.is_authenticated:
        organization = customers.found(
            **form.cleaned_data, owner=request.user, by=Actor("member", request.user.public_id)
        )
        choose(request, organization)
        return redirect("/projects/")
    context = {"form": form}
    return render(request, "annotation/organizations/new.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def switch(request: HttpRequest, organization: str) -> HttpResponse:
    """The console shows another organization of the person from now on."""
    seats = Membership.objects.filter(user=request.user.pk).exclude(role=Role.LABELER).select_related("organization")
    choose(request, get_object_or_404(seats, organization__public_id=organization).organization)
    return redirect("/projects/")


@require_http_methods(["GET", "POST"])
@member_view("organization.read")
def settings(request: HttpRequest, here: Here) -> HttpResponse:
    """What the organization is called, and the way out."""
    may_change = here.may("organization.change")
    form = OrganizationForm(request.POST or None, initial={"name": here.organization.name})
    if (
        form.is_valid()
        and may_change
        and attempt(
            request,
            lambda: customers.change(organization=here.organization, by=here.actor, **form.cleaned_data),
            _("Saved."),
        )
    ):
        return redirect("organization")
    context = {"here": here, "form": form, "may_change": may_change}
    return render(request, "annotation/organizations/settings.html", context, status=422 if form.errors else 200)


@require_POST
@member_view("organization.read")
def leave(request: HttpRequest, here: Here) -> HttpResponse:
    """End one's own membership."""
    done = _("You have left %(organization)s.") % {"organization": here.organization.name}
    if not attempt(request, lambda: customers.remove(membership=here.membership, by=here.actor), done):
        return redirect("organization")
    request.session.pop(CHOSEN, None)
    return redirect("/")
