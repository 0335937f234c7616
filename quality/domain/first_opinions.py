"""What reviewers say before they see what others make of it: kept beside the decision, so that it can be seen how much that sways them."""

from django.db import transaction

from annotation.domain.leases import LeaseLost
from annotation.models import Assignment, Stage
from quality.domain.decisions import ACTS, UnknownDecision
from quality.models import Review


@transaction.atomic
def say(*, assignment: str, contributor_id: int, epoch: int, decision: str, answer: str) -> Review:
    """Keep the first opinion of the holder of a review seat; later ones change nothing. It decides nothing, so nobody is told of it.

    answer: public id of the answer meant, or empty. Raises UnknownDecision, LeaseLost.
    """
    if decision not in ACTS:
        raise UnknownDecision
    seat = Assignment.objects.filter(
        public_id=assignment, contributor_id=contributor_id, epoch=epoch, status=Assignment.Status.LEASED
    )
    waiting = Review.objects.filter(task__assignments__in=seat, stage=Stage.REVIEW, status=Review.Status.REQUESTED)
    review = waiting.select_for_update(no_key=True, of=["self"]).first()
    if review is None:
        raise LeaseLost
    if (review.first or {}).get("assignment") != assignment:
        review.first = {"assignment": assignment, "decision": decision, "answer": answer}
        review.save(update_fields=["first"])
    return review
