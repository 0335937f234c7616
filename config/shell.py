"""The frame of every page: who is here, where they may go, how they want to see it."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from annotation.models import Role
from annotation.permissions import roles_for
from annotation.queries.shell import Facts, Seat, facts
from workforce.models import User

MOST_UNREAD = 99


@dataclass(frozen=True, slots=True)
class Place:
    """A link of the main navigation; `current` is what `aria-current` says."""

    title: str
    address: str
    icon: str
    current: str = ""


class Shell:
    """What templates read as `shell`. Nothing is asked of the database before a template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.site_name = settings.SITE_NAME
        self.csrf_cookie = settings.CSRF_COOKIE_NAME

    @cached_property
    def theme(self) -> str:
        """`auto`, `light` or `dark`: of the cookie, which signing in and the switch set."""
        chosen = self._request.COOKIES.get("theme", "")
        return chosen if chosen in User.Theme.values else User.Theme.AUTO.value

    @cached_property
    def facts(self) -> Facts:
        """Who is here; one statement."""
        user = getattr(self._request, "user", None)
        return facts(user.pk) if isinstance(user, User) else Facts()

    @property
    def is_contributor(self) -> bool:
        """Whether the person works here."""
        return self.facts.is_contributor

    @property
    def unread(self) -> int:
        """Unread notices, at most 100."""
        return self.facts.unread

    @property
    def unread_short(self) -> str:
        """The number on the bell."""
        return str(self.unread) if self.unread <= MOST_UNREAD else f"{MOST_UNREAD}+"

    @property
    def organizations(self) -> list[Seat]:
        """The organizations whose console the person may see."""
        return [seat for seat in self.facts.seats if seat.is_console]

    @cached_property
    def organization(self) -> Seat | None:
        """The one chosen by the switch, else the first."""
        chosen = self._request.session.get("organization") if hasattr(self._request, "session") else None
        seats = self.organizations
        return next((seat for seat in seats if seat.public_id == chosen), seats[0] if seats else None)

    @cached_property
    def navigation(self) -> list[list[Place]]:
        """The main navigation in groups: work, review, the customer's console."""
        groups = [self._work(), self._review(), self._console()]
        return [group for group in groups if group]

    def _work(self) -> list[Place]:
        if not self.is_contributor:
            return []
        return [
            self._place(_("Work"), "/home/", "work"),
            self._place(_("Earnings"), "/earnings/", "wallet"),
            self._place(_("Profile"), "/profile/", "user"),
        ]

    def _review(self) -> list[Place]:
        return [self._place(_("Review"), "/review/", "review")] if self.facts.may_review else []

    def _console(self) -> list[Place]:
        if self.organization is None:
            return []
        role = Role(self.organization.role)
        places = [
            ("project.read", self._place(_("Projects"), "/projects/", "folder")),
            ("member.list", self._place(_("People"), "/people/", "users")),
            ("key.issue", self._place(_("Keys"), "/keys/", "key")),
            ("webhook.read", self._place(_("Webhooks"), "/webhooks/", "webhook")),
        ]
        return [place for action, place in places if role in roles_for(action)]

    def _place(self, title: str, address: str, icon: str) -> Place:
        path = self._request.path
        current = "page" if path == address else "true" if path.startswith(address) else ""
        return Place(title, address, icon, current)


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context processor."""
    return {"shell": Shell(request)}
