"""Known answers in words: how each did, where it stands, and what to do about it."""

import json
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from annotation.queries.schemas import compiled
from annotation.queries.tasks import excerpt
from annotation.web.preset_groups import words
from quality.domain.gold import SEATS
from quality.domain.gold_health import OLD
from quality.models import GoldItem
from quality.queries.gold_candidates import Candidate
from quality.queries.gold_items import Met

WEAK, ENOUGH = 0.5, 5  # an item whose answers are mostly wrong is perhaps wrong itself
ENDS_N, ENDS_AFTER = SEATS * 4 // 5, OLD * 5 // 6
LONGEST = 200
STATES = {
    GoldItem.Status.ACTIVE: (gettext_lazy("In use"), "ok"),
    GoldItem.Status.QUARANTINED: (gettext_lazy("Set aside"), "warn"),
    GoldItem.Status.RETIRED: (gettext_lazy("Retired"), ""),
}
RETIRED_FOR = {
    "used": gettext_lazy("It has had all its answers."),
    "old": gettext_lazy("It was in use for 60 days."),
    "leaked": gettext_lazy("It had become known: people were right more often than they are elsewhere."),
    "": gettext_lazy("Somebody retired it."),
}


def row(item: GoldItem, met: Met, *, now: datetime) -> dict[str, Any]:
    """A line of the list."""
    label, tone = STATES[GoldItem.Status(item.status)]
    low, high = met.interval
    return {
        "item": item,
        "excerpt": excerpt(item.task.payload.body),
        "n": met.n,
        "share": met.share,
        "low": low,
        "high": high,
        "first": met.first,
        "state": label,
        "tone": tone,
        "training": item.training,
        "source": "" if item.source == GoldItem.Source.PLANTED else item.get_source_display(),
        "weak": met.n >= ENOUGH and (met.share or 0) < WEAK,
        "advice": advice(item, met, now),
        "active": item.status != GoldItem.Status.RETIRED,
    }


def advice(item: GoldItem, met: Met, now: datetime) -> str:
    """What to do about an item, or why it is no longer in use."""
    if item.status == GoldItem.Status.RETIRED:
        return str(RETIRED_FOR[item.retired_for])
    if item.status == GoldItem.Status.QUARANTINED:
        return _("Decide who is right: it stands at the top of this page.")
    if met.n >= ENOUGH and (met.share or 0) < WEAK:
        return _(
            "Most people answer something else: perhaps the known answer is wrong, or the guideline does not say it."
        )
    if met.n >= ENDS_N or (met.first and now - met.first > ENDS_AFTER):
        return _("It retires soon. Plant another one.")
    return _("Nothing: it is healthy.") if met.n >= ENOUGH else _("Nothing yet: few people have met it.")


def dispute(item: GoldItem, met: Met) -> dict[str, Any]:
    """A disputed item: its answer and the other one, question by question."""
    return {
        "item": item,
        "excerpt": excerpt(item.task.payload.body),
        "n": met.n,
        "missed": met.n - met.passed,
        "questions": [
            {"title": title, "expected": said(item.expected.get(name)), "rival": said((item.rival or {}).get(name))}
            for name, title in _titles(item).items()
            if name in (item.rival or {})
        ],
    }


def candidate(each: Candidate) -> dict[str, Any]:
    """A task whose result could be a known answer."""
    counted = ngettext("%(n)d person agrees", "%(n)d people agree", each.n) % {"n": each.n}
    return {
        "task": each.task,
        "excerpt": excerpt(each.task.payload.body),
        "value": "; ".join(said(value) for value in each.value.values()),
        "why": _("decided by a reviewer") if each.source == GoldItem.Source.REVIEWED else counted,
    }


def _titles(item: GoldItem) -> dict[str, str]:
    schema = compiled(item.project_id, item.task.schema_version).document
    return {each["name"]: words(each.get("title", each["name"])) for each in schema["questions"]}


def said(value: Any) -> str:
    """A value in one line, shortened: what is marked and how, what is chosen; JSON where nothing shorter says it."""
    text = _said(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def _said(value: Any) -> str:
    match value:
        case str():
            return value
        case {"score": score}:
            return str(score)
        case {"none": True}:
            return _("nothing to mark")
        case {"text": str(text), "label": str(label)}:
            return f"{text} ({label})"
        case {"label": str(label)}:
            return label
        case [*parts]:
            return ", ".join(map(_said, parts))
        case dict() if len(value) == 1:
            return _said(next(iter(value.values())))
        case _:
            return json.dumps(value, ensure_ascii=False)
