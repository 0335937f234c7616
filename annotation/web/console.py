"""The customer's console: every page of it says which right it needs, and gets who is here."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from annotation.models import Membership, Organization, Project, Role
from annotation.permissions import Denied, judge, roles_for
from workforce.domain.actor import Actor
from workforce.domain.refusal import Refusal
from workforce.models import User

CHOSEN = "organization"  # where the session keeps the organization of the switch


@dataclass(frozen=True, slots=True)
class Here:
    """Who looks at the page, for which organization, and at which project if the address names one."""

    user: User
    organization: Organization
    membership: Membership
    project: Project | None = None

    @property
    def role(self) -> Role:
        """The role in this organization."""
        return Role(self.membership.role)

    @property
    def actor(self) -> Actor:
        """Who the acts are done by."""
        return Actor("member", self.user.public_id)

    def may(self, action: str) -> bool:
        """Whether to offer a button: the right to another action, in the project of this page if it has one."""
        return bool(judge(membership=self.membership, action=action, project=self.project))


View = Callable[Concatenate[HttpRequest, Here, ...], HttpResponseBase]


def member_view(action: str) -> Callable[[View], Callable[..., HttpResponseBase]]:
    """A page for members who have the right to `action`: `view(request, here, **url_kwargs)`.

    `project` in the address (a public id) decides the project and the organization, and the switch follows; else the switch decides.
    Somebody signed out is sent to sign in; strangers, and members who are not listed on the project, find nothing; a role without the
    right is told which roles have it.
    """

    def decorate(view: View) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def wrapped(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            if not isinstance(request.user, User):
                return redirect_to_login(request.get_full_path())
            here = _here(request, request.user, kwargs.get("project"))
            verdict = judge(membership=here.membership, action=action, project=here.project)
            if isinstance(verdict, Denied):
                return _refused(request, here, action, verdict)
            return view(request, here, **kwargs)

        return wrapped

    return decorate


def _here(request: HttpRequest, user: User, project_id: str | None) -> Here:
    """Raises Http404 if there is no such project or no membership."""
    seats = Membership.objects.filter(user=user).select_related("organization")
    if project_id is not None:
        project = Project.objects.filter(public_id=project_id).first()
        membership = seats.filter(organization=project.organization_id).first() if project else None
        if project is None or membership is None:
            raise Http404
        project.organization = membership.organization
        choose(request, membership.organization)
        return Here(user, membership.organization, membership, project)
    # As the frame of the page orders them: the chosen one, else the first that has a console.
    chosen = request.session.get(CHOSEN)
    ordered = sorted(
        seats.order_by("organization__name", "organization_id"),
        key=lambda seat: (seat.role == Role.LABELER, seat.organization.public_id != chosen),
    )
    if not ordered:
        raise Http404
    return Here(user, ordered[0].organization, ordered[0])


def choose(request: HttpRequest, organization: Organization) -> None:
    """From now on this session's console shows that organization."""
    if request.session.get(CHOSEN) != organization.public_id:
        request.session[CHOSEN] = organization.public_id


def attempt(request: HttpRequest, act: Callable[[], object], done: str) -> bool:
    """Do an act for a page that is left afterwards: the next page says that it is done, or why not and what to do."""
    try:
        act()
    except Refusal as refusal:
        messages.error(request, f"{refusal.message} {refusal.remedy}")
        return False
    messages.success(request, done)
    return True


def add_refusal(form: Form, refusal: Refusal, field: str | None = None) -> None:
    """Show in a form, at a field or above all, why the act did not happen."""
    form.add_error(field, f"{refusal.message} {refusal.remedy}")


def _refused(request: HttpRequest, here: Here, action: str, verdict: Denied) -> HttpResponse:
    if verdict.reason == "not_listed":
        raise Http404
    roles = get_text_list([str(role.label) for role in roles_for(action)], _("or"))
    reason = _(
        "You are %(role)s at %(organization)s. This page is for: %(roles)s. An owner or admin can change your role."
    )
    words = {"role": here.role.label, "organization": here.organization.name, "roles": roles}
    return render(request, "403.html", {"reason": reason % words}, status=403)
