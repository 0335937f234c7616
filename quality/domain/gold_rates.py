"""How many known answers somebody gets: many while they are new, few once it is clear how good they are."""

from collections.abc import Sequence
from uuid import UUID

from annotation.domain import routing
from quality.models import Scorecard
from quality.queries.turns import KNOWN_FROM, RECENT, Turn, turns

# In multiples of the project's share, which at 4 % makes 20, 10, 4 and 3 %.
FIRST, FIRST_ANSWERS = 5.0, 50
SECOND = 2.5
STEADY = 1.0
PRECISE, NARROW, CONFIDENCE = 0.75, 0.10, 0.90  # where the interval of the accuracy is narrower than that
MOST_OF_RECENT = RECENT // 4


def refresh(*, keys: Sequence[UUID]) -> None:
    """Whoever has just answered one of these tasks gets known answers at the rate that is now theirs. A repeat changes nothing."""
    factors = {(each.project_id, each.contributor_id): factor(each) for each in turns(keys)}
    routing.set_gold_factors(factors=factors)


def factor(turn: Turn) -> float:
    """Known answers of somebody, in multiples of the project's share; none while they are a quarter of the last twenty tasks."""
    if turn.golden >= MOST_OF_RECENT:
        return 0.0
    if turn.answers < FIRST_ANSWERS or turn.raised:
        return FIRST
    if turn.answers < KNOWN_FROM - 1 or turn.standing == Scorecard.Standing.PROBATION:
        return SECOND
    low, high = turn.accuracy.interval(CONFIDENCE)
    return PRECISE if high - low < NARROW else STEADY
