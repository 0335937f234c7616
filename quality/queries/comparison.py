"""How alike the answers on the desk are, pair by pair. Read when they are on screen, so that taking a review waits for nothing."""

from dataclasses import dataclass
from typing import Any

from annotation.domain.leases import LeaseLost
from annotation.models import Annotation, Assignment, Stage
from annotation.queries.schemas import compiled
from annotation.questions.base import Question
from quality.aggregation.comparing import GRADED, Pair, pairs
from quality.models import Review
from quality.queries.authors import Record, records
from quality.queries.desk import answers_of, is_blind, version_of

MOST = 10  # answers: 45 pairs


@dataclass(frozen=True, slots=True)
class Compared:
    """The pairs of answers to one question; their places are those on the desk."""

    question: str
    pairs: list[Pair]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Per question of which answers can be partly alike, in the order of the schema. authors: what is known of each; None while blind."""

    questions: list[Compared]
    authors: list[list[Record]] | None


def seat_of(*, assignment: str, contributor_id: int) -> Assignment:
    """The review that this person has in hand, with its task. Raises LeaseLost."""
    seat = (
        Assignment.objects.filter(
            public_id=assignment,
            contributor_id=contributor_id,
            stage__in=[Stage.REVIEW, Stage.ADJUDICATE],
            status=Assignment.Status.LEASED,
        )
        .select_related("task__payload", "task__project")
        .first()
    )
    if seat is None:
        raise LeaseLost
    return seat


def comparison(seat: Assignment) -> Comparison:
    """Of the answers to the task of a review seat."""
    task = seat.task
    given = answers_of(task)[:MOST]
    schema = compiled(task.project_id, version_of(task, given))
    found = [
        Compared(question.name, _pairs(question, given, task.payload.body))
        for question in schema.questions
        if question.type in GRADED
    ]
    review = Review.objects.filter(task=task, stage=seat.stage, status=Review.Status.REQUESTED).first()
    blind = review is None or is_blind(review, task.project, seat.public_id)
    return Comparison(
        [each for each in found if each.pairs],
        None if blind else records(task=task, answers=given, schema=schema),
    )


def _pairs(question: Question, given: list[Annotation], payload: dict[str, Any]) -> list[Pair]:
    values = [(row.answer.get("value") or {}).get(question.name) for row in given]
    config = question.config.model_dump(exclude_none=True)
    return pairs(question.type, values, config, payload, per=question.per is not None)
