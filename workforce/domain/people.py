"""What people say of themselves: their profile, and that they want to work here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from workforce.domain.actor import Actor
from workforce.domain.onboarding import admit, claim_languages, facts_changed
from workforce.domain.preferences import prefer
from workforce.domain.refusal import Refusal
from workforce.models import Contributor, User

COUNTRY = re.compile(r"[A-Z]{2}")


class UnknownCountry(Refusal):
    """Countries are two letters of ISO 3166-1, or empty."""

    code = "unknown_country"
    message = _("There is no such country.")
    remedy = _("Choose one from the list, or leave it empty.")


@dataclass(frozen=True, slots=True)
class Profile:
    """A person's own words; `country` (ISO 3166-1 or empty) and `languages` {BCP 47 tag: level 1..5} count for contributors only."""

    name: str
    preferences: dict[str, str] = field(default_factory=dict)  # of locale, theme, time_zone
    country: str = ""
    languages: Mapping[str, int] = field(default_factory=dict)


@transaction.atomic
def describe(*, user: User, profile: Profile, by: Actor) -> None:
    """Keep the profile. Raises UnknownPreference, UnknownCountry, NotALanguage."""
    prefer(user=user, preferences=profile.preferences, by=by)
    user.name = profile.name
    user.save(update_fields=["name"])
    contributor = Contributor.objects.select_for_update(no_key=True).filter(user=user).first()
    if contributor is not None:
        claim_languages(contributor=contributor, levels=dict(profile.languages), by=by)
        _live_in(contributor, profile.country)


@transaction.atomic
def join(*, user: User, profile: Profile, by: Actor) -> Contributor:
    """The user works here from now on, with this profile. Raises EmailNotVerified and what `describe` raises."""
    contributor = admit(user=user, by=by)
    describe(user=user, profile=profile, by=by)
    return contributor


def _live_in(contributor: Contributor, country: str) -> None:
    if country and not COUNTRY.fullmatch(country):
        raise UnknownCountry
    if country != contributor.country:
        contributor.country = country
        contributor.save(update_fields=["country"])
        facts_changed(contributor_id=contributor.pk)
