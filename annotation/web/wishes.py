"""What work somebody wants: the page of wishes, sensitive content, breaks and household."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from annotation.domain.topics import TOPICS
from annotation.web.customer_forms import CURRENCIES
from annotation.web.home import contributor_view
from workforce.domain import consents, teams, wishes
from workforce.domain.actor import Actor
from workforce.domain.refusal import Refusal
from workforce.models import Contributor, Preference, Sensitive
from workforce.templatetags.ui import MINOR_DIGITS

MINUTE = 60
BREAKS = (10, 30, 60, 240)  # minutes


class WishesForm(forms.Form):
    """Pay in major units, tasks in minutes, the day in hours; empty is no limit."""

    min_pay_hour = forms.DecimalField(
        label=gettext_lazy("Least pay per hour"),
        help_text=gettext_lazy("Measured on what others took for it. Work paid in another currency is not compared."),
        min_value=0,
        max_value=100_000,
        required=False,
    )
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=[(code, code) for code in CURRENCIES])
    max_task_min = forms.FloatField(
        label=gettext_lazy("Longest task, minutes"), min_value=0.1, max_value=10_000, required=False
    )
    max_day_h = forms.FloatField(
        label=gettext_lazy("Longest day, hours"),
        help_text=gettext_lazy("Of active work. Then no more comes until the next morning."),
        min_value=0.1,
        max_value=24,
        required=False,
    )
    day_from = forms.TimeField(
        label=gettext_lazy("Work may come from"), widget=forms.TimeInput(attrs={"type": "time"}), required=False
    )
    day_to = forms.TimeField(label=gettext_lazy("to"), widget=forms.TimeInput(attrs={"type": "time"}), required=False)
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("Kinds of work"),
        choices=[(topic.key, topic.title) for topic in TOPICS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    consents = forms.MultipleChoiceField(
        label=gettext_lazy("I agree to see"),
        help_text=gettext_lazy(
            "Off unless you say so. An hour of each a day at most; you can change your mind at any time."
        ),
        choices=Sensitive.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def wishes(self) -> wishes.Wishes:
        """The cleaned values as the act takes them."""
        data = self.cleaned_data
        pay, day, task = data["min_pay_hour"], data["max_day_h"], data["max_task_min"]
        return wishes.Wishes(
            min_pay_hour_minor=None if pay is None else int(pay.scaleb(MINOR_DIGITS.get(data["currency"], 2))),
            currency=data["currency"],
            max_task_s=None if task is None else round(task * MINUTE),
            max_day_s=None if day is None else round(day * MINUTE * MINUTE),
            day_from=_minute(data["day_from"]),
            day_to=_minute(data["day_to"]),
            hidden_topics=tuple(topic.key for topic in TOPICS if topic.key not in data["topics"]),
        )


def _minute(time: Any) -> int | None:
    return None if time is None else time.hour * MINUTE + time.minute


def _kept(contributor: Contributor) -> dict[str, Any]:
    """The form's values as they are now."""
    row = Preference.objects.filter(contributor=contributor).first() or Preference(contributor=contributor)
    pay = row.min_pay_hour_minor
    return {
        "min_pay_hour": None if pay is None else Decimal(pay).scaleb(-MINOR_DIGITS.get(row.currency, 2)),
        "currency": row.currency,
        "max_task_min": row.max_task_s and round(row.max_task_s / MINUTE, 2),
        "max_day_h": row.max_day_s and round(row.max_day_s / MINUTE / MINUTE, 2),
        "day_from": _clock(row.day_from),
        "day_to": _clock(row.day_to),
        "topics": [topic.key for topic in TOPICS if topic.key not in row.hidden_topics],
        "consents": list(contributor.consents.filter(revoked_at=None).values_list("category", flat=True)),
    }


def _clock(minute: int | None) -> str | None:
    return None if minute is None else f"{minute // MINUTE % 24:02d}:{minute % MINUTE:02d}"


@require_http_methods(["GET", "POST"])
@contributor_view
def page(request: HttpRequest, contributor: Contributor) -> HttpResponse:
    """The wishes, and below them breaks and the household."""
    form = WishesForm(request.POST or None, initial=_kept(contributor))
    if request.method == "POST" and form.is_valid():
        by = actor_of(contributor)
        try:
            wishes.wish(contributor=contributor, wishes=form.wishes(), by=by)
            consents.agree(contributor=contributor, categories=form.cleaned_data["consents"], by=by)
        except Refusal as refusal:
            form.add_error(None, f"{refusal.message} {refusal.remedy}")
        else:
            messages.success(request, _("Your wishes hold from the next task on."))
            return redirect("wishes")
    resting = Preference.objects.filter(contributor=contributor, break_until__gt=timezone.now()).first()
    context = {
        "form": form,
        "break_until": resting.break_until if resting else None,
        "breaks": [(minutes, minutes * MINUTE) for minutes in BREAKS],
        "household": teams.household_of(contributor),
    }
    return render(request, "annotation/wishes.html", context, status=422 if form.errors else 200)


def actor_of(contributor: Contributor) -> Actor:
    """The contributor as an actor."""
    return Actor("contributor", contributor.public_id)


@require_POST
@contributor_view
def rest(request: HttpRequest, contributor: Contributor) -> HttpResponse:
    """`minutes` of break from now on; none ends the break."""
    given, now = request.POST.get("minutes", ""), timezone.now()
    until = now + timedelta(minutes=int(given)) if given.isdigit() and len(given) < 5 else None
    wishes.rest(contributor=contributor, until=until, now=now, by=actor_of(contributor))
    messages.success(request, _("Have a good rest.") if until else _("Welcome back. Work comes to you again."))
    return redirect("wishes")


@require_POST
@contributor_view
def household(request: HttpRequest, contributor: Contributor) -> HttpResponse:
    """`do`: begin, join (with `code`) or leave."""
    by, do = actor_of(contributor), request.POST.get("do")
    try:
        if do == "begin":
            teams.begin_household(contributor=contributor, by=by)
        elif do == "join":
            teams.join_household(contributor=contributor, code=request.POST.get("code", ""), by=by)
        else:
            teams.leave_household(contributor=contributor, by=by)
    except Refusal as refusal:
        messages.error(request, f"{refusal.message} {refusal.remedy}")
    return redirect("wishes")
