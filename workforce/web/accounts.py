"""What allauth asks of us: who a new person is, what they see after signing in, and the words around it."""

from typing import Any
from zoneinfo import available_timezones

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from workforce.models import User
from workforce.models.sealing import SECOND_FACTOR, seal, unseal
from workforce.web.preferences import remember


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up keeps the language, theme and time zone of the browser; sign-in gives them back to it."""

    def save_user(self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True) -> User:
        """The new person, as their browser shows them."""
        zone = form.cleaned_data.get("time_zone")
        theme = request.COOKIES.get("theme", "")
        user.locale = get_language() or settings.LANGUAGE_CODE
        user.time_zone = zone if zone in available_timezones() else "UTC"
        user.theme = theme if theme in User.Theme.values else User.Theme.AUTO
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def post_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponse:
        """On to where they were going, in their language and theme."""
        response: HttpResponse = super().post_login(request, user, **details)
        remember(response, {"locale": user.locale, "theme": user.theme})
        return response

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Every mail knows the name and address of the installation."""
        site = {"site_name": settings.SITE_NAME, "site_address": settings.BASE_URL}
        super().send_mail(template_prefix, email, {**context, **site})


class MFAAdapter(DefaultMFAAdapter):
    """Names for authenticator apps and passkeys."""

    def _get_site_name(self) -> str:
        return str(settings.SITE_NAME)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002  allauth's own word
        """What a new passkey is called until its owner says otherwise."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Passkey") if number == 1 else _("Passkey %(number)s") % {"number": number}

    def encrypt(self, text: str) -> str:
        """The key of an authenticator app, and the seed of recovery codes, as they are stored."""
        return seal(text, of=SECOND_FACTOR)

    def decrypt(self, encrypted_text: str) -> str:
        """And as they are used."""
        return unseal(encrypted_text, of=SECOND_FACTOR)


@require_POST
@login_required
def end_session(request: HttpRequest, session: int) -> HttpResponse:
    """Sign one of the person's devices out; their own session ends by signing out."""
    row = get_object_or_404(UserSession, pk=session, user_id=request.user.pk)
    if row.session_key == request.session.session_key:
        messages.info(request, _("This is the device you are using. Use “Sign out” to leave it."))
    else:
        row.end()
        messages.success(request, _("The device is signed out."))
    return redirect("usersessions_list")
