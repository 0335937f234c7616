"""The forms of a batch: a new one, and what may be changed of one that runs. Times in the reader's zone, money in major units."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from annotation.domain.accuracy import Accuracy
from annotation.models import Batch, Organization
from workforce.models import User
from workforce.templatetags.ui import MINOR_DIGITS

DEFAULT_CONFIDENCE = 0.95
LOCAL = "%Y-%m-%dT%H:%M"  # as browsers write it


def zone_of(user: User) -> ZoneInfo:
    """The zone in which somebody reads and writes times."""
    try:
        return ZoneInfo(user.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


class ChangeForm(forms.Form):
    """Deadline and budget."""

    deadline = forms.DateTimeField(
        label=gettext_lazy("Deadline"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL),
    )
    budget = forms.DecimalField(
        label=gettext_lazy("Budget"),
        help_text=gettext_lazy(
            "The most that the answers may cost. Tasks that it does not cover yet wait, and open by themselves as others are done."
        ),
        required=False,
        min_value=0,
        max_value=10**10,
        widget=forms.NumberInput(attrs={"step": "any"}),
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, organization: Organization, user: User, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self._unit = Decimal(10) ** MINOR_DIGITS.get(organization.currency, 2)
        self._zone = zone_of(user)
        self.fields["deadline"].help_text = _("In your time zone, %(zone)s.") % {"zone": self._zone.key}

    def full_clean(self) -> None:
        """In the reader's zone."""
        with timezone.override(self._zone):
            super().full_clean()

    @property
    def budget_minor(self) -> int | None:
        """In minor units."""
        given = self.cleaned_data["budget"]
        return None if given is None else int(given * self._unit)

    @staticmethod
    def of(batch: Batch, organization: Organization, user: User) -> dict[str, Any]:
        """What stands, as initial values."""
        unit = Decimal(10) ** MINOR_DIGITS.get(organization.currency, 2)
        return {
            "deadline": batch.deadline and batch.deadline.astimezone(zone_of(user)).strftime(LOCAL),
            "budget": None if batch.budget_minor is None else batch.budget_minor / unit,
        }


class NewForm(ChangeForm):
    """A new batch."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    tasks = forms.IntegerField(
        label=gettext_lazy("How many tasks"),
        help_text=gettext_lazy("For the quote, and for what can be promised."),
        required=False,
        min_value=1,
        max_value=5_000_000,
    )
    best_effort = forms.BooleanField(
        label=gettext_lazy("Best effort is enough"),
        help_text=gettext_lazy("The deadline orders the work, but it is not promised."),
        required=False,
    )
    error = forms.DecimalField(
        label=gettext_lazy("At most so many results wrong"),
        help_text=gettext_lazy(
            "Shown by an audit when all tasks are done: others answer a part of them anew. If it does not hold, we improve the results at "
            "no charge. Empty: nothing is promised."
        ),
        required=False,
        min_value=Decimal("0.1"),
        max_value=20,
        widget=forms.NumberInput(attrs={"step": "any"}),
    )
    confidence = forms.TypedChoiceField(
        label=gettext_lazy("With so much confidence"),
        choices=[("0.9", "90%"), ("0.95", "95%"), ("0.99", "99%")],
        coerce=float,
        initial=DEFAULT_CONFIDENCE,
        required=False,
    )
    earliest: datetime | None = None  # the first deadline that could be promised, after a refusal
    field_order = ("name", "tasks", "deadline", "best_effort", "budget", "error", "confidence")

    @property
    def accuracy(self) -> Accuracy | None:
        """What is to be promised of the results."""
        error, confidence = self.cleaned_data["error"], self.cleaned_data["confidence"] or DEFAULT_CONFIDENCE
        return None if error is None else Accuracy(float(error) / 100, confidence)
