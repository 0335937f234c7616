"""Likeness: how near people who mark something come to what others mark. Learned beside the estimators, and kept as their runs are."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quality.aggregation import peers
from quality.aggregation.peers import Peers
from quality.aggregation.registry import MARKS
from quality.domain import runs
from quality.domain.consensus import Asked
from quality.models import EstimatorRun
from quality.queries import marks


@dataclass(frozen=True, slots=True)
class Marking:
    """A question for marks of a project (key), the versions of the schema that ask it, and the estimator that the project has chosen."""

    project_id: int
    asked: Asked
    versions: Sequence[int]
    method: str

    @property
    def name(self) -> str:
        """Of the question."""
        return self.asked.question.name


def is_marked(asked: Asked) -> bool:
    """Is something to be marked, once per task?"""
    return asked.question.type in MARKS and asked.question.per is None


def run(marking: Marking) -> None:
    """One question: read, compare, keep. The same answers again change nothing."""
    began = time.perf_counter()
    found = marks.read(marking.project_id, marking.name, marking.versions)
    run = _new_run(marking, found)
    before = runs.present(marking.project_id, marking.name)
    if before and runs.teaches_the_same(before, run):
        runs.looked_at(before)
        return
    known = _learned(marking.asked, found)
    if known.known:
        run.status, run.parameters = EstimatorRun.Status.FITTED, {"usual": known.usual}
    run.seconds = time.perf_counter() - began
    runs.keep(run, before, lambda key: _lines(key, known))


def _learned(asked: Asked, found: marks.Marks) -> Peers:
    kind, config = MARKS[asked.question.type], asked.config
    return peers.learn(
        found.tasks,
        lambda a, b: kind.distance(a, b, config, {}),
        lambda votes: kind.aggregate(votes, config, {}).value,
    )


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
