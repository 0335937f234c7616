"""How far stated confidence can be relied on, as the present fits found it on known tasks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from annotation.models import Project
from quality.aggregation.calibration import ENOUGH
from quality.aggregation.reliability import Bin, Reliability
from quality.models import EstimatorRun

PRESENT = (EstimatorRun.Status.FITTED, EstimatorRun.Status.REFUSED)


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its estimator. known: answered tasks whose class is known; found: None with fewer than fifty of them."""

    name: str
    method: str
    known: int
    found: Reliability | None

    @property
    def missing(self) -> int:
        """So many more known tasks, and it is calibrated."""
        return max(0, ENOUGH - self.known)


def of_project(project: Project) -> list[Question]:
    """The questions of which anything has been learned, by name. One statement."""
    runs = EstimatorRun.objects.filter(project=project, status__in=PRESENT).order_by("question")
    rows = runs.values_list("question", "method", "golds", "parameters__calibration__reliability")
    return [Question(name, method, known, _read(stored) if stored else None) for name, method, known, stored in rows]


def _read(stored: Mapping[str, Any]) -> Reliability:
    return Reliability([Bin(**each) for each in stored["bins"]], stored["error"], stored["brier"])
