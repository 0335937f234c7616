"""The order inside a queue: a virtual due time, written once at intake and never computed again."""

from datetime import UTC, datetime

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
SLACK_TAILS = 3  # a deadline leaves room for three slow answers
AGE_MAX_S = {"urgent": 3_600, "standard": 86_400, "bulk": 604_800, "training": 2_592_000}


def virtual_due(
    *, created_at: datetime, service_class: str, priority: int, deadline: datetime | None, tau80_s: float
) -> int:
    """Rank in whole seconds since 2020-01-01 UTC, lower first.

    `min(deadline - 3 tau80, created + age_max (1 - 0.9 priority / 100))`: deadline slack, priority 0-100 and ageing in one number. Two
    tasks without deadlines more than 0.9 age_max apart never change places, so nothing starves. `tau80_s`: seconds an answer takes (80 %).
    """
    due = created_at.timestamp() + AGE_MAX_S[service_class] * (1 - 0.9 * priority / 100)
    if deadline is not None:
        due = min(due, deadline.timestamp() - SLACK_TAILS * tau80_s)
    return int(due - EPOCH.timestamp())
