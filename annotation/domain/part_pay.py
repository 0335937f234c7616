"""What is paid for work that was taken away before it was done, or that led to nothing."""

from collections.abc import Sequence
from uuid import UUID

from annotation.models import Assignment, Stage
from workforce.domain import pay
from workforce.models.public_id import encode

LEAST_MS = 60_000


def share_minor(*, price_minor: int, active_ms: int, pace_s: float) -> int:
    """The price in the share that was spent of the usual time, never more; at least a quarter after a minute or half of that time.

    pace_s: median seconds of an answer.
    """
    usual_ms = max(pace_s * 1000, 1.0)
    spent = min(price_minor, round(price_minor * active_ms / usual_ms))
    return max(spent, price_minor // 4) if active_ms >= min(LEAST_MS, usual_ms / 2) else spent


def settle(*, assignments: Sequence[UUID]) -> None:
    """Pay the time of these ended assignments at once, each once."""
    rows = Assignment.objects.filter(public_id__in=[encode("asg", key) for key in assignments])
    sources = []
    for row in rows.select_related("task__queue").order_by("id"):
        labels = row.stage == Stage.LABEL
        price = int(row.terms.get("price_minor" if labels else "review_price_minor", 0))
        sources.append(f"assignment:{row.public_id}")
        pay.accrue(
            contributor_id=row.contributor_id,
            source_key=sources[-1],
            kind="work" if labels else "review",
            payer_key=row.terms["payer"],
            amount_minor=share_minor(price_minor=price, active_ms=row.active_ms, pace_s=row.task.queue.pace_median_s),
            currency=row.terms["currency"],
        )
    pay.credit(source_keys=sources)


def lower(*, assignments: Sequence[str], most: float, reason: str) -> None:
    """These ended assignments (public ids) earn their time instead of their price, at most `most` of it; paid now, with the reason code."""
    rows = Assignment.objects.filter(public_id__in=assignments).select_related("task__queue").order_by("id")
    minor = {}
    for row in rows:
        price = int(row.terms.get("price_minor", 0))
        spent = share_minor(price_minor=price, active_ms=row.active_ms, pace_s=row.task.queue.pace_median_s)
        minor[f"assignment:{row.public_id}"] = min(spent, int(price * most))
    pay.lower(amounts=minor, reason=reason)
    pay.credit(source_keys=list(minor))
