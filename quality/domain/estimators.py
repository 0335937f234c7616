"""Estimators: what all answers to a question say of those who gave them, learned anew as answers come. A run is its own record.

Nothing here is asked for answer by answer: new ones are counted, and when there are enough of them all are read at once.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field

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
from quality.aggregation.ordinal import Readers
from quality.aggregation.store import LabelStore
from quality.aggregation.suited import INTERVAL, ORDINAL, numbers, suited
from quality.domain import gauging, likeness, runs
from quality.domain.consensus import asked
from quality.domain.gauging import Numbered
from quality.domain.likeness import Marking
from quality.domain.runs import PRESENT, Split
from quality.domain.weighing import chosen
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
        cursor.execute(DUE, {"share": AGAIN_SHARE, "seconds": AGAIN_S, "pause": PAUSE, "learned": [*LEARNED, INTERVAL]})
        return [row[0] for row in cursor.fetchall()]


def warm() -> list[int]:
    """Projects (keys) whose present runs went on from runs before: once a night they begin from nothing."""
    runs = EstimatorRun.objects.filter(status=EstimatorRun.Status.FITTED, warm=True)
    return sorted(set(runs.values_list("project_id", flat=True)))


@dataclass(frozen=True, slots=True)
class _Question:
    """What a run needs to know of a question."""

    wanted: labels.Wanted
    method: str  # as the project has chosen it
    model: str  # which of them suits the question
    policy: Policy


@transaction.atomic
def refit(*, project_id: int, cold: bool = False) -> NDArray[np.int64]:
    """Learn from the answers to the questions of a project: to those with classes or numbers from all, to those for marks from the latest.

    `cold`: from nothing, even if the last run went on from another. Tasks (keys) whose answers to all questions but marks are sure enough
    now, as far as these were read anew. Only one at a time per project: whoever comes second leaves it to the first. The same
    answers again change nothing.
    """
    if not _alone(project_id):
        return np.empty(0, np.int64)
    found = _questions(Project.objects.get(pk=project_id))
    _drop_runs(project_id, found.names)
    for marking in found.marked:
        likeness.run(marking)
    splits = [split for question in found.classed if (split := _run(question, cold=cold))]
    splits += [split for numbered in found.numbered if (split := gauging.run(numbered))]
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


@dataclass(frozen=True, slots=True)
class _Questions:
    """Those of which something is learned: with the same classes for every task, with numbers, and for marks."""

    classed: list[_Question] = field(default_factory=list)
    numbered: list[Numbered] = field(default_factory=list)
    marked: list[Marking] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """Of all."""
        classed, numbered = ([each.wanted.question for each in part] for part in (self.classed, self.numbered))
        return classed + numbered + [each.name for each in self.marked]


def _questions(project: Project) -> _Questions:
    """Those where the estimator learns."""
    policy, found = Policy.of(project.quality), _Questions()
    current = SchemaVersion.objects.get(project=project, number=project.schema_version)
    versions = list(SchemaVersion.objects.filter(project=project, major=current.major).values_list("number", flat=True))
    for each in asked(compiled(project.pk, project.schema_version)):
        name, kind = each.question.name, each.question.type
        method = chosen(project.quality, name)
        model = suited(kind, each.config, method)
        classes = labels.classes_of(each.question)
        wanted = labels.Wanted(project.pk, name, kind, classes, versions)
        if model in LEARNED and likeness.is_learned(each):
            found.marked.append(Marking(project.pk, each, versions, method))
        elif model in LEARNED and classes:
            found.classed.append(_Question(wanted, method, model, policy))
        elif model == INTERVAL and classes:
            found.numbered.append(Numbered(wanted, numbers(kind, each.config), method, policy))
    return found


def _run(question: _Question, *, cold: bool) -> Split | None:
    """One question: read, fit, keep. None if there is nothing new, or nothing to be learned."""
    wanted, began = question.wanted, time.perf_counter()
    found = labels.read(wanted)
    run = runs.of_labels(wanted, found, method=question.method, classes=wanted.classes)
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
    fit = learn(store, question.model, gold=gold, warm=known.skills if known else None)
    calibrated = fit.calibrated()
    run.status, run.warm, run.converged = EstimatorRun.Status.FITTED, known is not None, fit.converged
    run.parameters = _parameters(fit, calibrated)
    if question.model != ORDINAL:  # on a scale everybody errs to the steps near by, and so alike
        run.parameters["alike"] = before.parameters.get("alike", []) if before and known else _alike(fit, calibrated)
    run.seconds = time.perf_counter() - began
    runs.keep(run, before, lambda key: _lines(key, fit))
    return _split(fit, calibrated.calibration, question.policy)


def _split(fit: auto.Fit, calibration: Calibration, policy: Policy) -> Split:
    """By the rule of the pipeline."""
    target = policy.target(calibration.basis("new", fit.store.classes))
    clear = fit.mixed(calibration).max(axis=1) >= target
    tasks = fit.store.tasks.astype(np.int64)
    return Split(tasks[clear], tasks[~clear])


def _known(wanted: labels.Wanted) -> skills.Known | None:
    """What the present run says, if it speaks of the same classes."""
    known = skills.present([wanted.project_id])[wanted.project_id].get(wanted.question)
    return known if known and list(known.classes) == list(wanted.classes) else None


def _parameters(fit: auto.Fit, calibrated: auto.Calibrated) -> dict[str, object]:
    confusions, reliability = fit.by_confusion.confusions, calibrated.reliability
    crowd = confusions.crowd
    return {
        "strength": crowd.strength,
        "phi": crowd.phi.tolist(),
        **({"kinds": crowd.share.tolist()} if isinstance(crowd, Readers) else {}),
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
