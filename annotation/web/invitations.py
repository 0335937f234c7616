"""The page behind the link of an invitation."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from annotation.domain import customers
from annotation.domain.customers import invitations as acts
from annotation.models import Invitation, Role
from annotation.web.console import choose
from workforce.domain.actor import Actor
from workforce.domain.refusal import Refusal
from workforce.models import User

GONE = 410


@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Signed out: sign in or up and come back. The right person: join. Anybody else: why not."""
    found = customers.invitation_of(token)
    if found is None:
        return _page(request, None, status=404)
    try:
        if not isinstance(request.user, User):
            acts.check_usable(invitation=found)
            return _page(request, found)
        if request.method == "POST":
            return _join(request, request.user, found)
        acts.check_open(invitation=found, user=request.user)
    except customers.OtherEmail as refusal:
        return _page(request, found, refusal=refusal, status=403)
    except Refusal as refusal:
        return _page(request, found, refusal=refusal, status=GONE)
    return _page(request, found)


def _page(
    request: HttpRequest, found: Invitation | None, refusal: Refusal | None = None, status: int = 200
) -> HttpResponse:
    context = {"invitation": found, "refusal": refusal}
    return render(request, "annotation/people/invitation.html", context, status=status)


def _join(request: HttpRequest, user: User, found: Invitation) -> HttpResponse:
    membership = customers.accept_invitation(invitation=found, user=user, by=Actor("member", user.public_id))
    if membership.role == Role.LABELER:
        return redirect("/home/")
    choose(request, membership.organization)
    return redirect("/review/" if membership.role == Role.REVIEWER else "/projects/")
