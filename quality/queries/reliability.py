"""How far stated confidence can be relied on, as the present fits found it on known tasks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from annotation.models import Project
from quality.aggregation.calibration import ENOUGH
from quality.aggregation.reliability import Bin, Reliability
from quality.models import EstimatorRun
from quality.queries.skills import calibration

PRESENT = (EstimatorRun.Status.FITTED, EstimatorRun.Status.REFUSED)


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its estimator. known: answered tasks whose class is known; found: None with fewer than fifty of them.

    ceiling: what no confidence comes above, 0..1.
    """

    name: str
    method: str
    known: int
    ceiling: float
    found: Reliability | None

    @property
    def missing(self) -> int:
        """So many more known tasks, and it is calibrated."""
        return max(0, ENOUGH - self.known)


def of_project(project: Project) -> list[Question]:
    """The questions of which anything has been learned, by name. One statement."""
    runs = EstimatorRun.objects.filter(project=project, status__in=PRESENT).exclude(classes=[]).order_by("question")
    return [_question(run) for run in runs.only("public_id", "question", "method", "golds", "classes", "parameters")]


def _question(run: EstimatorRun) -> Question:
    ceiling = calibration(run.parameters).basis(run.public_id, len(run.classes)).ceiling
    stored = run.parameters.get("calibration", {}).get("reliability")
    return Question(run.question, run.method, run.golds, ceiling, _read(stored) if stored else None)


def _read(stored: Mapping[str, Any]) -> Reliability:
    return Reliability([Bin(**each) for each in stored["bins"]], stored["error"], stored["brier"])
