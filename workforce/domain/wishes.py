"""What work somebody wants, when, and when they rest. Seen by nobody else, without any effect on standing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from workforce.domain.actor import Actor
from workforce.domain.onboarding import facts_changed
from workforce.domain.refusal import Refusal
from workforce.models import Contributor, Preference

LONGEST_BREAK = timedelta(hours=24)


class NotAWish(Refusal):
    """A limit under which no work could be given, or hours that begin when they end."""

    code = "not_a_wish"
    message = _("With these wishes no work could ever come to you.")
    remedy = _("Leave a limit empty to have none; tasks take at least 5 seconds, a day at least a minute.")


@dataclass(frozen=True, slots=True)
class Wishes:
    """Limits; None is no limit. Pay in minor units of `currency` per hour; lengths in seconds; hours in minutes of the own day."""

    min_pay_hour_minor: int | None = None
    currency: str = "USD"
    max_task_s: int | None = None
    max_day_s: int | None = None
    day_from: int | None = None
    day_to: int | None = None
    hidden_topics: tuple[str, ...] = ()

    @property
    def possible(self) -> bool:
        """Whether some work fits."""
        hours = (self.day_from is None) == (self.day_to is None) and (
            self.day_from is None or self.day_from != self.day_to
        )
        return hours and (self.max_task_s or 5) >= 5 and (self.max_day_s or 60) >= 60


@transaction.atomic
def wish(*, contributor: Contributor, wishes: Wishes, by: Actor) -> Preference:
    """From the next task on only work that fits these wishes is offered. Raises NotAWish."""
    if not wishes.possible:
        raise NotAWish
    values = {name: getattr(wishes, name) for name in Wishes.__slots__}
    values["hidden_topics"] = sorted(wishes.hidden_topics)
    preference, _created = Preference.objects.update_or_create(contributor=contributor, defaults=values)
    facts_changed(contributor_id=contributor.pk)
    return preference


@transaction.atomic
def rest(*, contributor: Contributor, until: datetime | None, now: datetime, by: Actor) -> None:
    """No new task until then, at most a day; None ends the break. What is in hand runs on."""
    end = None if until is None else min(until, now + LONGEST_BREAK)
    Preference.objects.update_or_create(contributor=contributor, defaults={"break_until": end})
    facts_changed(contributor_id=contributor.pk)
