"""Rules in words: a fact, a condition, and what was seen of somebody."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quality.agreement.conditions import KINDS, SPEED
from workforce.templatetags.ui import percent

OF_KIND = {
    "gold": gettext_lazy("Known answers"),
    "review": gettext_lazy("Reviewed answers"),
    "peer": gettext_lazy("Answers compared with the result"),
}
OF_FACT = {
    "n": gettext_lazy("number"),
    "share": gettext_lazy("share right"),
    "low": gettext_lazy("share right, at least (95% sure)"),
    "high": gettext_lazy("share right, at most (95% sure)"),
}
OF_SPEED = {
    "n": gettext_lazy("Timed answers: number"),
    "share": gettext_lazy("Timed answers: share that took long enough"),
    "low": gettext_lazy("Timed answers: share that took long enough, at least (95% sure)"),
    "high": gettext_lazy("Timed answers: share that took long enough, at most (95% sure)"),
}
OTHERS = {
    "drift.score": gettext_lazy("Known answers: fall from what was usual (3 is an alarm)"),
    "spam.score": gettext_lazy("Answers: how much they depend on the task (0 not at all, 1 fully)"),
    "skips.n": gettext_lazy("Tasks taken: number"),
    "skips.share": gettext_lazy("Tasks taken: share given back"),
    "skips.row": gettext_lazy("Tasks taken: most given back in a row"),
    "exits.n": gettext_lazy("Answers given: number"),
    "exits.share": gettext_lazy("Answers given: share that said the task cannot be done"),
    "volume.answers": gettext_lazy("Answers a day"),
    "volume.minutes": gettext_lazy("Active minutes a day"),
}
SHARES = (".share", ".low", ".high")  # facts that end so are shown in per cent


def fact_words(fact: str) -> str:
    """A fact in words."""
    kind, name = fact.split(".")
    if fact in OTHERS:
        return str(OTHERS[fact])
    return str(OF_SPEED[name]) if kind == SPEED else f"{OF_KIND[kind]}: {OF_FACT[name]}"


def condition_words(condition: Mapping[str, Any]) -> str:
    """A condition in one line."""
    match condition:
        case {"all": parts}:
            return f" {_('and')} ".join(map(condition_words, parts))
        case {"any": parts}:
            return f" {_('or')} ".join(map(condition_words, parts))
        case {"not": part}:
            return _("not (%(condition)s)") % {"condition": condition_words(part)}
        case _:
            fact, value = condition["fact"], condition["value"]
            shown = percent(value, 1 if value * 100 % 1 else 0) if fact.endswith(SHARES) else f"{value:g}"
            return f"{fact_words(fact)} {condition['op']} {shown}"


def facts_words(facts: Mapping[str, float]) -> str:
    """Per kind: how many of how many were right, or took long enough; then what else was asked."""
    of_kinds = [_of_kind(kind, facts) for kind in KINDS if f"{kind}.n" in facts]
    return "; ".join([*of_kinds, *_others(facts)])


def _others(facts: Mapping[str, float]) -> Iterator[str]:
    if "drift.score" in facts:
        yield _("Known answers: a fall of %(fall).1f (3 is an alarm)") % {"fall": facts["drift.score"]}
    if "spam.score" in facts:
        yield _("Answers: depend on the task by %(score).2f (0 not at all, 1 fully)") % {"score": facts["spam.score"]}
    if "skips.n" in facts:
        values = {"n": facts["skips.n"], "share": percent(facts["skips.share"]), "row": facts["skips.row"]}
        yield _("Tasks taken: %(share)s of %(n)d given back, at most %(row)d in a row") % values
    if "exits.n" in facts:
        values = {"n": facts["exits.n"], "share": percent(facts["exits.share"])}
        yield _("Answers given: %(share)s of %(n)d said that the task cannot be done") % values
    if "volume.answers" in facts:
        values = {"answers": facts["volume.answers"], "minutes": facts["volume.minutes"]}
        yield _("A day: %(answers).1f answers in %(minutes).0f minutes") % values


def _of_kind(kind: str, facts: Mapping[str, float]) -> str:
    shares = {name: percent(facts[f"{kind}.{name}"]) for name in ("low", "high")}
    values = {**shares, "n": facts[f"{kind}.n"]}
    if kind == SPEED:
        return _("Timed answers: %(low)s – %(high)s long enough of %(n)d") % values
    return _("%(kind)s: %(low)s – %(high)s right of %(n)d") % {"kind": OF_KIND[kind], **values}
