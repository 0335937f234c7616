"""Estimators: what all answers to a question say of those who gave them, learned anew as answers come. A run is its own record.

Nothing here is asked for answer by answer: new ones are counted, and when there are enough of them all are read at once.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from django.db import connection, transaction
from django.db.models.functions import Now
from numpy.typing import NDArray

from annotation.domain.copying import copy_in
from annotation.models import Project, SchemaVersion
from annotation.queries.schemas import compiled
from quality.aggregation import auto
from quality.aggregation.calibration import Calibration
from quality.aggregation.decide import Policy
from quality.aggregation.fitting import LEARNED, learn
from quality.aggregation.store import LabelStore
from quality.domain.consensus import asked, chosen
from quality.models import ContributorSkill, EstimatorRun
from quality.queries import labels, skills

PRESENT = (EstimatorRun.Status.FITTED, EstimatorRun.Status.REFUSED)
AGAIN_S, AGAIN_SHARE = 60, 0.01  # a new run after so many seconds and so many new answers, whichever is later
PAUSE = 10  # and after so many times as long as the last one took: large projects with a slow estimator wait longer
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


# Where something new is to be learned, or another estimator has been chosen. Also projects that have never been looked at, as soon as the
# pipeline has judged something there.
DUE = """
SELECT project_id FROM (
    SELECT r.project_id, min(r.fitted_at) AS since FROM estimator_run r JOIN project p ON p.id = r.project_id
     WHERE r.status IN ('fitted', 'refused')
       AND (r.fresh >= greatest(1, %(share)s * r.labels)
            AND r.fitted_at < now() - make_interval(secs => greatest(%(seconds)s, %(pause)s * r.seconds))
            OR r.method <> coalesce(p.quality #>> ARRAY['aggregate_for', r.question], p.quality ->> 'aggregate', 'auto'))
     GROUP BY r.project_id
    UNION ALL
    SELECT p.id, p.created_at FROM project p
     WHERE p.status = 'open'
       AND (coalesce(p.quality ->> 'aggregate', 'auto') = ANY(%(learned)s)
            OR EXISTS (SELECT FROM jsonb_each_text(p.quality -> 'aggregate_for') o WHERE o.value = ANY(%(learned)s)))
       AND EXISTS (SELECT FROM consensus c WHERE c.project_id = p.id)
       AND NOT EXISTS (SELECT FROM estimator_run r WHERE r.project_id = p.id AND r.status IN ('fitted', 'refused'))) d
 ORDER BY since, project_id
"""


def due() -> list[int]:
    """Projects (keys) where it is time for a new run, those first that have waited longest."""
    with connection.cursor() as cursor:
        cursor.execute(DUE, {"share": AGAIN_SHARE, "seconds": AGAIN_S, "pause": PAUSE, "learned": list(LEARNED)})
        return [row[0] for row in cursor.fetchall()]


def warm() -> list[int]:
    """Projects (keys) whose present runs went on from runs before: once a night they begin from nothing."""
    runs = EstimatorRun.objects.filter(status=EstimatorRun.Status.FITTED, warm=True)
    return sorted(set(runs.values_list("project_id", flat=True)))


@dataclass(frozen=True, slots=True)
class _Question:
    """What a run needs to know of a question."""

    wanted: labels.Wanted
    method: str
    policy: Policy


@dataclass(frozen=True, slots=True)
class _Split:
    """Tasks (keys) that a fit is sure enough of, and the others."""

    sure: NDArray[np.int64]
    unsure: NDArray[np.int64]


@transaction.atomic
def refit(*, project_id: int, cold: bool = False) -> NDArray[np.int64]:
    """Learn from all answers to the questions with classes of a project. `cold`: from nothing, even if the last run went on from another.

    Tasks (keys) whose answers to all these questions are sure enough now, as far as these were read anew. Only one at a time per project:
    whoever comes second leaves it to the first. The same answers again change nothing.
    """
    if not _alone(project_id):
        return np.empty(0, np.int64)
    questions = list(_questions(Project.objects.get(pk=project_id)))
    _drop_runs(project_id, [question.wanted.question for question in questions])
    splits = [split for question in questions if (split := _run(question, cold=cold))]
    nothing = [np.empty(0, np.int64)]
    sure = np.concatenate(nothing + [split.sure for split in splits])
    return np.setdiff1d(sure, np.concatenate(nothing + [split.unsure for split in splits]))


def _alone(project_id: int) -> bool:
    """No other process fits this project now; the lock ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('estimators'), %s::int)", [project_id])
        return bool(cursor.fetchone()[0])


def _drop_runs(project_id: int, questions: Sequence[str]) -> None:
    """Runs of other questions: there votes are only counted now, or nothing is asked any more."""
    present = EstimatorRun.objects.filter(project=project_id, status__in=PRESENT)
    _replace(present.exclude(question__in=questions).values_list("pk", flat=True))


def _questions(project: Project) -> Iterator[_Question]:
    """The questions with the same classes for every task, where the estimator learns."""
    policy = Policy.of(project.quality)
    current = SchemaVersion.objects.get(project=project, number=project.schema_version)
    versions = SchemaVersion.objects.filter(project=project, major=current.major).values_list("number", flat=True)
    for each in asked(compiled(project.pk, project.schema_version)):
        method = chosen(project.quality, each.question.name)
        if method in LEARNED and (classes := labels.classes_of(each.question)):
            wanted = labels.Wanted(project.pk, each.question.name, each.question.type, classes, list(versions))
            yield _Question(wanted, method, policy)


def _run(question: _Question, *, cold: bool) -> _Split | None:
    """One question: read, fit, keep. None if there is nothing new, or nothing to be learned."""
    wanted, began = question.wanted, time.perf_counter()
    found = labels.read(wanted)
    run = _new_run(question, found)
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
    gold = np.array([found.known.get(task, -1) for task in store.tasks.tolist()], dtype=np.int64)
    fit = learn(store, question.method, gold=gold, warm=known.skills if known else None)
    calibrated = fit.calibrated()
    run.status, run.warm, run.converged = EstimatorRun.Status.FITTED, known is not None, fit.converged
    run.parameters = _parameters(fit, calibrated)
    run.seconds = time.perf_counter() - began
    _keep(run, before, fit)
    return _split(fit, calibrated.calibration, question.policy)


def _split(fit: auto.Fit, calibration: Calibration, policy: Policy) -> _Split:
    """By the rule of the pipeline."""
    target = policy.target(calibration.basis("new", fit.store.classes))
    clear = fit.mixed(calibration).max(axis=1) >= target
    tasks = fit.store.tasks.astype(np.int64)
    return _Split(tasks[clear], tasks[~clear])


def _same(before: EstimatorRun, run: EstimatorRun) -> bool:
    """Would it teach the same? An option more is something new, even if nobody has chosen it yet."""
    return (before.inputs_sha256, before.classes, before.method) == (run.inputs_sha256, run.classes, run.method)


def _new_run(question: _Question, found: labels.Labels) -> EstimatorRun:
    """Not stored yet, and refused until it has been fitted."""
    wanted = question.wanted
    return EstimatorRun(
        project_id=wanted.project_id,
        question=wanted.question,
        status=EstimatorRun.Status.REFUSED,
        method=question.method,
        classes=list(wanted.classes),
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


def _known(wanted: labels.Wanted) -> skills.Known | None:
    """What the present run says, if it speaks of the same classes."""
    known = skills.present([wanted.project_id])[wanted.project_id].get(wanted.question)
    return known if known and list(known.classes) == list(wanted.classes) else None


def _parameters(fit: auto.Fit, calibrated: auto.Calibrated) -> dict[str, object]:
    confusions, reliability = fit.by_confusion.confusions, calibrated.reliability
    return {
        "strength": confusions.crowd.strength,
        "phi": confusions.crowd.phi.tolist(),
        "prior": confusions.prior.tolist(),
        "calibration": {
            **asdict(calibrated.calibration),
            "reliability": asdict(reliability) if reliability else None,
        },
    }


SKILLS = "COPY contributor_skill (run_id, contributor_id, expected_right, labels, counts) FROM STDIN"


def _keep(run: EstimatorRun, before: EstimatorRun | None, fit: auto.Fit | None = None) -> None:
    """The run takes the place of the one before, whose skills nobody needs any more."""
    if before:
        _replace([before.pk])
    run.save()
    if fit:
        copy_in(SKILLS, _lines(run.pk, fit))


def _replace(runs: Iterable[int]) -> None:
    """These (keys) are history."""
    keys = list(runs)
    if not keys:
        return
    ContributorSkill.objects.filter(run__in=keys).delete()
    EstimatorRun.objects.filter(pk__in=keys).update(status=EstimatorRun.Status.REPLACED, parameters={})


def _lines(run: int, fit: auto.Fit) -> Iterator[str]:
    for person, skill in fit.skills().people.items():
        given = ",".join(map(str, skill.labels))
        counts = ",".join(f"{count:.9g}" for count in skill.counts.ravel().tolist())
        yield f"{run}\t{person}\t{skill.right:.9g}\t{{{given}}}\t{{{counts}}}\n"
