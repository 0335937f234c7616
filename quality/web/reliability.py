"""The reliability plot of a board, in words and numbers: what is said with 90 % should be right nine times in ten."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from annotation.web.estimators import method_words
from quality.aggregation.reliability import Bin, Reliability
from quality.queries.reliability import Question
from workforce.templatetags.ui import percent

GOOD = 0.05  # calibration error up to which there is nothing to say


def drawn(questions: Iterable[Question], titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """For the template, per question: the plot with its table, or what is missing. titles: of the questions, by name."""
    return [
        {
            "title": titles.get(each.name, each.name),
            "method": method_words(each.method),
            "known": each.known,
            "missing": _missing(each),
            **(_plot(each.found, each.known) if each.found else {}),
        }
        for each in questions
    ]


def _missing(each: Question) -> str:
    """What it takes, in a sentence; nothing once there is enough."""
    if each.found:
        return ""
    if not each.missing:
        return _("There are enough known tasks. The plot comes with the next run, when there are new answers.")
    return ngettext(
        "%(known)d known task has been answered so far; %(n)d more is needed to check how right the stated confidence is.",
        "%(known)d known tasks have been answered so far; %(n)d more are needed to check how right the stated confidence is.",
        each.missing,
    ) % {"known": each.known, "n": each.missing}


def _plot(found: Reliability, known: int) -> dict[str, Any]:
    figures = {"error": percent(found.error), "n": known}
    return {
        "points": [_point(each) for each in found.bins],
        "label": _("Share right by stated confidence, from %(n)s known tasks; they differ by %(error)s on average")
        % figures,
        "error": percent(found.error),
        "brier": formats.number_format(found.brier, 3),
        "verdict": _verdict(found),
    }


def _verdict(found: Reliability) -> str:
    """What the plot shows, in a sentence."""
    if round(found.error, 2) <= GOOD:
        return _("Results are about as often right as they say.")
    if sum(each.n * (each.stated - each.right) for each in found.bins) > 0:
        return _("Results are less often right than they say. More known tasks make the confidence more honest.")
    return _("Results are more often right than they say. More known tasks make the confidence less modest.")


def _point(each: Bin) -> dict[str, Any]:
    """A dot with its whiskers, and a row of the table."""
    shown = {
        "said": percent(each.stated),
        "right": percent(each.right),
        "limits": f"{percent(each.low)} – {percent(each.high)}",
        "n": each.n,
    }
    label = _("Said %(said)s, right %(right)s (%(limits)s, %(n)d tasks)") % shown
    return {**shown, "stated": each.stated, "share": each.right, "low": each.low, "high": each.high, "label": label}
