"""The quality console of a project: how far answers agree, why they differ, what is taken for what, known answers, reviews that wait, and
what to do.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from annotation.models import Project
from annotation.web.console import Here, member_view
from annotation.web.project_frame import project_page
from annotation.web.reasons import CAUSES, disagreement_words
from quality.agreement.bounds import wilson
from quality.queries import (
    agreement,
    concordance,
    confusion,
    disagreements,
    reliability,
    restrictions,
    standings,
    upkeep,
)
from quality.queries.agreement import Agreement, Share
from quality.queries.concordance import Figure
from quality.queries.confusion import Confusion, Row
from quality.queries.disagreements import Told
from quality.web import console_alerts, figures, tables
from quality.web import reliability as plots
from quality.web.figures import drawn
from workforce.templatetags.ui import percent

SHADES = 9
PAIRS = 10  # who agree least; all are in the CSV
ACROSS = 12  # classes that fit on a page side by side; all are in the CSV


@require_safe
@member_view("scorecard.read")
def console(request: HttpRequest, here: Here, project: str) -> HttpResponse:
    """The page."""
    row, now = _project(here), timezone.now()
    agreed, confused = agreement.agreement(row), confusion.confusions(row)
    beside, told = concordance.concordance(row), disagreements.disagreements(row, now)
    gold, waiting = upkeep.gold(row), upkeep.backlog(row)
    asked = figures.asked(row)
    titles = figures.titles(asked)
    classes = {each["name"]: figures.classes(each) for each in asked}
    return project_page(
        request,
        here,
        "quality/console.html",
        tab="quality",
        alerts=console_alerts.alerts(
            row, titles, classes, agreed, confused, told, gold, waiting, restrictions.waiting(row, now), now
        ),
        questions=[
            _question(name, title, agreed)
            | {"figures": [figures.statistic(each) for each in beside.figures.get(name, [])]}
            for name, title in titles.items()
            if name in agreed.shares
        ],
        differ=[_differ(each) for each in told],
        differ_n=told[0].share.n if told else 0,
        has_standings=bool(standings.questions(row)),
        pairs=[figures.pair(each, titles) for each in beside.pairs[:PAIRS]],
        confusions=[
            _confusion(each, titles, classes.get(each.question, {})) for each in confused if len(each.classes) <= ACROSS
        ],
        reliability=plots.drawn(reliability.of_project(row), titles),
        gold=gold,
        gold_share=drawn(Share(gold.passed / gold.n, *wilson(gold.passed, gold.n), gold.n)) if gold.n else None,
        backlog=waiting,
        causes=[(str(CAUSES.get(cause, cause)), n) for cause, n in waiting.waiting.items()],
    )


@require_safe
@member_view("scorecard.read")
def agreement_csv(request: HttpRequest, here: Here, project: str) -> HttpResponse:
    """One line a question, and one for each of its statistics, weeks and guidelines; shares 0..1, alpha where it is defined."""
    row = _project(here)
    lines = _agreement_lines(agreement.agreement(row), concordance.concordance(row).figures)
    head = ("question", "by", "of", "agreement", "low", "high", "tasks", "alpha", "alpha_low", "alpha_high")
    return tables.csv_file("agreement.csv", head, lines)


def _agreement_lines(found: Agreement, beside: Mapping[str, Sequence[Figure]]) -> Iterable[Sequence[object]]:
    for name, share in found.shares.items():
        alpha = found.alphas.get(name)
        corrected = [round(each, 4) for each in (alpha.value, alpha.low, alpha.high)] if alpha else ["", "", ""]
        yield [name, "question", "", *_cells(share), *corrected]
        for figure in beside.get(name, []):
            yield [
                name,
                "statistic",
                figure.kind,
                *_cells(Share(figure.value, figure.low, figure.high, figure.n)),
                "",
                "",
                "",
            ]
        for week, part in found.weeks.get(name, {}).items():
            yield [name, "week", week.isoformat(), *_cells(part), "", "", ""]
        for number, part in found.guidelines[name].items():
            yield [name, "guideline", number, *_cells(part), "", "", ""]


def _cells(share: Share) -> list[object]:
    return [round(share.mean, 4), round(share.low, 4), round(share.high, 4), share.n]


@require_safe
@member_view("scorecard.read")
def disagreements_csv(request: HttpRequest, here: Here, project: str) -> HttpResponse:
    """One line per reason why answers differ: on how many tasks of the last 90 days it was said, and its share of them."""
    head = ("reason", "said", "share", "low", "high", "tasks")
    told = disagreements.disagreements(_project(here), timezone.now())
    return tables.csv_file("disagreements.csv", head, ([each.code, each.n, *_cells(each.share)] for each in told))


@require_safe
@member_view("scorecard.read")
def pairs_csv(request: HttpRequest, here: Here, project: str) -> HttpResponse:
    """One line per question and pair of people with enough tasks in common: Cohen's kappa, weighted on a scale."""
    head = ("question", "first", "second", "kappa", "low", "high", "tasks")
    lines = (
        [each.question, each.first, each.second, round(each.kappa, 4), round(each.low, 4), round(each.high, 4), each.n]
        for each in concordance.concordance(_project(here)).pairs
    )
    return tables.csv_file("pairs.csv", head, lines)


@require_safe
@member_view("scorecard.read")
def confusion_csv(request: HttpRequest, here: Here, project: str) -> HttpResponse:
    """One line per question, true class and answer: how many answers are expected there."""
    lines = (
        [each.question, row.truth, given, round(n, 2)]
        for each in confusion.confusions(_project(here))
        for row in each.rows
        for given, n in zip(each.classes, row.cells, strict=True)
    )
    return tables.csv_file("confusion.csv", ("question", "truth", "answer", "answers"), lines)


# --- What the template draws ------------------------------------------------------------------------------------------
def _question(name: str, title: str, found: Agreement) -> dict[str, Any]:
    """Agreement on a question: as a whole, corrected for chance, by week and by guideline."""
    alpha = found.alphas.get(name)
    return {
        "title": title,
        **drawn(found.shares[name]),
        "alpha": alpha
        and {**figures.signed(alpha.value, alpha.low, alpha.high), "n": alpha.n},
        "parts": [
            *_parts(found.weeks.get(name, {}), lambda week: formats.date_format(week, "SHORT_DATE_FORMAT"), _("Week of")),
            *_parts(found.guidelines[name], str, _("Guideline")),
        ],
    }  # fmt: skip


def _parts(shares: Mapping[Any, Share], say: Callable[[Any], str], what: str) -> list[dict[str, Any]]:
    """One for each week or guideline, if there is more than one."""
    return [{"words": f"{what} {say(key)}", **drawn(share)} for key, share in shares.items()] if len(shares) > 1 else []


def _differ(each: Told) -> dict[str, Any]:
    """A reason why answers differ: how often it was said."""
    return {"words": disagreement_words(each.code), "said": each.n, **drawn(each.share)}


def _confusion(each: Confusion, titles: Mapping[str, str], names: Mapping[str, str]) -> dict[str, Any]:
    """names: of the classes."""
    return {
        "title": titles.get(each.question, each.question),
        "classes": [names.get(name, name) for name in each.classes],
        "rows": [
            {
                "truth": names.get(row.truth, row.truth),
                "taken_for": names.get(row.taken_for, row.taken_for),
                "cells": _shaded(row),
                **drawn(Share(row.right, row.low, row.high, round(row.n))),
            }
            for row in each.rows
        ],
    }


def _shaded(row: Row) -> list[dict[str, Any]]:
    """Shares of a row, each with a shade from 0 (nothing) to 9 (all)."""
    shares = [cell / row.n if row.n else 0.0 for cell in row.cells]
    return [{"share": percent(share) if share >= 0.005 else "", "shade": round(share * SHADES)} for share in shares]


def _project(here: Here) -> Project:
    assert here.project is not None  # noqa: S101  the address names one
    return here.project
