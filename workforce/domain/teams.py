"""Households and teams: people who are too near to each other to answer the same task, where a project asks for that."""

import secrets

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from workforce.domain.actor import Actor
from workforce.domain.refusal import Refusal
from workforce.models import Contributor, Team, TeamMembership
from workforce.models.public_id import ALPHABET

CODE_LENGTH = 10
MOST = 20


class UnknownCode(Refusal):
    """No household has this code."""

    code = "unknown_code"
    message = _("No household has this code.")
    remedy = _("Ask for the code once more: it stands on the page of whoever began.")


class HouseholdFull(Refusal):
    """A household has as many members as households have."""

    code = "household_full"
    message = _("This household has %(most)d members already.") % {"most": MOST}
    remedy = _("Begin another one.")


def household_of(contributor: Contributor) -> Team | None:
    """The household that somebody says they live in."""
    return Team.objects.filter(kind=Team.Kind.HOUSEHOLD, memberships__contributor=contributor).first()


@transaction.atomic
def begin_household(*, contributor: Contributor, by: Actor) -> Team:
    """A household of one, whose code others enter; somebody who lives in one already gets that."""
    Contributor.objects.select_for_update(no_key=True).get(pk=contributor.pk)
    home = household_of(contributor)
    if home is None:
        code = "".join(secrets.choice(ALPHABET) for _place in range(CODE_LENGTH))
        home = Team.objects.create(kind=Team.Kind.HOUSEHOLD, code=code)
        TeamMembership.objects.create(team=home, contributor=contributor)
    return home


@transaction.atomic
def join_household(*, contributor: Contributor, code: str, by: Actor) -> Team:
    """Move into the household with this code. Raises UnknownCode, HouseholdFull."""
    home = (
        Team.objects.select_for_update(no_key=True).filter(kind=Team.Kind.HOUSEHOLD, code=code.strip().lower()).first()
    )
    if home is None:
        raise UnknownCode
    if TeamMembership.objects.filter(team=home).exclude(contributor=contributor).count() >= MOST:
        raise HouseholdFull
    leave_household(contributor=contributor, by=by)
    TeamMembership.objects.get_or_create(team=home, contributor=contributor)
    return home


@transaction.atomic
def leave_household(*, contributor: Contributor, by: Actor) -> None:
    """Live alone again; a household without members goes."""
    TeamMembership.objects.filter(contributor=contributor, team__kind=Team.Kind.HOUSEHOLD).delete()
    Team.objects.filter(kind=Team.Kind.HOUSEHOLD, memberships=None).delete()
