"""The form of a new project: its settings, its schema as text, its first guideline."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from annotation.domain.project_settings import MAX_GUIDELINE
from annotation.models import Mode
from annotation.web.project_form import SettingsForm

MAX_SCHEMA = 500_000


class BuilderForm(SettingsForm):
    """`schema` is the JSON text that the page's editor writes."""

    schema = forms.CharField(
        label=gettext_lazy("The whole schema as JSON"),
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "class": "mono", "data-part": "json"}),
        max_length=MAX_SCHEMA,
    )
    guideline = forms.CharField(
        label=gettext_lazy("Guidelines, in Markdown"),
        help_text=gettext_lazy("What contributors read beside the task: what counts, what does not, examples."),
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}),
        max_length=MAX_GUIDELINE,
        required=False,
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("Mode"),
        choices=[(Mode.LIVE, gettext_lazy("Live")), (Mode.TEST, gettext_lazy("Test"))],
        help_text=gettext_lazy("Test projects are a world of their own, for programs that try things out."),
    )

    def clean_schema(self) -> Any:
        """The document."""
        try:
            return json.loads(self.cleaned_data["schema"])
        except ValueError as error:
            raise forms.ValidationError(_("This is not JSON: %(error)s") % {"error": error}) from error
