"""Gold: tasks whose answer is known. They look like all others, and every answer to one is evidence of its author's accuracy."""

from collections.abc import Sequence

from annotation.domain import judgements
from annotation.queries.schemas import compiled
from quality.domain import consensus, scorecards
from quality.domain.scorecards import Observation
from quality.models import Evidence, GoldOutcome
from quality.queries.work import GoldAnswer
from workforce.domain.actor import SYSTEM

SEATS = 200  # an item retires after as many answers


def score(*, answers: Sequence[GoldAnswer]) -> None:
    """Compare locked answers with what is expected; keep outcome and evidence; accept and pay at once, right or wrong.

    A wrong answer is paid: the customer bought the attention. An exit is paid and proves nothing.
    """
    if not answers:
        return
    scored = [(row, _matches(row)) for row in answers if not row.exit]
    GoldOutcome.objects.bulk_create(
        [
            GoldOutcome(
                annotation_id=row.id,
                item_id=row.item_id,
                score=consensus.mean_score(found),
                questions={name: {"passed": each.passed, "score": each.score} for name, each in found.items()},
            )
            for row, found in scored
            if found
        ],
        ignore_conflicts=True,
    )
    scorecards.observe(
        observations=[
            Observation(row.id, row.project_id, row.contributor_id, Evidence.Kind.GOLD, consensus.share_passed(found))
            for row, found in scored
            if found
        ]
    )
    judgements.accept(annotations=[row.id for row in answers], by=SYSTEM, how="policy")


def _matches(row: GoldAnswer) -> dict[str, consensus.Match]:
    schema = compiled(row.project_id, row.schema_version)
    return consensus.compare(schema, row.payload, row.answer.get("value", {}), row.expected)
