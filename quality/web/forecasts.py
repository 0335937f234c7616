"""How true forecasts have been: how many batches ended inside the ranges that were given."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from annotation.queries import calibration
from annotation.queries.calibration import Outcome
from annotation.scheduling.forecast import LEVELS
from annotation.web.console import Here, member_view
from quality.agreement.bounds import wilson
from workforce.templatetags.ui import percent

FEWEST = 30  # below, an interval says little


@require_safe
@member_view("batch.read")
def forecasts(request: HttpRequest, here: Here) -> HttpResponse:
    """Of all batches of this installation: nothing is shown of any single one."""
    found = calibration.outcomes()
    rows = [_row(quarter, found.get(quarter, [])) for quarter in range(4)]
    context = {"here": here, "rows": rows, "columns": _columns(), "any": any(found.values()), "fewest": FEWEST}
    return render(request, "quality/forecasts.html", context)


def _columns() -> list[dict[str, Any]]:
    shares = [
        {"key": f"p{level}", "title": _("Ended inside p%(n)d") % {"n": 100 * level}, "number": True} for level in LEVELS
    ]
    return [
        {"key": "when", "title": _("Forecast made at")},
        *shares,
        {"key": "n", "title": _("Batches"), "number": True},
    ]


def _row(quarter: int, rows: list[Outcome]) -> dict[str, Any]:
    """Per level the share inside, and its interval."""
    shares = []
    for place, level in enumerate(LEVELS):
        inside = sum(row.inside[place] for row in rows)
        low, high = wilson(inside, len(rows))
        shares.append({
            "title": _("Ended inside p%(n)d") % {"n": 100 * level},
            "share": inside / len(rows) if rows else None,
            "low": low,
            "high": high,
        })  # fmt: skip
    words = _("%(from)s to %(to)s of the work") % {"from": percent(quarter / 4), "to": percent((quarter + 1) / 4)}
    return {"when": words, "shares": shares, "n": len(rows), "few": len(rows) < FEWEST}
