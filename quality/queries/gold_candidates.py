"""Tasks whose result is beyond doubt, so that they can serve as known answers."""

from dataclasses import dataclass
from typing import Any

from annotation.models import Project, Purpose, Result, Task
from quality.models import GoldItem

SURE, VOICES = 0.999, 3  # agreed: more confident than that, by so many people at least
LATEST = 300  # results that are looked through
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """A task with the value of its result, and why it can be trusted: `reviewed` or `agreed`, by `n` people."""

    task: Task
    source: str
    value: dict[str, Any]
    n: int


def candidates(project: Project) -> list[Candidate]:
    """The latest of a project, those that a reviewer decided first. Two statements."""
    rows = Result.objects.filter(project=project).select_related("task__payload").order_by("-id")[:LATEST]
    results = [row for row in rows if row.task.status == Task.Status.COMPLETED and row.task.purpose == Purpose.WORK]
    used = set(GoldItem.objects.filter(project=project, origin__isnull=False).values_list("origin", flat=True))
    found = [
        Candidate(row.task, source, value_of(row), len(row.provenance.get("annotations", [])))
        for row in results
        if row.task_id not in used and row.revision == row.task.revision and (source := source_of(row)) is not None
    ]
    return sorted(found, key=lambda each: each.source != GoldItem.Source.REVIEWED)[:SHOWN]


def source_of(result: Result) -> str | None:
    """Why this result is beyond doubt; None if it is not."""
    if result.provenance.get("reviews"):
        return GoldItem.Source.REVIEWED
    voices = len(result.provenance.get("annotations", []))
    sure = result.confidence is not None and result.confidence > SURE
    return GoldItem.Source.AGREED if sure and voices >= VOICES else None


def value_of(result: Result) -> dict[str, Any]:
    """{question: value} of what was decided."""
    return {name: part["value"] for name, part in result.answers.items() if part.get("value") is not None}
