"""What authors hear of a review: a notice each, with their value beside the decided one, and evidence on their scorecard."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotation.domain.hints import hint
from annotation.models import Annotation, Project
from quality.domain import scorecards
from quality.domain.consensus import Match, share_passed
from quality.domain.scorecards import Observation
from quality.models import Evidence, GoldOutcome, Review
from workforce.domain import standing


@dataclass(frozen=True, slots=True)
class Word:
    """One notice: its code, what it says beside project and decision."""

    annotation: Annotation
    code: str
    about: Mapping[str, Any]


def tell(*, review: Review, project: Project, words: Iterable[Word]) -> None:
    """Put the words of a review into the inboxes of the authors and hint to their open pages. Never names the reviewer."""
    said = {"project": project.public_id, "project_name": project.name, "reasons": review.reasons, "note": review.note}
    for word in words:
        standing.notify(
            contributor_id=word.annotation.contributor_id,
            code=word.code,
            source_key=review.public_id,
            params={
                **said,
                "assignment": word.annotation.assignment.public_id,
                "comments": review.comments,
                **word.about,
            },
        )
        hint(f"contributor.{word.annotation.contributor.public_id}", kind="feedback", project=project.public_id)


def compared(
    *,
    review: Review,
    project: Project,
    matches: Sequence[tuple[Annotation, Mapping[str, Match]]],
    value: dict[str, Any],
) -> None:
    """Each author learns whether their answer agrees with the decided value; their scorecards learn it too."""
    scorecards.observe(
        observations=[
            Observation(
                annotation_id=annotation.pk,
                project_id=annotation.project_id,
                contributor_id=annotation.contributor_id,
                kind=Evidence.Kind.REVIEW,
                outcome=share,
            )
            for annotation, found in matches
            if (share := share_passed(found)) is not None
        ]
    )
    tell(
        review=review,
        project=project,
        words=[_word(annotation, found, value) for annotation, found in matches],
    )


def _word(annotation: Annotation, found: Mapping[str, Match], value: dict[str, Any]) -> Word:
    differs = [question for question, match in found.items() if not match.passed]
    if not differs:
        return Word(annotation, "answer_accepted_in_review", {})
    mine = annotation.answer["value"]
    return Word(
        annotation,
        "answer_corrected",
        {
            "questions": differs,
            "yours": {name: mine.get(name) for name in differs},
            "accepted": {name: value.get(name) for name in differs},
        },
    )


def practised(*, outcomes: Sequence[int]) -> None:
    """Who has done a task for practice (answers by key) reads what was expected, and why, beside their own."""
    rows = GoldOutcome.objects.filter(annotation__in=outcomes).order_by("pk")
    for row in rows.select_related("item", "annotation__contributor", "annotation__assignment", "annotation__project"):
        annotation, item = row.annotation, row.item
        mine = annotation.answer.get("value", {})
        missed = [name for name, each in row.questions.items() if not each["passed"]]
        standing.notify(
            contributor_id=annotation.contributor_id,
            code="practice_wrong" if missed else "practice_right",
            source_key=annotation.public_id,
            params={
                "project": annotation.project.public_id,
                "project_name": annotation.project.name,
                "assignment": annotation.assignment.public_id,
                "note": item.why,
                "questions": list(item.expected),
                "yours": {name: mine.get(name) for name in item.expected},
                "accepted": item.expected,
            },
        )
        hint(f"contributor.{annotation.contributor.public_id}", kind="feedback", project=annotation.project.public_id)


def rejected(*, review: Review, project: Project, annotation: Annotation) -> None:
    """A rejected answer: evidence against it, and the reason to its author."""
    if not annotation.exit:
        scorecards.observe(
            observations=[
                Observation(annotation.pk, annotation.project_id, annotation.contributor_id, Evidence.Kind.REVIEW, 0.0)
            ]
        )
    tell(review=review, project=project, words=[Word(annotation, "answer_rejected", {})])


def returned(*, review: Review, project: Project, annotation: Annotation, again: str, hours: int) -> None:
    """Returned work: the author finds it first in line, with the comments. `again`: the new assignment."""
    about = {"again": again, "hours": hours}
    tell(review=review, project=project, words=[Word(annotation, "work_returned", about)])
