"""Why and until when somebody gets no new tasks of a project, in their words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from workforce.templatetags.ui import utc


def until(params: Mapping[str, Any]) -> str:
    """The end."""
    return utc(datetime.fromisoformat(params["until"]))


def checked(params: Mapping[str, Any]) -> str:
    """What was seen, as far as it is told: never by which answers."""
    said = []
    if "n" in params:
        said.append(_("%(right)s of %(n)s of your checked answers of the last %(days)s days were right.") % params)
    if "fell" in params:
        said.append(_("Your checked answers were right more often before."))
    if "alike" in params:
        said.append(_("What you answered there hardly depended on the task."))
    if "timed" in params:
        said.append(
            _("%(fast)s of %(timed)s answers took you less time than nearly every answer there takes.") % params
        )
    if "skips" in params:
        taken, back = params["skips"]
        said.append(_("You gave back %(back)s of the %(taken)s tasks that you took.") % {"back": back, "taken": taken})
    if "exits" in params:
        given, left = params["exits"]
        said.append(
            _("Of %(left)s of %(given)s tasks you said that they cannot be done.") % {"left": left, "given": given}
        )
    if "volume" in params:
        answers, minutes = params["volume"]
        said.append(
            _("You gave about %(answers)s answers a day, in %(minutes)s minutes.")
            % {"answers": answers, "minutes": minutes}
        )
    return " ".join(said) or _("Lately too much of your work there fell short of what the project asks.")
