"""A promise of accuracy in words and as a picture: what was promised, how far its audit is, what it has found."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from workforce.templatetags.ui import percent

STATUSES = {
    "promised": gettext_lazy("Promised"),
    "auditing": gettext_lazy("Being audited"),
    "reworking": gettext_lazy("Being improved"),
    "met": gettext_lazy("Kept"),
    "missed": gettext_lazy("Not kept"),
    "canceled": gettext_lazy("Canceled"),
}
WIDTH = 1.04  # of the line, for what would lie at its very end


def share(value: float) -> str:
    """A share with as many digits as it takes: 2%, 1.6%."""
    return percent(value, 0 if abs(value * 100 - round(value * 100)) < 0.05 else 1)


def told(found: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What the batch's page shows of its promise; None without one."""
    if found is None:
        return None
    words = _("At most %(error)s of the results are wrong, with %(confidence)s confidence.")
    return {
        **found,
        "label": STATUSES[found["status"]],
        "promise": words % {"error": share(found["error"]), "confidence": share(found["confidence"])},
        "verdict": _verdict(found),
        "picture": _picture(found),
        "estimate": _estimate(found),
        "rows": _rows(found["strata"]),
    }


def _estimate(found: Mapping[str, Any]) -> str:
    """The share of wrong results, with its interval where not all were looked at."""
    if found["share"] is None:
        return ""
    if found["low"] == found["high"]:
        return _("%(share)s: all were looked at") % {"share": share(found["share"])}
    words = _("%(share)s, most likely %(low)s to %(high)s")
    return words % {name: share(found[name]) for name in ("share", "low", "high")}


def _verdict(found: Mapping[str, Any]) -> str:
    """What the last audit says."""
    if found["upper"] is None:
        return ""
    looked = ngettext("%(n)d looked at", "%(n)d looked at", found["audited"]) % {"n": found["audited"]}
    wrong = ngettext("%(n)d wrong", "%(n)d wrong", found["wrong"]) % {"n": found["wrong"]}
    bound = _("Error ≤ %(upper)s (%(confidence)s)") % {
        "upper": share(found["upper"]),
        "confidence": share(found["confidence"]),
    }
    return bound if found["status"] == "auditing" else f"{bound}: {looked}, {wrong}"


def _picture(found: Mapping[str, Any]) -> dict[str, Any] | None:
    """Places on a line from no error (0) to the largest share that is spoken of (1), and a legend."""
    if found["upper"] is None:
        return None
    low, high = (found["low"], found["high"]) if found["share"] is not None else (0.0, found["upper"])
    whole = min(1.0, max(2 * found["error"], high, found["upper"])) * WIDTH
    tone = "ok" if found["upper"] <= found["error"] else "warn"
    promised, bound = share(found["error"]), share(found["upper"])
    likely = _("%(low)s to %(high)s") % {"low": share(low), "high": share(high)}
    words = _("Share of wrong results: most likely %(likely)s; the bound is %(bound)s, promised was %(promised)s")
    return {
        "spans": [{"start": low / whole, "end": high / whole, "tone": tone}],
        "marks": [
            {"at": found["error"] / whole, "tone": "bad", "label": promised},
            {"at": found["upper"] / whole, "tone": "accent", "label": bound},
        ],
        "label": words % {"likely": likely, "bound": bound, "promised": promised},
        "legend": [
            {"label": _("Most likely"), "value": likely, "tone": tone},
            {"label": _("Bound"), "value": bound, "tone": "accent"},
            {"label": _("Promised"), "value": promised, "tone": "bad"},
        ],
    }


def _rows(strata: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The strata that hold results, with their range of confidence in words."""
    ends: list[float | None] = [row["from"] for row in strata]
    return [
        {**row, "confidence": _between(row["from"], end)}
        for row, end in zip(strata, [*ends[1:], None], strict=False)
        if row["results"]
    ]


def _between(low: float, high: float | None) -> str:
    if high is None:
        return _("%(low)s and more") % {"low": share(low)}
    if not low:
        return _("below %(high)s, or unknown") % {"high": share(high)}
    return _("%(low)s to %(high)s") % {"low": share(low), "high": share(high)}
