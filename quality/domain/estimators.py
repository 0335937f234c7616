"""Estimators: what all answers to a question say of those who gave them, learned anew as answers come. A run is its own record.

Nothing here is asked for answer by answer: new ones are counted, and when there are enough of them all are read at once.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from django.db import connection, transaction
from django.db.models.functions import Now
from numpy.typing import NDArray

from annotation.domain.copying import copy_in
from annotation.models import Project, SchemaVersion
from annotation.queries.schemas import compiled
from quality.aggregation import auto, choice, preference
from quality.aggregation.decide import UNCALIBRATED
from quality.aggregation.estimators import SHARES
from quality.aggregation.store import LabelStore
from quality.domain.consensus import Asked, asked
from quality.models import ContributorSkill, EstimatorRun
from quality.queries import labels, skills

CLASSES = {"choice": choice.classes, "preference": preference.classes}
PRESENT = (EstimatorRun.Status.FITTED, EstimatorRun.Status.REFUSED)
AGAIN_S, AGAIN_SHARE = 60, 0.01  # a new run after so many seconds and so many new answers, whichever is later
# Fewer labels are fitted within a second from nothing, which is better: what is believed of the first answers is not where the next begin.
WARM_FROM = 100_000

HEARD = """
WITH r AS (SELECT r.id, v.n FROM estimator_run r JOIN unnest(%s::bigint[], %s::int[]) AS v (project_id, n) USING (project_id)
            WHERE r.status IN ('fitted', 'refused') ORDER BY r.id FOR NO KEY UPDATE OF r)
UPDATE estimator_run e SET fresh = e.fresh + r.n FROM r WHERE e.id = r.id
"""


def heard(*, answers: Mapping[int, int]) -> None:
    """So many new answers of each project (key)."""
    if answers:
        with connection.cursor() as cursor:
            cursor.execute(HEARD, [list(answers), list(answers.values())])


# Also projects that have never been looked at, as soon as the pipeline has judged something there.
DUE = """
SELECT project_id FROM (
    SELECT r.project_id, min(r.fitted_at) AS since FROM estimator_run r JOIN project p ON p.id = r.project_id
     WHERE r.status IN ('fitted', 'refused') AND r.fresh >= greatest(1, %(share)s * r.labels)
       AND r.fitted_at < now() - make_interval(secs => %(seconds)s) AND p.quality ->> 'aggregate' IS DISTINCT FROM 'majority'
     GROUP BY r.project_id
    UNION ALL
    SELECT p.id, p.created_at FROM project p
     WHERE p.status = 'open' AND p.quality ->> 'aggregate' IS DISTINCT FROM 'majority'
       AND EXISTS (SELECT FROM consensus c WHERE c.project_id = p.id)
       AND NOT EXISTS (SELECT FROM estimator_run r WHERE r.project_id = p.id AND r.status IN ('fitted', 'refused'))) d
 ORDER BY since, project_id
"""


def due() -> list[int]:
    """Projects (keys) where it is time for a new run, those first that have waited longest."""
    with connection.cursor() as cursor:
        cursor.execute(DUE, {"share": AGAIN_SHARE, "seconds": AGAIN_S})
        return [row[0] for row in cursor.fetchall()]


def warm() -> list[int]:
    """Projects (keys) whose present runs went on from runs before: once a night they begin from nothing."""
    runs = EstimatorRun.objects.filter(status=EstimatorRun.Status.FITTED, warm=True)
    return sorted(set(runs.values_list("project_id", flat=True)))


@dataclass(frozen=True, slots=True)
class _Question:
    """What a run needs to know of a question."""

    wanted: labels.Wanted
    share: float
    target: float


@transaction.atomic
def refit(*, project_id: int, cold: bool = False) -> NDArray[np.int64]:
    """Learn from all answers to the questions with classes of a project. `cold`: from nothing, even if the last run went on from another.

    Tasks (keys) whose answers to all these questions are sure enough now, as far as these were read anew. Only one at a time per project:
    whoever comes second leaves it to the first. The same answers again change nothing.
    """
    if not _alone(project_id):
        return np.empty(0, np.int64)
    sure, unsure = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for question in _questions(Project.objects.get(pk=project_id)):
        fit = _run(question, cold=cold)
        if fit is not None:
            clear = fit.posterior(question.share).max(axis=1) >= question.target
            sure.append(fit.store.tasks[clear].astype(np.int64))
            unsure.append(fit.store.tasks[~clear].astype(np.int64))
    return np.setdiff1d(np.concatenate(sure), np.concatenate(unsure))


def _alone(project_id: int) -> bool:
    """No other process fits this project now; the lock ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('estimators'), %s::int)", [project_id])
        return bool(cursor.fetchone()[0])


def _questions(project: Project) -> Iterator[_Question]:
    """The questions with the same classes for every task; none where votes are counted."""
    share = SHARES.get(project.quality.get("aggregate", "auto"))
    if share is None:
        return
    target = project.quality.get("overlap", {}).get("confidence") or UNCALIBRATED
    current = SchemaVersion.objects.get(project=project, number=project.schema_version)
    versions = SchemaVersion.objects.filter(project=project, major=current.major).values_list("number", flat=True)
    for each in asked(compiled(project.pk, project.schema_version)):
        if classes := _classes(each):
            wanted = labels.Wanted(project.pk, each.question.name, each.question.type, classes, list(versions))
            yield _Question(wanted, share, target)


def _classes(each: Asked) -> list[str]:
    """Two or more, or nothing."""
    if each.question.per is not None or each.question.type not in CLASSES:
        return []
    found = CLASSES[each.question.type](each.config)
    return found if len(found) > 1 else []


def _run(question: _Question, *, cold: bool) -> auto.Fit | None:
    """One question: read, fit, keep. None if there is nothing new, or nothing to be learned."""
    wanted, began = question.wanted, time.perf_counter()
    found = labels.read(wanted)
    run = _new_run(wanted, found)
    before = EstimatorRun.objects.filter(
        project=wanted.project_id, question=wanted.question, status__in=PRESENT
    ).first()
    if before and _same(before, run) and not (cold and before.warm):
        EstimatorRun.objects.filter(pk=before.pk).update(fresh=0, fitted_at=Now())
        return None
    store = LabelStore.from_rows(found.task, found.contributor, found.label, len(wanted.classes))
    if not store.comparable():
        _keep(run, before)
        return None
    known = _known(wanted) if before and not cold and run.labels >= WARM_FROM else None
    fit = auto.fit(store, gold=_gold(found, store), warm=known.skills if known else None)
    run.status, run.warm, run.converged = EstimatorRun.Status.FITTED, known is not None, fit.converged
    run.parameters = _parameters(fit)
    run.seconds = time.perf_counter() - began
    _keep(run, before, fit)
    return fit


def _same(before: EstimatorRun, run: EstimatorRun) -> bool:
    """Would it teach the same? An option more is something new, even if nobody has chosen it yet."""
    return before.inputs_sha256 == run.inputs_sha256 and before.classes == run.classes


def _new_run(wanted: labels.Wanted, found: labels.Labels) -> EstimatorRun:
    """Not stored yet, and refused until it has been fitted."""
    return EstimatorRun(
        project_id=wanted.project_id,
        question=wanted.question,
        status=EstimatorRun.Status.REFUSED,
        classes=list(wanted.classes),
        inputs_sha256=found.sha256,
        through=found.through,
        tasks=len(np.unique(found.task)),
        contributors=len(np.unique(found.contributor)),
        labels=len(found.label),
        golds=len(found.gold),
        warm=False,
        converged=False,
        seconds=0,
    )


def _known(wanted: labels.Wanted) -> skills.Known | None:
    """What the present run says, if it speaks of the same classes."""
    known = skills.present([wanted.project_id])[wanted.project_id].get(wanted.question)
    return known if known and list(known.classes) == list(wanted.classes) else None


def _gold(found: labels.Labels, store: LabelStore) -> NDArray[np.int64]:
    return np.array([found.gold.get(task, -1) for task in store.tasks.tolist()], dtype=np.int64)


def _parameters(fit: auto.Fit) -> dict[str, object]:
    learned = fit.pooled.confusions
    phi = learned.crowd.phi.tolist()
    return {"strength": learned.crowd.strength, "phi": phi, "prior": learned.prior.tolist()}


SKILLS = "COPY contributor_skill (run_id, contributor_id, expected_right, labels, counts) FROM STDIN"


def _keep(run: EstimatorRun, before: EstimatorRun | None, fit: auto.Fit | None = None) -> None:
    """The run takes the place of the one before, whose skills nobody needs any more."""
    if before:
        ContributorSkill.objects.filter(run=before).delete()
        EstimatorRun.objects.filter(pk=before.pk).update(status=EstimatorRun.Status.REPLACED, parameters={})
    run.save()
    if fit:
        copy_in(SKILLS, _lines(run.pk, fit))


def _lines(run: int, fit: auto.Fit) -> Iterator[str]:
    for person, skill in fit.skills().people.items():
        given = ",".join(map(str, skill.counts))
        counts = ",".join(f"{count:.9g}" for row in skill.counts.values() for count in row.tolist())
        yield f"{run}\t{person}\t{skill.right:.9g}\t{{{given}}}\t{{{counts}}}\n"
