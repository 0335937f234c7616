"""A pilot of a project: what every rule of redundancy and review would cost and how often it would be right, and the choice among them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from annotation.domain import projects
from annotation.domain.projects import Changes
from annotation.models import Project
from annotation.queries.schemas import compiled
from annotation.web.console import Here, member_view
from annotation.web.preset_groups import words
from annotation.web.project_frame import address, project_page
from quality.aggregation.frontier import Point
from quality.queries import pilots
from quality.queries.pilots import Pilot
from workforce.domain.refusal import Refusal
from workforce.templatetags.ui import MINOR_DIGITS, money_text, percent

ANSWERS = 5  # of each task of a pilot
RESULTS = 100  # prices are those of so many: one costs fractions of a cent
GOOD = 0.95  # the first rule that is right so often is proposed
FIELDS = ("min", "max", "confidence", "aggregate", "below")


@require_safe
@member_view("project.configure")
def pilot_page(request: HttpRequest, here: Here, project: str) -> HttpResponse:
    """`?question=`: of which question; the first that has classes if it is left out."""
    row = _project(here)
    asked = pilots.questions(row)
    titles = _titles(row)
    chosen = next((each for each in asked if each.name == request.GET.get("question")), asked[0] if asked else None)
    found = pilots.pilot(project=row, question=chosen) if chosen else None
    return project_page(
        request,
        here,
        "quality/pilot.html",
        tab="settings",
        questions=[{"name": each.name, "title": words(titles[each.name]), "current": each == chosen} for each in asked],
        pilot=found,
        fewest=pilots.FEWEST_TASKS,
        running=_runs(row),
        **(_shown(found, here) if found and chosen else {}),
    )


def _titles(project: Project) -> dict[str, Any]:
    """By question, as in the schema: text, or {language: text}."""
    document: Any = compiled(project.pk, project.schema_version).document
    return {each["name"]: each.get("title", each["name"]) for each in document["questions"]}


def _runs(project: Project) -> bool:
    """Do all tasks get the answers of a pilot now?"""
    return bool(project.quality.get("overlap", {}).get("min", 0) >= ANSWERS)


def _shown(found: Pilot, here: Here) -> dict[str, Any]:
    """The rows of the table, which are the points of the picture."""
    terms, currency = _project(here).terms, here.organization.currency
    rows = [_row(point, terms, currency, found.seconds) for point in found.points]
    for row in [row for row in rows if row["share"] >= GOOD][:1] or rows[-1:]:
        row["chosen"] = True
    unit = _("price of %(n)d results in %(currency)s") % {"n": RESULTS, "currency": currency}
    return {"rows": rows, "unit": unit, "unsure": found.known < found.tasks}


def _row(point: Point, terms: dict[str, Any], currency: str, seconds: float) -> dict[str, Any]:
    price = RESULTS * point.price(float(terms.get("price_minor", 0)), float(terms.get("review_price_minor", 0)))
    rule = point.rule
    return {
        "value": f"{rule.least} {rule.most} {rule.confidence:g} {rule.method} {point.below:.3f}",
        "words": _rule(point),
        "reviewed": percent(rule.reviewed),
        "answers": formats.number_format(point.answers, 2),
        "minutes": formats.number_format(point.answers * seconds / 60, 1),
        "cost": money_text(round(price), currency),
        "right": percent(point.accuracy),
        "interval": f"{percent(point.low)} – {percent(point.high)}",
        "price": price / 10 ** MINOR_DIGITS.get(currency, 2),
        "share": point.accuracy,
        "low": point.low,
        "high": point.high,
        "label": f"{_rule(point)}: {percent(point.accuracy)}",
    }


def _rule(point: Point) -> str:
    """The rule in words."""
    rule = point.rule
    if rule.least == rule.most:
        text = ngettext("%(n)d answer", "%(n)d answers", rule.least) % {"n": rule.least}
    else:
        text = _("%(least)d to %(most)d answers, until %(sure)s sure") % {
            "least": rule.least,
            "most": rule.most,
            "sure": percent(rule.confidence),
        }
    if rule.method == "majority" and rule.least > 1:
        text = _("%(answers)s, the majority counts") % {"answers": text}
    return text


@require_POST
@member_view("project.configure")
def pilot_start(request: HttpRequest, here: Here, project: str) -> HttpResponse:
    """From now on every task gets five answers."""
    overlap = {"min": ANSWERS, "max": ANSWERS, "confidence": None}
    return _configure(
        request, here, {"overlap": overlap}, _("Every task now gets five answers. Add thirty to fifty tasks.")
    )


@require_POST
@member_view("project.configure")
def pilot_take(request: HttpRequest, here: Here, project: str) -> HttpResponse:
    """The project takes the rule of a point: `rule` is the value of its row."""
    given = dict(zip(FIELDS, request.POST.get("rule", "").split(), strict=False))
    if len(given) < len(FIELDS):
        messages.error(request, _("Choose one of the rules first."))
        return redirect(address(_project(here), "pilot/"))
    quality = {
        "overlap": {
            "min": _number(given["min"]),
            "max": _number(given["max"]),
            "confidence": _bar(given["confidence"]),
        },
        "review": {"below_confidence": _number(given["below"])},
        "aggregate": given["aggregate"],
    }
    return _configure(request, here, quality, _("New tasks are done by this rule now."))


def _configure(request: HttpRequest, here: Here, quality: dict[str, Any], done: str) -> HttpResponse:
    row = _project(here)
    try:
        projects.configure(project=row, changes=Changes(quality=quality), by=here.actor)
    except Refusal as refusal:
        messages.error(request, f"{refusal.message} {refusal.remedy}")
    else:
        messages.success(request, done)
    return redirect(address(row, "pilot/"))


def _number(text: str) -> Any:
    """A number, or the text, which the act then refuses with its place."""
    try:
        found = float(text)
    except ValueError:
        return text
    return int(found) if found.is_integer() else found


def _bar(text: str) -> Any:
    """The confidence that ends a task; none where always as many answers are taken."""
    return None if text == "1" else _number(text)


def _project(here: Here) -> Project:
    assert here.project is not None  # noqa: S101  the address names one
    return here.project
