"""Runs: each is the record of what was once learned of a question. One is present, the others are history."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models.functions import Now
from numpy.typing import NDArray

from annotation.domain.copying import copy_in
from quality.models import ContributorSkill, EstimatorRun
from quality.queries.labels import Labels, Wanted


@dataclass(frozen=True, slots=True)
class Split:
    """Tasks (keys) that a fit is sure enough of, and the others."""

    sure: NDArray[np.int64]
    unsure: NDArray[np.int64]


PRESENT = (EstimatorRun.Status.FITTED, EstimatorRun.Status.REFUSED)
SKILLS = "COPY contributor_skill (run_id, contributor_id, expected_right, labels, counts) FROM STDIN"


def of_labels(wanted: Wanted, found: Labels, *, method: str, classes: Sequence[str]) -> EstimatorRun:
    """Of what was read of a question. Not stored yet, and refused until it has been fitted."""
    return EstimatorRun(
        project_id=wanted.project_id,
        question=wanted.question,
        status=EstimatorRun.Status.REFUSED,
        method=method,
        classes=list(classes),
        inputs_sha256=found.sha256,
        through=found.through,
        tasks=len(np.unique(found.task)),
        contributors=len(np.unique(found.contributor)),
        labels=len(found.label),
        golds=int(np.isin(np.unique(found.task), list(found.known)).sum()),
        warm=False,
        converged=False,
        seconds=0,
    )


def present(project_id: int, question: str) -> EstimatorRun | None:
    """The one that counts now."""
    return EstimatorRun.objects.filter(project=project_id, question=question, status__in=PRESENT).first()


def teaches_the_same(before: EstimatorRun, run: EstimatorRun) -> bool:
    """From the same answers by the same method? An option more is something new, even if nobody has chosen it yet."""
    return (before.inputs_sha256, before.classes, before.method) == (run.inputs_sha256, run.classes, run.method)


def looked_at(run: EstimatorRun) -> None:
    """There was nothing new."""
    EstimatorRun.objects.filter(pk=run.pk).update(fresh=0, fitted_at=Now())


def keep(
    run: EstimatorRun, before: EstimatorRun | None, lines: Callable[[int], Iterable[str]] = lambda _run: ()
) -> None:
    """The run takes the place of the one before, whose skills nobody needs any more. lines: of its own skills, as COPY takes them."""
    if before:
        replace([before.pk])
    run.save()
    copy_in(SKILLS, lines(run.pk))


def replace(keys: Iterable[int]) -> None:
    """These are history."""
    old = list(keys)
    if not old:
        return
    ContributorSkill.objects.filter(run__in=old).delete()
    EstimatorRun.objects.filter(pk__in=old).update(status=EstimatorRun.Status.REPLACED, parameters={})
