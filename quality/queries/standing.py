"""How well somebody's checked answers did, project by project, for their own eyes."""

from dataclasses import dataclass
from datetime import datetime

from quality.agreement.accuracy import PRIOR_RIGHT, PRIOR_WRONG
from quality.agreement.bounds import wilson
from quality.models import Scorecard
from workforce.models import Contributor

MOST = 8
FROM_CHECKED = 10  # below it an interval says nothing


@dataclass(frozen=True, slots=True)
class Standing:
    """One project: share of right answers with Wilson's 95 % interval; None while too few were checked. state: as on the scorecard."""

    project: str
    key: str  # the project's public id
    state: str
    checked: int
    share: float | None
    low: float
    high: float
    updated_at: datetime

    @property
    def still_needed(self) -> int:
        """Checked answers until the share is shown."""
        return max(FROM_CHECKED - self.checked, 0)


def standing_of(contributor: Contributor) -> list[Standing]:
    """The projects with checked answers, the latest first; one statement."""
    cards = Scorecard.objects.filter(contributor=contributor, n__gt=0).select_related("project")
    return [_standing(card) for card in cards.order_by("-updated_at")[:MOST]]


def _standing(card: Scorecard) -> Standing:
    right, wrong = card.alpha - PRIOR_RIGHT, card.beta - PRIOR_WRONG
    weight = right + wrong
    low, high = wilson(right, weight)
    known = card.n >= FROM_CHECKED and weight > 0
    return Standing(
        card.project.name,
        card.project.public_id,
        card.standing,
        card.n,
        right / weight if known else None,
        low,
        high,
        card.updated_at,
    )
