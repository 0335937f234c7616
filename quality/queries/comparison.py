"""How alike the answers on the desk are, pair by pair. Read when they are on screen, so that taking a review waits for nothing."""

from dataclasses import dataclass
from typing import Any

from annotation.domain.leases import LeaseLost
from annotation.models import Annotation, Assignment, Stage
from annotation.queries.schemas import compiled
from annotation.questions.base import Question
from quality.aggregation.comparing import GRADED, Pair, pairs
from quality.queries.desk import answers_of, version_of

MOST = 10  # answers: 45 pairs


@dataclass(frozen=True, slots=True)
class Compared:
    """The pairs of answers to one question; their places are those on the desk."""

    question: str
    pairs: list[Pair]


def seat_of(*, assignment: str, contributor_id: int) -> Assignment:
    """The review that this person has in hand, with its task. Raises LeaseLost."""
    seat = (
        Assignment.objects.filter(
            public_id=assignment,
            contributor_id=contributor_id,
            stage__in=[Stage.REVIEW, Stage.ADJUDICATE],
            status=Assignment.Status.LEASED,
        )
        .select_related("task__payload")
        .first()
    )
    if seat is None:
        raise LeaseLost
    return seat


def comparison(seat: Assignment) -> list[Compared]:
    """Per question of which answers can be partly alike, in the order of the schema, where two or more have answered it."""
    task = seat.task
    given = answers_of(task)[:MOST]
    schema = compiled(task.project_id, version_of(task, given))
    found = [
        Compared(question.name, _pairs(question, given, task.payload.body))
        for question in schema.questions
        if question.type in GRADED
    ]
    return [each for each in found if each.pairs]


def _pairs(question: Question, given: list[Annotation], payload: dict[str, Any]) -> list[Pair]:
    values = [(row.answer.get("value") or {}).get(question.name) for row in given]
    config = question.config.model_dump(exclude_none=True)
    return pairs(question.type, values, config, payload, per=question.per is not None)
