"""The forms of the profile and of the first step."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workforce.domain.people import Profile
from workforce.models import User
from workforce.web.places import country_choices, language_choices, time_zone_choices

LEVELS = [
    (1, _("1 · a little")),
    (2, _("2 · everyday talk")),
    (3, _("3 · good")),
    (4, _("4 · very good")),
    (5, _("5 · first language")),
]
MOST_LANGUAGES = 12


class LanguageForm(forms.Form):
    """One language and how well; a row without a language is left out."""

    tag = forms.ChoiceField(label=_("Language"), required=False)
    level = forms.TypedChoiceField(label=_("How well"), choices=LEVELS, coerce=int, required=False, initial=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.empty_permitted = False  # a row that was left as it was offered counts too
        choices = language_choices()
        own = self.initial.get("tag")
        if own and own not in dict(choices):
            choices.insert(0, (own, own))
        cast("forms.ChoiceField", self.fields["tag"]).choices = [("", "–"), *choices]


LanguageFormSet = formset_factory(LanguageForm, extra=1, max_num=MOST_LANGUAGES, absolute_max=MOST_LANGUAGES)


def levels(languages: "BaseFormSet[LanguageForm]") -> dict[str, int]:
    """{tag: level} of the rows that name a language; the last of two rows of the same language counts."""
    rows = (form.cleaned_data for form in languages.forms)
    return {row["tag"]: row["level"] or 3 for row in rows if row.get("tag")}


class ProfileForm(forms.Form):
    """What a person says of themselves. Each help text says who sees it."""

    name = forms.CharField(
        label=pgettext_lazy("person", "Name"),
        max_length=100,
        required=False,
        help_text=_("Seen by you and by organizations that you are a member of. Customers see a made-up id instead."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    country = forms.ChoiceField(
        label=_("Country"),
        required=False,
        help_text=_("Seen by you. Used only for work that asks for a country."),
        widget=forms.Select(attrs={"data-countries": "", "autocomplete": "country"}),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("Seen by you. Your days of work and pay begin and end in it.")
    )
    locale = forms.ChoiceField(
        label=_("Language of the pages"), choices=settings.LANGUAGES, help_text=_("Seen by you.")
    )
    theme = forms.ChoiceField(label=_("Appearance"), choices=User.Theme.choices, help_text=_("Seen by you."))

    def __init__(self, *args: Any, works: bool, **kwargs: Any) -> None:
        """`works`: a contributor, who has a country too."""
        super().__init__(*args, **kwargs)
        zones = time_zone_choices()
        own = self.initial.get("time_zone")
        if own and own not in dict(zones):
            zones.insert(0, (own, own))
        self._choose("time_zone", zones)
        self._choose("country", country_choices())
        if not works:
            del self.fields["country"]

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = choices

    def profile(self, languages: dict[str, int]) -> Profile:
        """The cleaned values as the act takes them."""
        data = self.cleaned_data
        preferences: dict[str, str] = {name: data[name] for name in ("locale", "theme", "time_zone") if name in data}
        return Profile(data["name"], preferences, data.get("country", ""), languages)


class StartForm(ProfileForm):
    """The first step asks for less: the pages already have a language and an appearance."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, works=True, **kwargs)
        del self.fields["locale"], self.fields["theme"]
