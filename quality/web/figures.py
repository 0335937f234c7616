"""What several pages of quality draw alike: questions by their titles, and a share with its interval."""

from collections.abc import Mapping
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from annotation.models import Project, SchemaVersion
from annotation.web.preset_groups import words
from quality.queries.agreement import Share
from quality.queries.concordance import Figure, Pair
from workforce.templatetags.ui import percent


def asked(project: Project) -> list[dict[str, Any]]:
    """The questions of the present schema, as it has them."""
    body = SchemaVersion.objects.values_list("body", flat=True).get(project=project, number=project.schema_version)
    questions: list[dict[str, Any]] = body["questions"]
    return questions


def titles(questions: list[dict[str, Any]]) -> dict[str, str]:
    """In the reader's words, by name, in their order."""
    return {each["name"]: words(each.get("title") or each["name"]) for each in questions}


def classes(question: Mapping[str, Any]) -> dict[str, str]:
    """Options in the reader's words, by key."""
    options = question.get("config", {}).get("options", [])
    return {option["key"]: words(option.get("title") or option["key"]) for option in options}


def drawn(share: Share) -> dict[str, Any]:
    """A dot with its interval, and the words beside it."""
    return {
        "mean": percent(share.mean),
        "limits": f"{percent(share.low)} – {percent(share.high)}",
        "n": share.n,
        "at": share.mean,
        "low": share.low,
        "high": share.high,
    }


def signed(value: float, low: float, high: float) -> dict[str, Any]:
    """A statistic from -1 to 1, drawn as a share is."""
    return {
        "value": _decimals(value),
        "limits": f"{_decimals(low)} – {_decimals(high)}",
        "at": value,
        "low": low,
        "high": high,
    }


def _decimals(value: float) -> str:
    """Two, and no minus before a zero."""
    return formats.number_format(round(value, 2) + 0.0, 2)


def statistic(figure: Figure) -> dict[str, Any]:
    """With its name, and what it says in a sentence."""
    name, says = _named(figure)
    return {"name": name, "says": says, "n": figure.n, **signed(figure.value, figure.low, figure.high)}


def _named(figure: Figure) -> tuple[str, str]:
    if figure.kind == "ac1":
        return _("Gwet’s AC1"), _(
            "More than four answers in five are the same here; then alpha is low even if people agree, and this is not."
        )
    if figure.kind == "w":
        return _("Kendall’s W"), _(
            "How far the rankings of a task agree; people who rank without looking come to about %(chance)s."
        ) % {"chance": _decimals(figure.by_chance)}
    if figure.kind == "icc":
        return _("ICC(2,1), of one rating"), _(
            "Of %(people)d people who have all rated the same tasks: how much of what sets two ratings apart lies in the tasks, not in"
            " the people."
        ) % {"people": figure.people}
    return _("ICC(2,k), of their mean"), _("The same for the mean of these %(people)d ratings.") % {
        "people": figure.people
    }


def pair(each: Pair, titles: Mapping[str, str]) -> dict[str, Any]:
    """Two people on a question."""
    return {
        "question": titles.get(each.question, each.question),
        "first": each.first,
        "second": each.second,
        "n": each.n,
        **signed(each.kappa, each.low, each.high),
    }
