"""Likeness: how near people who mark, write or judge come to the others. Learned beside the estimators, kept as their runs are."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from typing import Any

from quality.aggregation import peers, verdicts
from quality.aggregation.peers import Peers
from quality.aggregation.registry import for_type, is_graded, power_of
from quality.agreement import unitizing, walks
from quality.agreement.unitizing import Units, units_of
from quality.domain import runs
from quality.domain.consensus import Asked
from quality.models import EstimatorRun
from quality.queries import marks


@dataclass(frozen=True, slots=True)
class Marking:
    """A question without classes, of a project (key): the versions of the schema that ask it, and the estimator that is chosen for it."""

    project_id: int
    asked: Asked
    versions: Sequence[int]
    method: str

    @property
    def name(self) -> str:
        """Of the question."""
        return self.asked.question.name


def is_learned(asked: Asked) -> bool:
    """Is it asked once per task, and are answers more or less near to each other?"""
    return is_graded(asked.question.type, asked.config) and asked.question.per is None


def run(marking: Marking) -> None:
    """One question: read, compare, keep. The same answers again change nothing."""
    began = time.perf_counter()
    field = marking.asked.question.on[0] if len(marking.asked.question.on) == 1 else ""
    found = marks.read(marking.project_id, marking.name, field, marking.versions)
    run = _new_run(marking, found)
    before = runs.present(marking.project_id, marking.name)
    if before and runs.teaches_the_same(before, run):
        runs.looked_at(before)
        return
    known = _learned(marking.asked, found)
    if known.known:
        run.status = EstimatorRun.Status.FITTED
        run.parameters = {"usual": known.usual, "alpha": _alpha(marking.asked, found)}
    run.seconds = time.perf_counter() - began
    runs.keep(run, before, lambda key: _lines(key, known))


def _learned(asked: Asked, found: marks.Marks) -> Peers:
    kind, config = for_type(asked.question.type), asked.config
    return peers.learn(
        found.tasks,
        lambda a, b: kind.distance(a, b, config, {}),
        lambda votes: kind.aggregate(votes, config, {}).value,
        power_of(asked.question.type),
    )


def _alpha(asked: Asked, found: marks.Marks) -> Mapping[str, float] | None:
    """Agreement beyond chance, on marks in texts or on the elements of a walk; None where it is not defined."""
    measure = {"spans": _alpha_of_texts, "verdicts": _alpha_of_walks}.get(asked.question.type)
    if measure is None:
        return None
    value, low, high, n = measure(asked, found)
    return {"value": value, "low": low, "high": high, "n": n} if n and not isnan(value) else None


def _alpha_of_texts(_asked: Asked, found: marks.Marks) -> tuple[float, float, float, int]:
    texts = [(length, answers.values()) for length, answers in zip(found.lengths, found.tasks, strict=True) if length]
    return unitizing.alpha_with_interval([(length, [_units(each) for each in values]) for length, values in texts])


def _alpha_of_walks(asked: Asked, found: marks.Marks) -> tuple[float, float, float, int]:
    runs = [[verdicts.numbers(value, asked.config) for value in answers.values()] for answers in found.tasks]
    return walks.alpha_with_interval(runs, asked.config.get("measure", "nominal"))


def _units(value: Mapping[str, Any]) -> Units:
    return units_of((span["label"], span["start"], span["end"]) for span in value["spans"])


def _new_run(marking: Marking, found: marks.Marks) -> EstimatorRun:
    """Not stored yet, and refused until two people are known to have marked the same."""
    return EstimatorRun(
        project_id=marking.project_id,
        question=marking.name,
        status=EstimatorRun.Status.REFUSED,
        method=marking.method,
        classes=[],
        inputs_sha256=found.sha256,
        through=found.through,
        tasks=len(found.tasks),
        contributors=found.people,
        labels=found.answers,
        golds=0,
        warm=False,
        converged=True,
        seconds=0,
    )


def _lines(run: int, known: Peers) -> Iterator[str]:
    for person, (near, tasks) in known.known.items():
        yield f"{run}\t{person}\t{near:.9g}\t{{}}\t{{{tasks}}}\n"
