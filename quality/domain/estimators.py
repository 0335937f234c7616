"""Estimators: what all answers to a question say of those who gave them, learned anew as answers come. A run is its own record.

Nothing here is asked for answer by answer: new ones are counted, and when there are enough of them all are read at once.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from annotation.models import Project, SchemaVersion
from annotation.queries.schemas import compiled
from quality.aggregation import auto
from quality.aggregation.calibration import Calibration
from quality.aggregation.collusion import collusion
from quality.aggregation.decide import Policy
from quality.aggregation.fitting import LEARNED, learn
from quality.aggregation.store import LabelStore
from quality.domain import likeness, runs
from quality.domain.consensus import asked, chosen
from quality.domain.likeness import Marking
from quality.domain.runs import PRESENT
from quality.models import EstimatorRun
from quality.queries import labels, skills

AGAIN_S, AGAIN_SHARE = 60, 0.01  # a new run after so many seconds and so many new answers, whichever is later
PAUSE = 10  # and after so many times as long as the last one took: large projects with a slow estimator wait longer
# Fewer labels are fitted within a second from nothing, which is better: what is believed of the first answers is not where the next begin.
WARM_FROM = 100_000
MOST_ALIKE = 100  # pairs that are kept

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
    """Learn from the answers to the questions of a project: to those with classes from all, to those for marks from the latest.

    `cold`: from nothing, even if the last run went on from another. Tasks (keys) whose answers to all questions with classes are sure
    enough now, as far as these were read anew. Only one at a time per project: whoever comes second leaves it to the first. The same
    answers again change nothing.
    """
    if not _alone(project_id):
        return np.empty(0, np.int64)
    questions, markings = _questions(Project.objects.get(pk=project_id))
    _drop_runs(project_id, [each.wanted.question for each in questions] + [each.name for each in markings])
    for marking in markings:
        likeness.run(marking)
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
    runs.replace(present.exclude(question__in=questions).values_list("pk", flat=True))


def _questions(project: Project) -> tuple[list[_Question], list[Marking]]:
    """Of those where the estimator learns: the questions with the same classes for every task, and those for marks."""
    policy = Policy.of(project.quality)
    current = SchemaVersion.objects.get(project=project, number=project.schema_version)
    versions = list(SchemaVersion.objects.filter(project=project, major=current.major).values_list("number", flat=True))
    questions, markings = [], []
    for each in asked(compiled(project.pk, project.schema_version)):
        name = each.question.name
        method = chosen(project.quality, name)
        if method in LEARNED and likeness.is_learned(each):
            markings.append(Marking(project.pk, each, versions, method))
        elif method in LEARNED and (classes := labels.classes_of(each.question)):
            wanted = labels.Wanted(project.pk, name, each.question.type, classes, versions)
            questions.append(_Question(wanted, method, policy))
    return questions, markings


def _run(question: _Question, *, cold: bool) -> _Split | None:
    """One question: read, fit, keep. None if there is nothing new, or nothing to be learned."""
    wanted, began = question.wanted, time.perf_counter()
    found = labels.read(wanted)
    run = _new_run(question, found)
    before = runs.present(wanted.project_id, wanted.question)
    if before and runs.teaches_the_same(before, run) and not (cold and before.warm):
        runs.looked_at(before)
        return None
    store = LabelStore.from_rows(found.task, found.contributor, found.label, len(wanted.classes))
    if not store.comparable():
        runs.keep(run, before)
        return None
    known = _known(wanted) if before and not cold and run.labels >= WARM_FROM else None
    gold = np.array([found.known.get(task, -1) for task in store.tasks.tolist()], dtype=np.int64)
    fit = learn(store, question.method, gold=gold, warm=known.skills if known else None)
    calibrated = fit.calibrated()
    run.status, run.warm, run.converged = EstimatorRun.Status.FITTED, known is not None, fit.converged
    run.parameters = _parameters(fit, calibrated)
    run.parameters["alike"] = before.parameters.get("alike", []) if before and known else _alike(fit, calibrated)
    run.seconds = time.perf_counter() - began
    runs.keep(run, before, lambda key: _lines(key, fit))
    return _split(fit, calibrated.calibration, question.policy)


def _split(fit: auto.Fit, calibration: Calibration, policy: Policy) -> _Split:
    """By the rule of the pipeline."""
    target = policy.target(calibration.basis("new", fit.store.classes))
    clear = fit.mixed(calibration).max(axis=1) >= target
    tasks = fit.store.tasks.astype(np.int64)
    return _Split(tasks[clear], tasks[~clear])


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


def _alike(fit: auto.Fit, calibrated: auto.Calibrated) -> list[list[float]]:
    """[contributor, contributor, shared, equal wrong, expected, p]: who errs alike more often than chance, the clearest first."""
    who = fit.store.workers.tolist()
    pairs = collusion(fit.store, fit.mixed(calibrated.calibration))[:MOST_ALIKE]
    return [[who[pair.first], who[pair.second], pair.shared, pair.equal_wrong, pair.expected, pair.p] for pair in pairs]


def _lines(run: int, fit: auto.Fit) -> Iterator[str]:
    for person, skill in fit.skills().people.items():
        given = ",".join(map(str, skill.labels))
        counts = ",".join(f"{count:.9g}" for count in skill.counts.ravel().tolist())
        yield f"{run}\t{person}\t{skill.right:.9g}\t{{{given}}}\t{{{counts}}}\n"
