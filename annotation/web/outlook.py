"""When work ends, drawn as ranges on a line."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from annotation.models import Forecast


def drawn(made: Forecast, deadline: datetime | None) -> dict[str, Any] | None:
    """Places on a line from now (0) to the last of all moments (1)."""
    if made.p50_at is None or made.p80_at is None or made.p95_at is None:
        return None
    start = made.made_at
    whole = (max(made.p95_at, deadline or made.p95_at) - start).total_seconds() * 1.04 or 1.0
    place = {
        name: max(0.0, (moment - start).total_seconds() / whole)
        for name, moment in (
            ("p50", made.p50_at),
            ("p80", made.p80_at),
            ("p95", made.p95_at),
            ("deadline", deadline),
        )
        if moment
    }
    spans = [
        {"start": 0.0, "end": place["p50"], "tone": "muted"},
        {"start": place["p50"], "end": place["p80"], "tone": "accent"},
        {"start": place["p80"], "end": place["p95"], "tone": "warn"},
    ]
    marks = [{"at": place["deadline"], "tone": "bad", "label": _("Deadline")}] if "deadline" in place else []
    return {"spans": spans, "marks": marks}
