"""Small things of the account pages. `{% load accounts %}`."""

import re
from collections.abc import Mapping
from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

register = template.Library()

# The first match names it: Edge and Opera also say Chrome, Chrome also says Safari.
BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "CriOS": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS X": "Mac",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


@register.filter
def device(agent: str) -> str:
    """A User-Agent header in words: "Firefox on Windows"; other programs by their own first word."""
    browser = next((name for mark, name in BROWSERS.items() if f"{mark}/" in agent), "")
    system = next((name for mark, name in SYSTEMS.items() if mark in agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or re.split(r"[/ ]", agent, maxsplit=1)[0] or _("Unknown device")


@register.simple_tag
def mail_folder() -> str:
    """Where mails are written to as files, in a demo; empty where they are sent."""
    written = settings.EMAIL_BACKEND.endswith("filebased.EmailBackend")
    return str(settings.EMAIL_FILE_PATH) if written else ""


@register.simple_tag(takes_context=True)
def account_places(context: Mapping[str, Any]) -> list[dict[str, object]]:
    """The pages about oneself, for the navigation at their side."""
    path = context["request"].path
    places = [
        (_("Profile"), reverse("profile"), "user", "/profile/"),
        *([(_("Wishes"), "/wishes/", "filter", "/wishes/")] if context["shell"].is_contributor else []),
        (_("E-mail"), reverse("account_email"), "mail", "/accounts/email/"),
        (_("Password"), reverse("account_change_password"), "lock", "/accounts/password/"),
        (_("Two-factor sign-in"), reverse("mfa_index"), "shield", "/accounts/2fa/"),
        (_("Signed-in devices"), reverse("usersessions_list"), "device", "/accounts/sessions/"),
    ]
    return [
        {"title": title, "href": href, "icon": icon, "current": path.startswith(start)}
        for title, href, icon, start in places
    ]
