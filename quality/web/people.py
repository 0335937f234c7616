"""How good the work of a project's people is: a block that the project's people page fetches, and the same as CSV."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from annotation.models import Project
from annotation.web.console import Here, member_view
from quality.models import Scorecard
from quality.queries import people
from quality.queries.people import Person
from quality.web.tables import csv_file
from workforce.templatetags.ui import percent

TONES = {Scorecard.Standing.NEW: "", Scorecard.Standing.TRUSTED: "ok", Scorecard.Standing.PROBATION: "warn"}
LOOKS = {
    people.PROBATION: gettext_lazy("Too many known answers were wrong. They get more until it is clear; look at their latest answers."),
    people.FALLING: gettext_lazy("They were right more often before. Look at their latest answers, and ask whether something is unclear."),
    people.CARELESS: gettext_lazy("What they answer hardly depends on the task. Look at their answers before you trust them."),
    people.WEAK: gettext_lazy("More likely than not, under 60% of their answers are right. A clearer guideline or a review may help."),
    people.NOTHING: gettext_lazy("Nothing."),
}  # fmt: skip
COLUMNS = (
    "contributor", "standing", "right_low", "right_high", "observations", "known_answers", "known_right", "drift", "spam_score",
    "known_answers_share", "look_at",
)  # fmt: skip


@require_safe
@member_view("scorecard.read")
def scorecards(request: HttpRequest, here: Here, project: str) -> HttpResponse:
    """What needs a look on top."""
    row = _project(here)
    shown = [_shown(each) for each in people.people(row)]
    alike = people.alike(row)
    return render(request, "quality/_scorecards.html", {"project": row, "people": shown, "alike": alike})


@require_safe
@member_view("scorecard.read")
def scorecards_csv(request: HttpRequest, here: Here, project: str) -> HttpResponse:
    """One line a person; shares 0..1."""
    return csv_file("people.csv", COLUMNS, map(_cells, people.people(_project(here))))


def _shown(each: Person) -> dict[str, Any]:
    """A dot and a row."""
    interval = {"who": each.pseudonym, "low": percent(each.low), "high": percent(each.high)}
    standing = Scorecard.Standing(each.standing)
    return {
        **interval,
        "n": each.n,
        "gold_n": each.gold_n,
        "standing": standing.label,
        "tone": "warn" if each.look not in {people.NEW, people.NOTHING} else "accent",
        "badge": TONES[standing],
        "gold_share": each.gold_share,
        "look": look(each),
        "value": each.accuracy.mean,
        "label": _("%(who)s: %(low)s to %(high)s right") % interval,
    }


def look(each: Person) -> str:
    """What to look at, in words."""
    if each.look == people.NEW:
        words = ngettext(
            "Too early to say: at least %(n)d more known answer.",
            "Too early to say: at least %(n)d more known answers.",
            each.needed,
        )
        return words % {"n": each.needed}
    return str(LOOKS[each.look])


def _cells(each: Person) -> list[object]:
    spam = "" if each.spam is None else round(each.spam, 4)
    shares = [
        round(each.low, 4),
        round(each.high, 4),
        each.n,
        each.gold_n,
        round(each.gold_right, 2),
        round(each.drift, 3),
    ]
    return [each.pseudonym, each.standing, *shares, spam, round(each.gold_share, 4), each.look]


def _project(here: Here) -> Project:
    assert here.project is not None  # noqa: S101  the address names one
    return here.project
