"""Standings of a project: which source does best in what people prefer, each with its interval; and the same as a file."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from annotation.models import Project
from annotation.web.console import Here, member_view
from annotation.web.project_frame import project_page
from quality.aggregation.standings import Standing
from quality.queries import standings
from quality.queries.agreement import Share
from quality.queries.standings import Compared
from quality.web import figures, tables


@require_safe
@member_view("scorecard.read")
def standings_page(request: HttpRequest, here: Here, project: str) -> HttpResponse:
    """`?question=`: by which question; the first that compares items if it is left out."""
    row = _project(here)
    compared = standings.questions(row)
    chosen = _chosen(request, compared)
    titles = figures.titles(figures.asked(row))
    found = standings.of_question(row, chosen) if chosen else None
    return project_page(
        request,
        here,
        "quality/standings.html",
        tab="quality",
        questions=[{"name": each.name, "title": titles[each.name], "current": each == chosen} for each in compared],
        chosen=chosen,
        found=found,
        rows=[_drawn(each) for each in found.rows] if found else [],
    )


@require_safe
@member_view("scorecard.read")
def standings_csv(request: HttpRequest, here: Here, project: str) -> HttpResponse:
    """One line a source, the best first: how likely it is preferred to a middling one, 0..1."""
    row = _project(here)
    chosen = _chosen(request, standings.questions(row))
    rows = standings.of_question(row, chosen).rows if chosen else []
    lines = ([each.source, round(each.chance, 4), round(each.low, 4), round(each.high, 4), each.n] for each in rows)
    return tables.csv_file("standings.csv", ("source", "chance", "low", "high", "answers"), lines)


def _chosen(request: HttpRequest, compared: list[Compared]) -> Compared | None:
    """None where the project compares nothing."""
    wanted = request.GET.get("question")
    return next((each for each in compared if each.name == wanted), compared[0] if compared else None)


def _drawn(each: Standing) -> dict[str, Any]:
    return {"source": each.source, **figures.drawn(Share(each.chance, each.low, each.high, each.n))}


def _project(here: Here) -> Project:
    assert here.project is not None  # noqa: S101  the address names one
    return here.project
