"""People: members and their roles, invitations, and by pseudonym the contributors who work for the organization."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from annotation.domain import customers
from annotation.models import ContributorAlias, Invitation, Membership, Project, Role
from annotation.queries import customers as lists
from annotation.queries.keyset import chosen, page
from annotation.web.console import Here, add_refusal, attempt, member_view
from annotation.web.customer_forms import InviteForm, MemberForm
from workforce.domain.onboarding import admit
from workforce.domain.refusal import Refusal
from workforce.models import Contributor

GRANTS = {
    "review": gettext_lazy("may review"),
    "adjudicate": gettext_lazy("decides where others differ"),
    "audit": gettext_lazy("may audit"),
}
SORTS = {"email": "user__email", "role": "role", "since": "created_at"}


@require_GET
@member_view("member.list")
def members(request: HttpRequest, here: Here) -> HttpResponse:
    """The members, and who is invited."""
    return _members(request, here, InviteForm(may_owners=here.role == Role.OWNER))


@require_POST
@member_view("member.invite")
def invite(request: HttpRequest, here: Here) -> HttpResponse:
    """Invite somebody: their mail goes out, and the inviter may copy the link this once."""
    form = InviteForm(request.POST, may_owners=here.role == Role.OWNER)
    if form.is_valid():
        try:
            invitation, token = customers.invite(
                organization=here.organization,
                email=form.cleaned_data["email"],
                role=form.cleaned_data["role"],
                skills=[lists.REVIEW] if form.cleaned_data["review"] else [],
                invited_by=here.user,
                by=here.actor,
            )
        except Refusal as refusal:
            add_refusal(form, refusal, "email")
        else:
            link = settings.BASE_URL + reverse("invitation", args=[token])
            return render(request, "annotation/people/invited.html", {"invitation": invitation, "link": link})
    return _members(request, here, form)


def _members(request: HttpRequest, here: Here, form: InviteForm) -> HttpResponse:
    search, role = request.GET.get("q", "").strip(), request.GET.get("role", "")
    word, column = chosen(request.GET.get("sort"), SORTS, "email")
    found = page(
        lists.members(here.organization, search=search, role=role),
        sort=column,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {
        "here": here,
        "page": found,
        "sort": word,
        "search": search,
        "role": role,
        "roles": Role.choices,
        "columns": _columns(),
        "invitations": lists.open_invitations(here.organization),
        "form": form,
        "may_invite": here.may("member.invite"),
        "tabs": _tabs("people"),
    }
    return render(request, "annotation/people/members.html", context, status=422 if form.errors else 200)


def _columns() -> list[dict[str, Any]]:
    return [
        {"title": _("Person"), "sort": "email"},
        {"title": _("Role"), "sort": "role"},
        {"title": _("Projects")},
        {"title": _("Reviews")},
        {"title": _("Member since"), "sort": "since"},
    ]


def _tabs(current: str) -> list[dict[str, Any]]:
    titles = {"people": _("Members"), "people_contributors": _("Contributors")}
    return [{"title": title, "href": reverse(name), "current": name == current} for name, title in titles.items()]


@require_POST
@member_view("member.invite")
def withdraw(request: HttpRequest, here: Here, invitation: str) -> HttpResponse:
    """Take an invitation back."""
    row = get_object_or_404(Invitation, organization=here.organization, public_id=invitation)
    attempt(
        request,
        lambda: customers.withdraw_invitation(invitation=row, by=here.actor),
        _("The invitation of %(email)s is withdrawn.") % {"email": row.email},
    )
    return redirect("people")


@require_http_methods(["GET", "POST"])
@member_view("member.list")
def member(request: HttpRequest, here: Here, member: str) -> HttpResponse:
    """One member: the role, the projects, the review grant."""
    row = get_object_or_404(Membership.objects.select_related("user"), organization=here.organization, public_id=member)
    may_change = here.may("member.set_role") and (row.role != Role.OWNER or here.role == Role.OWNER)
    if request.method == "POST" and not may_change:
        messages.error(request, _("Your role does not include changing this member."))
        return redirect("people_member", member)
    form = MemberForm(
        request.POST or None,
        may_owners=here.role == Role.OWNER,
        projects=Project.objects.filter(organization=here.organization).exclude(status="archived").order_by("name"),
        initial={"role": row.role, "review": _reviews(here, row), "projects": list(row.projects.all())},
    )
    if form.is_valid() and attempt(request, lambda: _change(here, row, form), _("Saved.")):
        return redirect("people")
    context = {"here": here, "member": row, "form": form, "may_change": may_change}
    return render(request, "annotation/people/member.html", context, status=422 if form.errors else 200)


def _reviews(here: Here, row: Membership) -> bool:
    return lists.review_grants(here.organization).filter(contributor__user=row.user_id).exists()


@transaction.atomic
def _change(here: Here, row: Membership, form: MemberForm) -> None:
    """The three acts behind the form, all or none; each does nothing where nothing changed."""
    given = form.cleaned_data
    customers.set_role(membership=row, role=given["role"], by=here.actor)
    customers.list_on(membership=row, projects=given["projects"], by=here.actor)
    if given["review"] != form.initial["review"]:
        _set_grant(here, admit(user=row.user, by=here.actor), lists.REVIEW, wanted=given["review"])


@require_POST
@member_view("member.remove")
def remove(request: HttpRequest, here: Here, member: str) -> HttpResponse:
    """End a membership."""
    row = get_object_or_404(Membership.objects.select_related("user"), organization=here.organization, public_id=member)
    attempt(
        request,
        lambda: customers.remove(membership=row, by=here.actor),
        _("%(person)s is no longer a member.") % {"person": row.user},
    )
    return redirect("people")


@require_GET
@member_view("contributor.read")
def contributors(request: HttpRequest, here: Here) -> HttpResponse:
    """Who has worked for the organization, by pseudonym."""
    search, reviewers = request.GET.get("q", "").strip(), request.GET.get("show") == "reviewers"
    found = page(
        lists.contributors(here.organization, search=search, reviewers=reviewers),
        sort="-pk",
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    work = lists.work_of(here.organization, found.rows)
    held = lists.grants_of(here.organization, [alias.contributor_id for alias in found.rows])
    context = {
        "page": found,
        "rows": [
            {
                "alias": alias,
                "work": work.get(alias.contributor_id, lists.Work()),
                "grants": _grants(held.get(alias.contributor_id, set())),
            }
            for alias in found.rows
        ],
        "search": search,
        "reviewers": reviewers,
        "may_grant": here.may("review.grant"),
        "tabs": _tabs("people_contributors"),
    }
    return render(request, "annotation/people/contributors.html", context)


def _grants(held: set[str]) -> list[dict[str, Any]]:
    """What somebody may be chosen for, and whether they are."""
    return [{"name": name, "words": words, "held": name in held} for name, words in GRANTS.items()]


@require_POST
@member_view("review.grant")
def grant_review(request: HttpRequest, here: Here, contributor: str) -> HttpResponse:
    """Give or take a grant: for reviews, for adjudications, or for audits."""
    skill = request.POST.get("skill", lists.REVIEW)
    if skill not in GRANTS:
        raise Http404
    alias = get_object_or_404(
        ContributorAlias.objects.select_related("contributor"), organization=here.organization, public_id=contributor
    )
    wanted = "granted" in request.POST
    done = _("%(who)s has the grant now.") if wanted else _("%(who)s has the grant no longer.")
    attempt(
        request, lambda: _set_grant(here, alias.contributor, skill, wanted=wanted), done % {"who": alias.public_id[:12]}
    )
    return redirect("people_contributors")


def _set_grant(here: Here, contributor: Contributor, name: str, *, wanted: bool) -> None:
    skill = customers.own_skill(organization=here.organization, name=name)
    if wanted:
        customers.grant_skill(
            organization=here.organization, contributor=contributor, skill=skill, by=here.actor, granted_by=here.user
        )
    else:
        customers.revoke_skill(organization=here.organization, contributor=contributor, skill=skill, by=here.actor)
