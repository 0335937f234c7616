"""Gauging: what answers that are numbers say of their authors. Learned beside the estimators of classes, and kept as their runs are."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

import numpy as np

from quality.aggregation import interval
from quality.aggregation.decide import Policy
from quality.aggregation.em import Floats
from quality.aggregation.rating import STEP
from quality.aggregation.store import LabelStore
from quality.aggregation.votes import Basis
from quality.domain import runs
from quality.domain.runs import Split
from quality.models import EstimatorRun
from quality.queries import labels


@dataclass(frozen=True, slots=True)
class Numbered:
    """A question whose classes are numbers, in rising order, and the estimator as the project has chosen it."""

    wanted: labels.Wanted
    values: Mapping[str, float]
    method: str
    policy: Policy


def run(question: Numbered) -> Split | None:
    """One question: read, fit, keep. None if there is nothing new, or nothing to be learned."""
    wanted, began = question.wanted, time.perf_counter()
    found = labels.read(wanted)
    run = runs.of_labels(wanted, found, method=question.method, classes=[])
    before = runs.present(wanted.project_id, wanted.question)
    if before and runs.teaches_the_same(before, run):
        runs.looked_at(before)
        return None
    store = LabelStore.from_rows(found.task, found.contributor, found.label, len(wanted.classes))
    if not store.comparable():
        runs.keep(run, before)
        return None
    values = np.array([question.values[key] for key in wanted.classes])
    gold = np.array([values[found.known[task]] if task in found.known else np.nan for task in store.tasks.tolist()])
    fit = interval.learn(store, values, gold=gold)
    run.status, run.converged, run.parameters = EstimatorRun.Status.FITTED, fit.converged, {"crowd": asdict(fit.crowd)}
    run.seconds = time.perf_counter() - began
    runs.keep(run, before, lambda key: _lines(key, store, values, fit))
    clear = _sure(question, fit.belief, values) >= question.policy.target(Basis("new", fit.crowd.known > 0))
    tasks = store.tasks.astype(np.int64)
    return Split(tasks[clear], tasks[~clear])


def _sure(question: Numbered, belief: interval.Belief, values: Floats) -> Floats:
    """f8[I]: how likely the truth is within a step of a rating, or nearest to the likeliest option."""
    if question.wanted.type == "rating":
        return interval.within(belief, belief.mean - STEP, belief.mean + STEP)
    likeliest: Floats = interval.nearest(belief, values).max(axis=1)
    return likeliest


def _lines(run: int, store: LabelStore, values: Floats, fit: interval.Fit) -> Iterator[str]:
    near = abs(values[store.label] - fit.belief.mean[store.task]) <= STEP
    right = np.bincount(store.worker, near, minlength=len(store.workers))
    columns = (store.workers, right, fit.people.n, fit.people.total, fit.people.squares)
    for person, good, n, total, squares in zip(*(column.tolist() for column in columns), strict=True):
        yield f"{run}\t{person}\t{good:.9g}\t{{}}\t{{{n:.0f},{total:.9g},{squares:.9g}}}\n"
