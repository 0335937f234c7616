"""Earnings: the balance, the rows behind it, sums by day and project, and the statement as a file."""

import csv
from collections.abc import Iterator
from datetime import timedelta
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from annotation.models import Annotation
from annotation.queries import earnings as money
from annotation.web import silence_words
from annotation.web.home import contributor_view, midnight_of, zone_of
from workforce.models import Contributor, Earning
from workforce.templatetags.ui import MINOR_DIGITS, money_text

STATES = {
    Earning.Status.PENDING: gettext_lazy("Being checked"),
    Earning.Status.AVAILABLE: gettext_lazy("Ready for payout"),
    Earning.Status.REVERSED: gettext_lazy("Not paid"),
}
SINCE = timedelta(days=14)  # while its author can ask for another look
LOOKS = {
    Annotation.Status.APPEALED: gettext_lazy("Being looked at again"),
    Annotation.Status.ACCEPTED: gettext_lazy("Paid after another look"),
}
REASONS = {
    "rejected": gettext_lazy("A reviewer did not accept the answer."),
    "not_returned": gettext_lazy("The returned work was not corrected in time."),
    "exit_not_confirmed": gettext_lazy("Nobody else saw the problem that you reported."),
    "exit_cut_short": gettext_lazy("The task ended before anybody could confirm the problem that you reported."),
}
PAID = {
    "exit_not_confirmed": gettext_lazy(
        "Nobody else saw the problem that you reported: your time is paid, up to a quarter of the price."
    ),
    "exit_cut_short": gettext_lazy(
        "The task ended before anybody could confirm the problem that you reported: your time is paid."
    ),
}
TOP_PROJECTS = 8
COLUMNS = ("earning", "date", "task", "project", "stage", "amount", "currency", "active_seconds", "state", "settled")


@require_safe
@contributor_view
def earnings(request: HttpRequest, contributor: Contributor) -> HttpResponse:
    """Four numbers that add up, each opening its rows. A constant number of statements."""
    status = _status(request)
    rows, after = money.page(contributor=contributor, status=status, after=request.GET.get("after", ""))
    balances, zone = money.balances(contributor), ZoneInfo(zone_of(contributor))
    context = {
        "balances": balances,
        "rows": [_row(row, zone) for row in rows],
        "next": after,
        "status": status,
        "filters": _filters(status),
        "columns": _columns(),
        "sums": _sums(contributor, balances[0].currency) if balances else None,
    }
    return render(request, "annotation/earnings.html", context)


def _status(request: HttpRequest) -> str:
    wanted = request.GET.get("status", "")
    return wanted if wanted in Earning.Status.values else ""


def _row(row: money.Row, zone: ZoneInfo) -> dict[str, Any]:
    """An earning with its state and reason in words."""
    earning = row.earning
    return {
        "earning": earning,
        "work": row.work,
        "seconds": row.seconds,
        "state": STATES[Earning.Status(earning.status)],
        "reason": _reason(row, zone),
        "stage": _stage(row),
        "look": _look(row),
    }


def _reason(row: money.Row, zone: ZoneInfo) -> str:
    """Why it is not paid, why it is although nobody judged the answer, or when it will be if nobody does."""
    earning = row.earning
    if not row.answers or earning.status == Earning.Status.REVERSED:
        return str(REASONS.get(earning.reason, earning.reason))
    if earning.reason:
        return str(PAID.get(earning.reason, ""))
    if row.answers[-1].redone:
        return _("Somebody else answers this task again. Your pay stays as it is.")
    if earning.status == Earning.Status.PENDING:
        return _waits(row.answers[-1], zone)
    return next((words for each in row.answers if (words := silence_words.kept(each))), "")


def _waits(answer: Annotation, zone: ZoneInfo) -> str:
    """What the pay waits for, by the last answer of the task."""
    if answer.status == Annotation.Status.SUPERSEDED:
        return _("It came back to you to be corrected.")
    if answer.status != Annotation.Status.PENDING or answer.exit:
        return ""
    day = formats.date_format(answer.judge_by.astimezone(zone), "SHORT_DATE_FORMAT")
    return _("Accepted on %(day)s if nobody judges it.") % {"day": day}


def _stage(row: money.Row) -> str:
    """What was done for it."""
    if row.earning.kind == Earning.Kind.APPEAL:
        return _("Back-pay")
    return str(row.work.get_stage_display()) if row.work else _("Appeal heard")


def _look(row: money.Row) -> str:
    """Where another look at a decision against the author stands, and how long it can be asked for; empty if there was no such decision."""
    earning, answer = row.earning, row.answers[-1] if row.answers else None
    if row.work is None or earning.reason not in money.CONTESTABLE or earning.settled_at is None:
        return ""
    if answer and answer.status in LOOKS:
        return str(LOOKS[Annotation.Status(answer.status)])
    if answer and (answer.decision or {}).get("final"):
        return _("Looked at again")
    days = ceil((earning.settled_at + SINCE - timezone.now()) / timedelta(days=1))
    asked = ngettext("Ask for another look: %(n)s day left", "Ask for another look: %(n)s days left", days)
    return asked % {"n": days} if days > 0 else _("What was decided")


def _filters(status: str) -> list[dict[str, object]]:
    everything = [("", _("All")), *((str(state), str(words)) for state, words in STATES.items())]
    return [
        {"title": title, "href": f"?status={state}" if state else "?", "current": state == status}
        for state, title in everything
    ]


def _columns() -> list[dict[str, object]]:
    return [
        {"key": "when", "title": _("When")},
        {"key": "work", "title": _("Work")},
        {"key": "stage", "title": _("Stage")},
        {"key": "time", "title": _("Time"), "number": True},
        {"key": "amount", "title": _("Pay"), "number": True},
        {"key": "state", "title": _("State")},
    ]


def _sums(contributor: Contributor, currency: str) -> dict[str, Any]:
    """The last 30 days of the main currency: a line by day, bars by project."""
    zone, today = zone_of(contributor), midnight_of(contributor).date()
    days = money.by_day(contributor=contributor, currency=currency, zone=zone, today=today)
    projects = money.by_project(contributor=contributor, currency=currency, zone=zone, today=today)
    scale = 10 ** MINOR_DIGITS.get(currency, 2)
    total = money_text(sum(minor for _day, minor in days), currency)
    line = {"name": _("Earned per day"), "values": [minor / scale for _day, minor in days], "area": True}
    return {
        "currency": currency,
        "total": total,
        "days": [line],
        "ticks": [formats.date_format(days[n][0], "MONTH_DAY_FORMAT") for n in (0, len(days) // 2, -1)],
        "label": _("%(total)s in the last 30 days, by day") % {"total": total},
        "table": [
            [formats.date_format(day, "SHORT_DATE_FORMAT"), money_text(m, currency)] for day, m in reversed(days) if m
        ],
        "heads": [_("Day"), _("Earned")],
        "projects": projects[:TOP_PROJECTS],
    }


class Echo:
    """A file for the csv module that hands each line back."""

    def write(self, line: str) -> str:
        """The line itself."""
        return line


@require_safe
@contributor_view
def statement(request: HttpRequest, contributor: Contributor) -> StreamingHttpResponse:
    """Every earning as CSV, newest first; times in UTC, amounts in the currency's main unit."""
    writer = csv.writer(Echo())

    def lines() -> Iterator[str]:
        yield "\ufeff"  # spreadsheets take the file for UTF-8
        yield writer.writerow(COLUMNS)
        for row in money.statement(contributor=contributor, status=_status(request)):
            yield writer.writerow(_cells(row))

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="earnings.csv"'
    return response


def _cells(row: money.Row) -> list[object]:
    earning, work = row.earning, row.work
    digits = MINOR_DIGITS.get(earning.currency, 2)
    return [
        earning.public_id,
        earning.created_at.isoformat(timespec="seconds"),
        work.task.public_id if work else earning.source_key,
        _inert(work.project.name) if work else "",
        work.stage if work else earning.kind,
        f"{earning.amount_minor / 10**digits:.{digits}f}",
        earning.currency,
        "" if row.seconds is None else round(row.seconds),
        earning.status,
        earning.settled_at.isoformat(timespec="seconds") if earning.settled_at else "",
    ]


def _inert(text: str) -> str:
    """Text that a spreadsheet does not run as a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
