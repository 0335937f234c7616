"""What follows an answer: the one place that says it. Idempotent, safe with several workers, a hundred tasks per short transaction.

Gold is scored and paid. Other tasks whose wanted answers are in get a consensus, and are settled, asked once more, or sent to review; exits
close a task or send it to review. What is known of people when a task is judged comes from scorecards and from fits of the estimators; a
new fit may find that a task needs no more answers after all. How much gold its author gets from now on follows every answer.
"""

import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, Self
from uuid import UUID

import structlog
from django.conf import settings
from django.db import connection, transaction

from annotation.domain import judgements, results, tasks
from annotation.domain.results import Settlement
from annotation.domain.tasks import Wish
from annotation.models import Assignment, Task
from annotation.queries.schemas import compiled
from quality.aggregation.peers import Peers
from quality.domain import consensus, exits, gold, gold_rates, lots, review_queue, scorecards
from quality.domain.consensus import Ballot, Estimate
from quality.domain.review_queue import Request
from quality.domain.scorecards import Observation, Standing
from quality.models import Consensus, Evidence, Review
from quality.queries import skills
from quality.queries.skills import Gauge, Known
from quality.queries.work import Work, lock_gold, lock_idle, lock_work, waiting
from workforce.domain import pay
from workforce.domain.actor import SYSTEM
from workforce.models.public_id import decode

log = structlog.get_logger(__name__)

CHUNK = 100
EXIT_RISK = 0.8
ENOUGH = (Consensus.Status.SETTLED, Consensus.Status.PLURAL)


@dataclass(slots=True)
class Outcome:
    """What one run did, in tasks; gold in answers."""

    gold: int = 0
    settled: int = 0
    more: int = 0
    review: int = 0
    failed: int = 0

    def __iadd__(self, other: "Outcome") -> Self:
        self.gold += other.gold
        self.settled += other.settled
        self.more += other.more
        self.review += other.review
        self.failed += other.failed
        return self


def run(*, keys: Iterable[str]) -> Outcome:
    """Judge what is to be judged of these tasks (public ids): in whatever state they are, and however often it is called."""
    found = [uuid for key in dict.fromkeys(keys) if (uuid := decode("tsk", key))]
    return _run(found)


def redrive() -> Outcome:
    """Sweep: whatever waits for a judgement because a wake-up was lost or a worker died; reviews and exits of tasks that have ended."""
    review_queue.withdraw()
    exits.close_left()
    return _run(waiting())


def _run(keys: Sequence[UUID]) -> Outcome:
    total = Outcome()
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        total += Outcome(gold=_score_gold(chunk))
        total += _judge(chunk)
        gold_rates.refresh(keys=chunk)
    return total


@transaction.atomic
def _score_gold(keys: Sequence[UUID]) -> int:
    answers = lock_gold(keys)
    gold.score(answers=answers)
    return len(answers)


@dataclass(slots=True)
class _Plan:
    """What a round has decided, before it is written. lots: {batch key: share of its results that are sampled}."""

    lots: Mapping[int, float] = field(default_factory=dict)
    estimates: list[tuple[Work, Estimate]] = field(default_factory=list)
    settle: list[tuple[Work, Estimate]] = field(default_factory=list)
    more: list[Wish] = field(default_factory=list)
    review: list[Request] = field(default_factory=list)
    fail: list[Work] = field(default_factory=list)


@transaction.atomic
def _judge(keys: Sequence[UUID]) -> Outcome:
    """One round: lock, estimate, decide, write. The number of statements does not depend on the number of tasks."""
    rows = lock_work(keys)
    if not rows:
        return Outcome()
    plan, trust = _Plan(lots=lots.shares(row.task for row in rows)), _trust(rows)
    reviewers = _last_reviewers([row for row in rows if _came_back(row)])
    for row in rows:
        _plan(plan, row, trust, reviewers)
    return _written(plan)


def settle_sure(*, task_ids: Sequence[int]) -> Outcome:
    """Settle those of the tasks (keys) that wait for one more answer, with nobody at work, and are sure enough without it."""
    total = Outcome()
    for start in range(0, len(task_ids), CHUNK):
        total += _settle_sure(task_ids[start : start + CHUNK])
    return total


@transaction.atomic
def _settle_sure(task_ids: Sequence[int]) -> Outcome:
    rows = [row for row in lock_idle(task_ids) if not exits.to_be_reviewed(_exits(row)) and not _came_back(row)]
    plan, trust = _Plan(lots=lots.shares(row.task for row in rows)), _trust(rows)
    for row in rows:
        estimate = _estimate(row, trust)
        if estimate and estimate.status in ENOUGH:
            plan.estimates.append((row, estimate))
            _follow(plan, row, estimate, {}, watched=trust.watched(row))
    return _written(plan)


@dataclass(frozen=True, slots=True)
class _Trust:
    """What is known of the authors of a round. standings {(project, contributor)} by scorecards; fits {project: {question}}; near
    {project: {question}} where something is marked or measured.
    """

    standings: Mapping[tuple[int, int], Standing]
    fits: Mapping[int, Mapping[str, Known]]
    near: Mapping[int, Mapping[str, Peers | Gauge]]

    def watched(self, row: Work) -> bool:
        """Has a rule all work of one of the authors reviewed?"""
        pairs = ((row.task.project_id, each.contributor_id) for each in row.answers)
        return any(self.standings[pair].watched for pair in pairs if pair in self.standings)


def _trust(rows: Sequence[Work]) -> _Trust:
    pairs = {(row.task.project_id, each.contributor_id) for row in rows for each in row.answers}
    projects, people = {project for project, _ in pairs}, {person for _, person in pairs}
    fits = skills.present(projects, people)
    trust = _Trust(scorecards.standings(pairs), fits, skills.near(projects, people))
    return replace(trust, fits={project: _ahead(project, rows, trust) for project in fits})


def _ahead(project: int, rows: Sequence[Work], trust: _Trust) -> Mapping[str, Known]:
    """What the fits of a project (key) say of its tasks, all at once."""
    own = [row for row in rows if row.task.project_id == project and row.answers]
    schema = compiled(project, max(each.schema_version for row in own for each in row.answers))
    return consensus.ahead(schema, [_ballots(row, trust) for row in own], trust.fits[project])


def _plan(plan: _Plan, row: Work, trust: _Trust, reviewers: dict[int, Assignment]) -> None:
    """Exits first; then, once the wanted answers are in, what the consensus says."""
    left = _exits(row)
    if exits.broken(left):
        plan.fail.append(row)
        return
    cause = exits.to_be_reviewed(left)
    idle = row.task.seats_taken == row.task.answers
    if cause and idle:
        plan.review.append(Request(row.task, cause, EXIT_RISK))
    if row.task.status != Task.Status.DECIDING:
        return
    estimate = _estimate(row, trust)
    if estimate is None:
        plan.review += [] if cause else [Request(row.task, "cannot_merge", 1.0)]
        return
    plan.estimates.append((row, estimate))
    if not cause:
        _follow(plan, row, estimate, reviewers, watched=trust.watched(row))


def _follow(plan: _Plan, row: Work, estimate: Estimate, reviewers: dict[int, Assignment], *, watched: bool) -> None:
    """Settle, ask one more, or review. watched: all work of one of the authors is reviewed."""
    share = float(row.task.project.quality.get("review", {}).get("share", 0))
    share = max(share, plan.lots.get(row.task.batch_id or 0, 0.0))
    risk = 1 - (estimate.confidence or 0)
    if _came_back(row):
        plan.review.append(Request(row.task, "returned", 1.0, reviewer=reviewers.get(row.task.pk)))
    elif estimate.status == Consensus.Status.MORE:
        plan.more.append(Wish(row.task, estimate.uncertainty))
    elif estimate.status == Consensus.Status.REVIEW:
        plan.review.append(Request(row.task, estimate.reason, risk))
    elif watched:
        plan.review.append(Request(row.task, "watched", risk))
    elif sampled(row.task, share):
        plan.review.append(Request(row.task, "sample", risk, inclusion_p=share))
    else:
        plan.settle.append((row, estimate))


def sampled(task: Task, share: float) -> bool:
    """Is a task that would settle reviewed all the same? A keyed draw: the same for the same task, foreseen by nobody."""
    message = f"review sample {task.public_id} {task.revision}".encode()
    number = int.from_bytes(hmac.digest(settings.SECRET_KEY.encode(), message, sha256)[:8])
    return number < share * 2**64


def _came_back(row: Work) -> bool:
    """An author has answered a return: the reviewer looks again."""
    return any(each.origin == Assignment.Origin.RETURN for each in row.answers)


def _last_reviewers(rows: Sequence[Work]) -> dict[int, Assignment]:
    """Per task, the seat of the reviewer who returned work last."""
    if not rows:
        return {}
    returns = Review.objects.filter(
        task__in=[row.task for row in rows], decision=Review.Decision.RETURN, assignment__isnull=False, second_of=None
    )
    seats = {review.task_id: review.assignment for review in returns.select_related("assignment").order_by("id")}
    return {task_id: seat for task_id, seat in seats.items() if seat is not None}


def _exits(row: Work) -> list[exits.Exit]:
    return [exits.Exit(each.id, each.exit) for each in row.exits]


def _estimate(row: Work, trust: _Trust) -> Estimate | None:
    """None if an answer cannot be read, which must not hold up the other tasks of the round."""
    try:
        return _consensus(row, trust)
    except Exception:
        log.exception("estimate_failed", task=row.task.public_id)
        return None


def _consensus(row: Work, trust: _Trust) -> Estimate:
    schema = compiled(row.task.project_id, max(each.schema_version for each in row.answers))
    known, near = trust.fits.get(row.task.project_id, {}), trust.near.get(row.task.project_id, {})
    policy, most = row.task.project.quality, row.task.seats_max
    return consensus.estimate(schema, row.payload, _ballots(row, trust), policy, most, known, near)


def _ballots(row: Work, trust: _Trust) -> list[Ballot]:
    unknown = Standing(scorecards.reliability(), watched=False)
    return [
        Ballot(
            each.id,
            each.annotation,
            each.contributor_id,
            each.answer.get("value", {}),
            trust.standings.get((row.task.project_id, each.contributor_id), unknown).reliability,
            each.sha256,
        )
        for each in row.answers
    ]


# --- Writing --------------------------------------------------------------------------------------------------------
CONSENSUS = """
INSERT INTO consensus AS c (task_id, project_id, revision, answers, n, confidence, agreement, status, reason, inputs_sha256, updated_at)
SELECT v.*, now() FROM unnest(%s::bigint[], %s::bigint[], %s::int[], %s::jsonb[], %s::int[], %s::float8[], %s::float8[], %s::text[],
                              %s::text[], %s::text[]) AS v
ON CONFLICT (task_id) DO UPDATE SET revision = excluded.revision, answers = excluded.answers, n = excluded.n,
    confidence = excluded.confidence, agreement = excluded.agreement, status = excluded.status, reason = excluded.reason,
    inputs_sha256 = excluded.inputs_sha256, updated_at = excluded.updated_at
"""


def _written(plan: _Plan) -> Outcome:
    with pay.together():
        _write(plan)
    return Outcome(settled=len(plan.settle), more=len(plan.more), review=len(plan.review), failed=len(plan.fail))


def _write(plan: _Plan) -> None:
    """Everything that the round decided, in sets."""
    _store(plan.estimates)
    ended = {row.task.pk: _exits(row) for row, _ in plan.settle if row.exits}
    results.settle(
        settlements=[Settlement(row.task, estimate.answers, estimate.confidence) for row, estimate in plan.settle],
        by=SYSTEM,
    )
    scorecards.observe(observations=_peers(plan.settle))
    exits.close(exits=ended, by=SYSTEM)
    if plan.more:
        tasks.ask_more(wishes=plan.more, by=SYSTEM)
    review_queue.request(requests=plan.review, by=SYSTEM)
    for row in plan.fail:
        exits.close(exits={row.task.pk: _exits(row)}, by=SYSTEM)
        judgements.accept(annotations=[each.id for each in row.answers], by=SYSTEM, how="policy")
        tasks.fail(task=row.task, by=SYSTEM, code=exits.BROKEN)


def _store(estimates: Sequence[tuple[Work, Estimate]]) -> None:
    if not estimates:
        return
    columns: list[Any] = [
        [row.task.pk for row, _ in estimates],
        [row.task.project_id for row, _ in estimates],
        [row.task.revision for row, _ in estimates],
        [json.dumps(found.answers, ensure_ascii=False) for _, found in estimates],
        [found.n for _, found in estimates],
        [found.confidence for _, found in estimates],
        [found.agreement for _, found in estimates],
        [str(found.status) for _, found in estimates],
        [found.reason for _, found in estimates],
        [found.sha256 for _, found in estimates],
    ]
    with connection.cursor() as cursor:
        cursor.execute(CONSENSUS, columns)


def _peers(settled: Sequence[tuple[Work, Estimate]]) -> list[Observation]:
    """What agreement with the settled value shows of each author, where there was somebody to agree with."""
    return [
        Observation(each.id, row.task.project_id, each.contributor_id, Evidence.Kind.PEER, found.peers[each.id])
        for row, found in settled
        for each in row.answers
        if each.id in found.peers
    ]
