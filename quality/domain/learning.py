"""When to learn anew from the answers of a project, and what that changes: tasks that wait for one more may be sure enough without it."""

import time

import numpy as np

from quality.domain import estimators, pipeline
from quality.domain.pipeline import Outcome
from quality.queries.labels import idle

PATIENCE_S = 10.0


def refit(*, project_id: int, cold: bool = False) -> Outcome:
    """Fit the estimators of a project to all its answers (`cold`: from nothing), then settle the waiting tasks that are sure enough now."""
    sure = estimators.refit(project_id=project_id, cold=cold)
    return pipeline.settle_sure(task_ids=np.intersect1d(sure, idle(project_id)).tolist())


def refit_due() -> None:
    """Sweep: the projects where it is time, those first that have waited longest. After ten seconds the rest is left to the next one."""
    until = time.monotonic() + PATIENCE_S
    for project_id in estimators.due():
        refit(project_id=project_id)
        if time.monotonic() > until:
            return


def refit_cold() -> None:
    """Once a night: what went on from an earlier fit begins from nothing."""
    for project_id in estimators.warm():
        refit(project_id=project_id, cold=True)
