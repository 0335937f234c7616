"""How somebody wants to see the product: language, light or dark, time zone."""

from zoneinfo import available_timezones

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from workforce.domain.actor import Actor
from workforce.domain.refusal import Refusal
from workforce.models import User


class UnknownPreference(Refusal):
    """The product has no such language, theme or time zone."""

    code = "unknown_preference"
    message = _("This setting has no such value.")
    remedy = _("Choose one of the values offered.")


def known(preferences: dict[str, str]) -> dict[str, str]:
    """The given of `locale`, `theme` and `time_zone`, checked. Raises UnknownPreference."""
    offered = {
        "locale": {code for code, _name in settings.LANGUAGES},
        "theme": set(User.Theme.values),
        "time_zone": available_timezones(),
    }
    for name, value in preferences.items():
        if value not in offered[name]:
            raise UnknownPreference(name=name, value=value)
    return preferences


@transaction.atomic
def prefer(*, user: User, preferences: dict[str, str], by: Actor) -> None:
    """Keep `locale`, `theme` or `time_zone` with the person, for every device. Raises UnknownPreference."""
    for name, value in known(preferences).items():
        setattr(user, name, value)
    user.save(update_fields=list(preferences))
