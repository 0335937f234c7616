"""The board of a project: a page, and the same content alone, which the page reads again at every hint."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from annotation.models import Task
from annotation.web import outlook
from annotation.web.console import Here, member_view
from annotation.web.preset_groups import words
from annotation.web.project_frame import address, offers, project_page
from annotation.web.reasons import CAUSES
from quality.queries import board
from quality.queries.board import Board, BurnUp
from quality.web import alerts, reliability
from workforce.templatetags.ui import money_text, percent

TONES = {
    Task.Status.COMPLETED: "ok",
    Task.Status.IN_REVIEW: "accent",
    Task.Status.DECIDING: "accent",
    Task.Status.COLLECTING: "warn",
    Task.Status.OPEN: "muted",
    Task.Status.QUEUED: "muted",
    Task.Status.FAILED: "bad",
    Task.Status.CANCELED: "muted",
}
TICKS = 5
WIDEST = 16  # characters beside a bar


@require_safe
@member_view("project.read")
def board_page(request: HttpRequest, here: Here, project: str) -> HttpResponse:
    """The page."""
    return project_page(request, here, "quality/board.html", tab="board", **_content(here))


@require_safe
@member_view("project.read")
def board_part(request: HttpRequest, here: Here, project: str) -> HttpResponse:
    """What moves. The header says in how many seconds there is something newer to see, if this was read a while ago."""
    content = _content(here)
    response = render(request, "quality/_board.html", {"project": here.project, **content})
    if content["fresh_in_s"]:
        response["X-Fresh-In-S"] = f"{content['fresh_in_s']:.1f}"
    return response


def _content(here: Here) -> dict[str, Any]:
    """The figures, as far as the role may see them: scorecards are not for everybody."""
    assert here.project is not None  # noqa: S101  the address names one
    now = timezone.now()
    found = board.board(project=here.project, now=now)
    said = alerts.alerts(found)
    trusted = offers(here, "scorecard.read")
    return {
        "health": alerts.health(found, len(said)),
        "alerts": said,
        "stats": _stats(found, here, trusted=trusted),
        "parts": _parts(found),
        "forecast": found.forecast,
        "drawn": outlook.drawn(found.forecast, None) if found.forecast else None,
        "burn_up": _burn_up(found.burn_up),
        "hours": _hours(found),
        "agreement": _agreement(found),
        "disputed": _disputed(found),
        "reliability": reliability.drawn(found.reliability, _titles(found)),
        "people": [_person(each) for each in found.people] if trusted else None,
        "reviews": [(str(CAUSES.get(cause, cause)), n) for cause, n in found.panel.backlog.waiting.items()],
        "oldest": found.panel.backlog.oldest,
        "read_at": found.read_at,
        "fresh_in_s": board.kept_s(found, project=here.project, now=now),
    }


def _stats(found: Board, here: Here, *, trusted: bool) -> list[dict[str, Any]]:
    row, project = found.row, found.row.project
    currency = here.organization.currency
    waiting = sum(found.panel.backlog.waiting.values())
    settled = {"note": _("of %(n)s tasks") % {"n": _n(row.total)}, "href": address(project, "tasks/?status=completed")}
    stats: list[dict[str, Any]] = [
        {"label": _("Settled"), "value": _n(row.done), **settled},
        {"label": _("Working now"), "value": _n(found.workers), "note": _("%(n)s tasks in work") % {"n": _n(row.leased)}},
        {"label": _("Answers an hour"), "value": _n(row.pace), "note": _("last 24 hours"), "spark": row.hours},
        {"label": _("Agreement"), "value": percent(row.agreement), "note": _("mean of the latest tasks")},
        {"label": _("Waiting for review"), "value": _n(waiting), "note": _("by cause below") if waiting else _("nothing waits")},
        {"label": _("Cost so far"), "value": money_text(found.spent_minor, currency), "note": _each(found, currency)},
    ]  # fmt: skip
    if trusted:
        gold = _("%(n)s answers to %(items)s known tasks") % {
            "n": _n(found.gold_n),
            "items": _n(found.panel.gold_items),
        }
        stats.insert(
            4,
            {
                "label": _("Known answers right"),
                "value": percent(found.gold_share),
                "note": gold,
                "href": address(project, "gold/"),
            },
        )
    return stats


def _each(found: Board, currency: str) -> str:
    """What a result costs."""
    if not found.row.done:
        return _("no result yet")
    return _("%(money)s a result") % {"money": money_text(round(found.spent_minor / found.row.done), currency)}


def _n(value: int) -> str:
    return formats.number_format(value, use_l10n=True, force_grouping=True)


def _parts(found: Board) -> list[dict[str, Any]]:
    """Tasks by status for the bar and its legend."""
    return [
        {"label": str(status.label), "value": found.row.tasks.get(status.value, 0), "tone": TONES[status]}
        for status in reversed(Task.Status)
        if found.row.tasks.get(status.value)
    ]


def _burn_up(drawn: BurnUp) -> dict[str, Any]:
    """For the chart component; nothing before there are tasks."""
    if not drawn.posted[-1]:
        return {}
    step = (drawn.end - drawn.start) / (len(drawn.posted) - 1)
    ticks = [drawn.start + (drawn.end - drawn.start) * place / (TICKS - 1) for place in range(TICKS)]
    short = drawn.end - drawn.start < timedelta(days=2)
    form = "H:i" if short else "SHORT_DATE_FORMAT"
    return {
        "series": [
            {"name": _("Posted"), "values": drawn.posted, "tone": "muted"},
            {"name": _("Settled"), "values": drawn.settled, "tone": "accent", "area": True},
        ],
        "ticks": [formats.date_format(timezone.localtime(tick), form) for tick in ticks],
        "label": _("Settled tasks rise to %(done)s of %(all)s")
        % {"done": _n(drawn.settled[-1]), "all": _n(drawn.posted[-1])},
        "heads": [_("Until"), _("Posted"), _("Settled")],
        "rows": [
            [
                formats.date_format(timezone.localtime(drawn.start + step * place), "SHORT_DATETIME_FORMAT"),
                posted,
                settled,
            ]
            for place, (posted, settled) in enumerate(zip(drawn.posted, drawn.settled, strict=True))
            if place % 4 == 0
        ],
    }


def _hours(found: Board) -> dict[str, Any]:
    """Answers in each of the last hours."""
    if not any(found.row.hours):
        return {}
    hours = found.row.hours
    return {
        "series": [{"name": _("Answers"), "values": hours, "tone": "accent", "area": True}],
        "ticks": [_("%(n)d h ago") % {"n": len(hours) - 1}, _("12 h ago"), _("now")],
        "label": _("Answers in each of the last 24 hours, at most %(n)s") % {"n": _n(max(hours))},
        "heads": [_("Hours ago"), _("Answers")],
        "rows": [[len(hours) - 1 - place, n] for place, n in enumerate(hours)][::-1],
    }


def _agreement(found: Board) -> list[dict[str, Any]]:
    """Per question of the present schema."""
    return [
        {"title": words(each.title), "mean": each.mean, "n": each.n, "unanimous": each.unanimous / each.n}
        for each in found.panel.agreement
    ]


def _titles(found: Board) -> dict[str, str]:
    """Of the questions, by name."""
    return {each.question: words(each.title) for each in found.panel.agreement}


def _disputed(found: Board) -> list[dict[str, Any]]:
    """Bars: where answers disagree most."""
    titles = _titles(found)
    return [
        {
            "label": name if len(name) <= WIDEST else f"{name[: WIDEST - 1]}…",
            "whole": name,
            "n": each.n,
            "value": round(each.disagreement * 100, 1),
            "tone": "warn" if each.disagreement > 1 - alerts.LOW_AGREEMENT else "accent",
            "text": percent(each.disagreement),
        }
        for each in found.disputed
        if each.disagreement > 0
        for title in [titles.get(each.question, each.question)]
        for name in [f"{title}: {each.label}" if each.label else title]
    ]


def _person(each: board.Person) -> dict[str, Any]:
    """A dot, and a row of the table."""
    shown = {
        "who": each.pseudonym,
        "share": percent(each.accuracy),
        "low": percent(each.low),
        "high": percent(each.high),
        "n": each.n,
    }
    return {
        **shown,
        "value": each.accuracy,
        "label": _("%(who)s: %(share)s right (%(low)s to %(high)s, %(n)d observations)") % shown,
    }
