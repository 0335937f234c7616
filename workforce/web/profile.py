"""Who somebody is: the first step after signing up, and the profile."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import to_locale
from django.views.decorators.http import require_http_methods, require_POST

from workforce.domain import onboarding, people
from workforce.domain.actor import Actor
from workforce.domain.refusal import Refusal
from workforce.models import Contributor, User
from workforce.queries import skills_of
from workforce.web.preferences import remember
from workforce.web.profile_forms import LanguageFormSet, ProfileForm, StartForm, levels


def _person(request: HttpRequest) -> User:
    return cast("User", request.user)  # the views are for people who are signed in


@require_http_methods(["GET", "POST"])
@login_required
def start(request: HttpRequest) -> HttpResponse:
    """The first step: languages, country, time zone; then the person is a contributor and goes home."""
    user = _person(request)
    if Contributor.objects.filter(user=user).exists():
        return redirect("home")
    form = StartForm(request.POST or None, initial={"name": user.name, "time_zone": user.time_zone})
    first = [{"tag": to_locale(user.locale).replace("_", "-"), "level": 5}]
    languages = LanguageFormSet(request.POST or None, prefix="languages", initial=first)
    if request.method == "POST" and form.is_valid() and languages.is_valid():
        try:
            people.join(user=user, profile=form.profile(levels(languages)), by=Actor("member", user.public_id))
        except Refusal as refusal:
            form.add_error(None, f"{refusal.message} {refusal.remedy}")
        else:
            return redirect("home")
    return render(request, "workforce/start.html", {"form": form, "languages": languages}, status=_status(form))


@require_http_methods(["GET", "POST"])
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """What the person says of themselves, their skills, and a pause."""
    user = _person(request)
    contributor = Contributor.objects.filter(user=user).first()
    form = ProfileForm(request.POST or None, initial=_as_kept(user, contributor), works=contributor is not None)
    kept = list(contributor.languages.order_by("-level", "tag").values("tag", "level")) if contributor else []
    languages = LanguageFormSet(request.POST or None, prefix="languages", initial=kept) if contributor else None
    if request.method == "POST" and form.is_valid() and (languages is None or languages.is_valid()):
        try:
            _keep(user, form, levels(languages) if languages else {})
        except Refusal as refusal:
            form.add_error(None, f"{refusal.message} {refusal.remedy}")
        else:
            messages.success(request, _("Your profile is saved."))
            response = redirect("profile")
            remember(response, {"locale": user.locale, "theme": user.theme})
            return response
    skills = skills_of(contributor) if contributor else []
    context: dict[str, Any] = {"form": form, "languages": languages, "contributor": contributor, "skills": skills}
    return render(request, "workforce/profile.html", context, status=_status(form))


def _as_kept(user: User, contributor: Contributor | None) -> dict[str, str]:
    """The profile as it is now."""
    country = contributor.country if contributor else ""
    names = ("name", "locale", "theme", "time_zone")
    return {name: getattr(user, name) for name in names} | {"country": country}


def _keep(user: User, form: ProfileForm, languages: dict[str, int]) -> None:
    people.describe(user=user, profile=form.profile(languages), by=Actor("member", user.public_id))


def _status(form: ProfileForm) -> int:
    return 422 if form.is_bound and form.errors else 200


@require_POST
@login_required
def pause(request: HttpRequest) -> HttpResponse:
    """No new work until the person says so."""
    contributor = get_object_or_404(Contributor, user_id=request.user.pk)
    onboarding.pause(contributor=contributor, by=Actor("contributor", contributor.public_id))
    messages.success(request, _("Your work is paused. Nothing new comes to you until you go on."))
    return redirect("profile")


@require_POST
@login_required
def resume(request: HttpRequest) -> HttpResponse:
    """Work again."""
    contributor = get_object_or_404(Contributor, user_id=request.user.pk)
    onboarding.resume(contributor=contributor, by=Actor("contributor", contributor.public_id))
    messages.success(request, _("Welcome back. Work comes to you again."))
    return redirect("home")
