"""Contributors come, pause, return and leave."""

import re
from collections.abc import Collection

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from workforce.domain.actor import Actor
from workforce.domain.refusal import Refusal
from workforce.models import Contributor, LanguageClaim, User

BCP47 = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
LEVELS = range(1, 6)


class NotALanguage(Refusal):
    """Languages are BCP 47 tags with a level of 1 to 5."""

    code = "not_a_language"
    message = _("This is not a language with a level from 1 to 5.")
    remedy = _("Choose a language and a level from the lists.")


class EmailNotVerified(Refusal):
    """Work is given to people who can be reached."""

    code = "email_not_verified"
    message = _("Your e-mail address is not confirmed yet.")
    remedy = _("Open the link in the message we sent you, or ask for a new one.")


@transaction.atomic
def admit(*, user: User, by: Actor) -> Contributor:
    """The user's contributor, made if there is none yet. Raises EmailNotVerified."""
    if not user.emailaddress_set.filter(verified=True).exists():  # type: ignore[attr-defined]
        raise EmailNotVerified
    contributor, _created = Contributor.objects.get_or_create(user=user)
    return contributor


@transaction.atomic
def pause(*, contributor: Contributor, by: Actor) -> None:
    """No new work until `resume`; leases in hand run on."""
    _move(contributor, Contributor.Status.ACTIVE, Contributor.Status.PAUSED)


@transaction.atomic
def resume(*, contributor: Contributor, by: Actor) -> None:
    """Work again after a pause."""
    _move(contributor, Contributor.Status.PAUSED, Contributor.Status.ACTIVE)


@transaction.atomic
def claim_languages(*, contributor: Contributor, levels: dict[str, int], by: Actor) -> None:
    """Replace the languages of a contributor by `levels` {BCP 47 tag: 1..5}. The same again changes nothing. Raises NotALanguage."""
    if any(not BCP47.fullmatch(tag) or level not in LEVELS for tag, level in levels.items()):
        raise NotALanguage
    if dict(contributor.languages.values_list("tag", "level")) == levels:
        return
    LanguageClaim.objects.filter(contributor=contributor).delete()
    LanguageClaim.objects.bulk_create(
        LanguageClaim(contributor=contributor, tag=tag, level=level) for tag, level in levels.items()
    )
    facts_changed(contributor_id=contributor.pk)


def facts_changed(*, contributor_id: int) -> None:
    """What this person may do may have changed: every stored verdict is void. Called by the act that changed it."""
    Contributor.objects.filter(pk=contributor_id).update(facts_version=F("facts_version") + 1)


def facts_of_several_changed(*, contributor_ids: Collection[int]) -> None:
    """The same for several people, whose rows are locked in key order. Two statements."""
    rows = Contributor.objects.filter(pk__in=contributor_ids).order_by("pk")
    keys = list(rows.select_for_update(no_key=True).values_list("pk", flat=True))
    Contributor.objects.filter(pk__in=keys).update(facts_version=F("facts_version") + 1)


def _move(contributor: Contributor, source: Contributor.Status, target: Contributor.Status) -> None:
    Contributor.objects.filter(pk=contributor.pk, status=source).update(
        status=target, facts_version=F("facts_version") + 1
    )
    contributor.refresh_from_db(fields=["status", "facts_version"])
