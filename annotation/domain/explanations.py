"""Why: the same numbers and rules that decide, for somebody who asks. Nothing is written here but verdicts that were missing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from annotation.domain import choosing, pace, routing
from annotation.domain.eligibility import Verdict
from annotation.models import DispatchRound, Project, Purpose, Queue, Stage, Task
from annotation.queries import explanations as reads
from annotation.queries import rounds, work
from annotation.scheduling import score
from annotation.scheduling.rank import AGE_MAX_S, EPOCH, SLACK_TAILS
from workforce.models import Contributor


# --- A task ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Due:
    """The virtual due time of a task, which is its rank, and the two of which it is the earlier."""

    at: datetime
    by_age: datetime
    by_deadline: datetime | None
    longest_s: int  # a task of this class is due after so long at the latest


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the score of a queue: 0..1, its weight, and what both make."""

    name: str
    value: float
    weight: float

    @property
    def points(self) -> float:
        """What it adds to the score."""
        return self.value * self.weight


@dataclass(frozen=True, slots=True)
class TaskWhy:
    """Where a task stands and why. `terms`: of its queue, for somebody of whom nothing is known. `place` is None if it waits for nobody."""

    due: Due
    place: reads.Place | None
    terms: list[Term]
    rounds: list[tuple[DispatchRound, int]]


def of_task(*, task: Task) -> TaskWhy:
    """The order inside the queue, the order between the queues, and what the dispatcher did of late."""
    return TaskWhy(
        due=_due(task),
        place=reads.place(task) if task.claimable else None,
        terms=_terms(task),
        rounds=reads.last_rounds(task.queue_id),
    )


def _terms(task: Task) -> list[Term]:
    """The terms of the task's queue among all open ones; empty if it is none of them."""
    lines = rounds.lines(projects=[task.project_id], everywhere=True)
    own = next((at for at, line in enumerate(lines) if line.id == task.queue_id), None)
    if own is None:
        return []
    terms = choosing.weigh(people=[rounds.NOBODY], lines=lines, seed=None).terms
    return [Term(name, float(terms[name][..., own].item()), score.WEIGHTS[name]) for name in score.TERMS]


def _due(task: Task) -> Due:
    most = AGE_MAX_S[task.queue.service_class]
    slack = timedelta(seconds=SLACK_TAILS * pace.quantile(task.queue, 0.8))
    return Due(
        at=EPOCH + timedelta(seconds=task.rank),
        by_age=task.created_at + timedelta(seconds=most * (1 - 0.9 * task.priority / 100)),
        by_deadline=task.deadline - slack if task.deadline else None,
        longest_s=most,
    )


# --- A person -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ProjectWhy:
    """What a project has for somebody. `verdict`: of its most open queue; `open_tasks`: of those they may do and have not had.

    `last_answer`: when anybody answered there last.
    """

    project: Project
    verdict: Verdict
    queue: Queue | None
    open_tasks: int
    last_answer: datetime | None


def of_person(*, contributor: Contributor) -> list[ProjectWhy]:
    """Every live project that this person may know of, those with work for them first. A constant number of statements."""
    projects = work.known(contributor)
    board = routing.board(contributor=contributor, projects=projects, stage=Stage.LABEL)
    best = {key: _best(verdicts) for key, verdicts in board.items()}
    ready = [queue.pk for verdicts in board.values() for queue, verdict in verdicts if not verdict.code]
    known = work.figures(contributor=contributor, projects=projects, queues=ready)
    last = reads.last_answers([project.pk for project in projects])
    found = [
        ProjectWhy(project, *best[project.pk], known[project.pk].open_tasks, last.get(project.pk))
        for project in projects
    ]
    return sorted(found, key=lambda each: (not each.open_tasks, each.verdict.code != "", each.project.name))


def _best(verdicts: list[tuple[Queue, Verdict]]) -> tuple[Verdict, Queue | None]:
    """The verdict of a queue that is open, else of the first one."""
    working = [(queue, verdict) for queue, verdict in verdicts if queue.purpose == Purpose.WORK]
    for queue, verdict in working:
        if not verdict.code:
            return verdict, queue
    return (working[0][1], working[0][0]) if working else (Verdict("queue_empty"), None)
