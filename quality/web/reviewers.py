"""How far a project's reviewers can be relied on: a block that the project's people page fetches."""

from math import isnan
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from annotation.web.console import Here, member_view
from annotation.web.reasons import FAULTS
from quality.queries import reviewer_cards
from quality.queries.reviewer_cards import Agreement, Card, Share
from workforce.templatetags.ui import percent


@require_safe
@member_view("scorecard.read")
def reviewers(request: HttpRequest, here: Here, project: str) -> HttpResponse:
    """Intervals, never bare shares; how far reviewers agree; which reasons do not hold in appeals."""
    assert here.project is not None  # noqa: S101  the address names one
    found = reviewer_cards.cards(here.project)
    context = {
        "project": here.project,
        "reviewers": [_shown(card) for card in found],
        "agreement": _agreement(reviewer_cards.agreement(here.project)) if found else "",
        "reasons": [(FAULTS.get(code, code), _of(share)) for code, share in reviewer_cards.overturned(here.project)],
    }
    return render(request, "quality/_reviewers.html", context)


def _shown(card: Card) -> dict[str, Any]:
    wrong = card.wrong
    return {
        "who": card.pseudonym,
        "decisions": card.decisions,
        "looked": card.looked,
        "wrong": f"{percent(wrong.low)} – {percent(wrong.high)}" if card.looked else "–",
        "false_rejects": _of(card.false_rejects),
        "missed": _of(card.missed),
        "appeals": _of(card.appeals),
    }


def _of(share: Share) -> str:
    """ "2 of 9, 6% – 55%"; a dash if nothing was looked at."""
    if not share.n:
        return "–"
    values = {"found": share.found, "n": share.n, "low": percent(share.low), "high": percent(share.high)}
    return _("%(found)d of %(n)d, %(low)s – %(high)s") % values


def _agreement(found: Agreement) -> str:
    """In words; what is missing for a figure, if there is none."""
    if isnan(found.alpha) or isnan(found.low):
        return _(
            "Too few decisions were looked at twice, or all were the same: no figure yet of how far reviewers agree."
        )
    values = {
        "pairs": found.pairs,
        "alpha": f"{found.alpha:.2f}",
        "low": f"{found.low:.2f}",
        "high": f"{found.high:.2f}",
    }
    return (
        _(
            "Two reviewers of the same task agree beyond chance by %(alpha)s (alpha; %(low)s to %(high)s, %(pairs)d pairs)."
        )
        % values
    )
