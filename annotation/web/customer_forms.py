"""Forms of the customer's own affairs."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from annotation.models import Mode, Project, Role
from annotation.permissions import PRESETS

CURRENCIES = ("USD", "EUR", "GBP", "CNY", "JPY", "INR", "KRW", "CAD", "AUD", "CHF", "SGD", "BRL")
MODES = [
    (Mode.LIVE.value, _("Live: real people, real pay")),
    (Mode.TEST.value, _("Test: a world of its own to try things in")),
]
ROLES = {
    Role.OWNER: _("Owner: everything, other owners included"),
    Role.ADMIN: _("Admin: people, keys and all projects; not the owners"),
    Role.MANAGER: _("Manager: makes projects, and runs those they are listed on"),
    Role.REVIEWER: _("Reviewer: judges answers, and sees the projects they are listed on"),
    Role.AUDITOR: _("Auditor: sees all projects, results and logs, changes nothing"),
    Role.MEMBER: _("Member: sees tasks and results of the projects they are listed on"),
    Role.LABELER: _("Labeler: works on your tasks, sees no customer page"),
}
DAYS = [(30, _("30 days")), (90, _("90 days")), (365, _("A year")), (730, _("Two years"))]
OVERLAPS = [(0, _("Stop it now")), (3600, _("Let it work for an hour")), (86_400, _("Let it work for a day"))]
CUSTOM = "custom"
EVENTS = [
    ("*", _("Everything")),
    ("task.*", _("Tasks: created, completed, canceled …")),
    ("annotation.*", _("Answers: submitted, accepted, rejected …")),
    ("review.*", _("Reviews: decided")),
    ("batch.*", _("Batches: created, changed, canceled")),
    ("contract.*", _("Promised accuracy: audited, kept, not kept")),
    ("project.*", _("Projects: created, paused, archived …")),
    ("intake.*", _("Imports: finished, aborted")),
    ("member.*", _("Members: added, changed, removed")),
    ("key.*", _("Keys: created, rotated, revoked")),
]


class OrganizationForm(forms.Form):
    """What an organization is called."""

    name = forms.CharField(label=_("Name"), max_length=100, help_text=_("Your people and your reviewers see it."))


class FoundingForm(OrganizationForm):
    """A new organization."""

    currency = forms.ChoiceField(
        label=_("Currency"),
        choices=[(code, code) for code in CURRENCIES],
        help_text=_("What you pay in. It cannot be changed later."),
    )


class InviteForm(forms.Form):
    """Whom to invite, as what."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect, initial=Role.LABELER)
    review = forms.BooleanField(
        label=_("May review answers"),
        required=False,
        help_text=_("Gives the review grant for your projects. Reviewers need it to open the desk."),
    )

    def __init__(self, data: Any = None, *, may_owners: bool) -> None:
        super().__init__(data)
        self.fields["role"].choices = _roles(may_owners=may_owners)  # type: ignore[attr-defined]


class MemberForm(forms.Form):
    """What a member may do, and where."""

    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    review = forms.BooleanField(
        label=_("May review answers"),
        required=False,
        help_text=_("The review grant for your projects; makes the person a contributor."),
    )
    projects = forms.ModelMultipleChoiceField(
        label=_("Listed on"),
        queryset=Project.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Managers, reviewers and members see these projects. Owners, admins and auditors see all."),
        to_field_name="public_id",
    )

    def __init__(self, data: Any = None, *, may_owners: bool, projects: Any, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.fields["role"].choices = _roles(may_owners=may_owners)  # type: ignore[attr-defined]
        self.fields["projects"].queryset = projects  # type: ignore[attr-defined]


def _roles(*, may_owners: bool) -> list[tuple[str, Any]]:
    return [(role.value, words) for role, words in ROLES.items() if may_owners or role != Role.OWNER]


class KeyForm(forms.Form):
    """A key: for what, in which world, how long."""

    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("Where it will be used, so that you know it again.")
    )
    mode = forms.ChoiceField(label=_("Mode"), choices=MODES, widget=forms.RadioSelect, initial=Mode.TEST)
    preset = forms.ChoiceField(
        label=_("What it may do"),
        widget=forms.RadioSelect,
        initial="full",
        choices=[
            ("full", _("Everything that programs may do")),
            ("submit", _("Post tasks and read their results")),
            ("read", _("Read only")),
            (CUSTOM, _("Only the scopes chosen below")),
        ],
    )
    scopes = forms.MultipleChoiceField(
        label=_("Scopes"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(scope, scope) for scope in PRESETS["full"]],
    )
    days = forms.TypedChoiceField(label=_("Valid for"), choices=DAYS, coerce=int, initial=365)

    def clean(self) -> dict[str, Any]:
        """One by one means at least one."""
        given = super().clean() or {}
        if given.get("preset") == CUSTOM and not given.get("scopes"):
            self.add_error("scopes", _("Choose at least one scope."))
        return given

    @property
    def wanted(self) -> list[str]:
        """The scopes, or the preset that stands for them."""
        preset = self.cleaned_data["preset"]
        return list(self.cleaned_data["scopes"]) if preset == CUSTOM else [preset]

    @property
    def lifetime(self) -> timedelta:
        """How long it works."""
        return timedelta(days=self.cleaned_data["days"])


class RotateForm(forms.Form):
    """What becomes of the old secret."""

    overlap_s = forms.TypedChoiceField(label=_("The old one"), choices=OVERLAPS, coerce=int, initial=3600)


class WebhookForm(forms.Form):
    """Where events go, and which."""

    url = forms.URLField(
        label=_("Address"),
        max_length=500,
        assume_scheme="https",
        help_text=_("Your program's address; it gets a POST for each event."),
    )
    description = forms.CharField(label=_("Description"), max_length=200, required=False)
    groups = forms.MultipleChoiceField(
        label=_("Events"), required=False, widget=forms.CheckboxSelectMultiple, choices=EVENTS, initial=["task.*"]
    )
    others = forms.CharField(
        label=_("Other event types"),
        required=False,
        max_length=500,
        help_text=_("Separated by spaces, like task.completed or delivery.exhausted."),
    )

    def clean(self) -> dict[str, Any]:
        """At least one event."""
        given = super().clean() or {}
        if not self.types_in(given):
            self.add_error("groups", _("Choose at least one event."))
        return given

    @staticmethod
    def types_in(given: dict[str, Any]) -> list[str]:
        """The patterns, each once."""
        return list(dict.fromkeys([*given.get("groups", []), *given.get("others", "").split()]))


class NewWebhookForm(WebhookForm):
    """A new endpoint belongs to one mode, and perhaps to one project."""

    mode = forms.ChoiceField(label=_("Mode"), choices=MODES, widget=forms.RadioSelect, initial=Mode.TEST)
    project = forms.ModelChoiceField(
        label=_("Project"),
        queryset=Project.objects.none(),
        required=False,
        empty_label=_("All projects"),
        to_field_name="public_id",
    )
    field_order = ("url", "description", "mode", "project", "groups", "others")

    def __init__(self, data: Any = None, *, projects: Any) -> None:
        super().__init__(data)
        self.fields["project"].queryset = projects  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Events of a project are of its mode."""
        given = super().clean()
        project = given.get("project")
        if project and given.get("mode") != project.mode:
            self.add_error("mode", _("The project is in the other mode: its events would never come."))
        return given


class ReplayForm(forms.Form):
    """Which events to send again."""

    from_seq = forms.IntegerField(label=_("From event number"), min_value=1)
    to_seq = forms.IntegerField(label=_("To event number"), min_value=1)
    only_failed = forms.BooleanField(label=_("Only those that did not arrive"), required=False, initial=True)
