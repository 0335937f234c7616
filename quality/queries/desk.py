"""What a reviewer sees: the projects with review work, the queue, and one task with its answers side by side. Nobody is named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from string import ascii_uppercase
from typing import Any

from django.db.models import Count, Min, Q
from django.utils import timezone

from annotation.models import (
    COUNTING,
    Annotation,
    Assignment,
    Membership,
    Project,
    ProjectContributor,
    SchemaVersion,
    Stage,
    Task,
)
from quality.agreement.accuracy import PRIOR_RIGHT, PRIOR_WRONG
from quality.agreement.bounds import wilson
from quality.models import Consensus, Review, Scorecard
from workforce.models import Contributor, SkillGrant
from workforce.models.skills import PLATFORM

GRANTS = {Stage.REVIEW: "review", Stage.ADJUDICATE: "adjudicate"}
PAGE = 30


@dataclass(frozen=True, slots=True)
class Waiting:
    """The review work of one project."""

    project: Project
    count: int
    causes: dict[str, int]
    oldest: datetime


def granted(contributor: Contributor, now: datetime) -> dict[str, set[str]]:
    """Owner keys (`platform`, `org:…`) per stage for which this person holds the grant."""
    held = SkillGrant.objects.filter(contributor=contributor, revoked_at=None).filter(
        Q(expires_at=None) | Q(expires_at__gt=now)
    )
    names = held.values_list("skill__name", "skill__owner_key")
    return {stage.value: {owner for name, owner in names if name.lower() == grant} for stage, grant in GRANTS.items()}


def waiting_for(*, contributor: Contributor, now: datetime) -> list[Waiting]:
    """Projects with review work that this person may do, most work first. A constant number of statements."""
    owners = granted(contributor, now)
    if not any(owners.values()):
        return []
    open_reviews = Review.objects.filter(
        status=Review.Status.REQUESTED, project__status=Project.Status.OPEN, task__status=Task.Status.IN_REVIEW
    )
    rows = open_reviews.values("project_id", "stage", "cause").annotate(count=Count("id"), oldest=Min("created_at"))
    projects = Project.objects.select_related("organization").in_bulk({row["project_id"] for row in rows})
    mine = open_to(contributor, projects)
    found: dict[int, Waiting] = {}
    for row in rows:
        project = projects[row["project_id"]]
        keys = {PLATFORM, f"org:{project.organization.public_id}"}
        if project.pk in mine and keys & owners[row["stage"]]:
            known = found.get(project.pk, Waiting(project, 0, {}, row["oldest"]))
            causes = {**known.causes, row["cause"]: known.causes.get(row["cause"], 0) + row["count"]}
            found[project.pk] = Waiting(project, known.count + row["count"], causes, min(known.oldest, row["oldest"]))
    return sorted(found.values(), key=lambda each: (-each.count, each.project.name))


def open_to(contributor: Contributor, projects: Mapping[int, Project]) -> set[int]:
    """The projects whose workforce rule lets this person in."""
    places = dict(
        ProjectContributor.objects.filter(contributor=contributor, project__in=projects.values()).values_list(
            "project_id", "status"
        )
    )
    roles = set(Membership.objects.filter(user=contributor.user_id).values_list("organization_id", flat=True))
    return {
        pk
        for pk, project in projects.items()
        if places.get(pk) != ProjectContributor.Status.EXCLUDED
        and (
            project.workforce != Project.Workforce.TEAM
            or project.organization_id in roles
            or places.get(pk) == ProjectContributor.Status.INVITED
        )
    }


def queue_page(*, project: Project, contributor: Contributor, stages: Sequence[str]) -> list[Review]:
    """The next reviews of the project in the order of the queue, adjudications first, without the tasks this person has worked on."""
    return list(
        Review.objects.filter(project=project, status=Review.Status.REQUESTED, stage__in=stages)
        .exclude(task__assignments__contributor=contributor)
        .select_related("task__consensus")
        .order_by("stage", "task__rank", "task_id")[:PAGE]
    )


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How often an author was right in the project: share and Wilson's 95 % interval over `n` checks, `gold_n` of them by gold."""

    share: float
    low: float
    high: float
    n: int
    gold_n: int


def accuracy(card: Scorecard | None) -> Accuracy | None:
    """The share right among what was observed, each observation with its weight; None if nothing was observed yet."""
    if card is None or not card.n:
        return None
    right, wrong = card.alpha - PRIOR_RIGHT, card.beta - PRIOR_WRONG
    low, high = wilson(right, right + wrong, 0.95)
    return Accuracy(right / (right + wrong), low, high, card.n, card.gold_n)


@dataclass(frozen=True, slots=True)
class Shown:
    """One answer on the desk. `before`: what its author had answered when a reviewer sent it back. `rejectable`: neither judged nor due."""

    name: str
    annotation: Annotation
    accuracy: Accuracy | None
    before: Annotation | None
    rejectable: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """One task on the desk. `blind`: whoever looks at it has not said yet what they think themselves; `waiting`: what they may do next."""

    task: Task
    review: Review
    blind: bool
    schema: dict[str, Any]
    payload: dict[str, Any]
    answers: list[Shown]
    consensus: Consensus | None
    history: list[Review]
    waiting: int


def desk(*, assignment: str) -> Desk | None:
    """What a review seat shows; None if its task no longer waits for a review."""
    review = (
        Review.objects.filter(
            status=Review.Status.REQUESTED, task__assignments__public_id=assignment, task__status=Task.Status.IN_REVIEW
        )
        .select_related("task__payload", "task__project", "task__consensus", "second_of")
        .first()
    )
    if review is None:
        return None
    task = review.task
    rows = _rows(task)
    current = _current(rows)
    cards = {
        card.contributor_id: card
        for card in Scorecard.objects.filter(
            project=task.project_id, contributor__in=[row.contributor_id for row in current]
        )
    }
    blind, at = is_blind(review, task.project, assignment), review.said_at or timezone.now()
    return Desk(
        task=task,
        review=review,
        blind=blind,
        schema=SchemaVersion.objects.values_list("body", flat=True).get(
            project=task.project_id, number=version_of(task, current)
        ),
        payload=task.payload.body,
        answers=[
            Shown(name, row, accuracy(cards.get(row.contributor_id)), _before(row, rows), row.rejectable(at))
            for name, row in zip(_names(len(current)), current, strict=True)
        ],
        consensus=getattr(task, "consensus", None),
        history=_history(review, blind=blind),
        waiting=_waiting(review, assignment),
    )


def _waiting(review: Review, assignment: str) -> int:
    """How many reviews wait in the project that the holder of this seat has not worked on."""
    holder = Assignment.objects.filter(public_id=assignment).values("contributor")
    rows = Review.objects.filter(project=review.project_id, status=Review.Status.REQUESTED, stage=review.stage)
    return rows.exclude(task__assignments__contributor__in=holder).count()


def is_blind(review: Review, project: Project, assignment: str) -> bool:
    """Whether the holder of this seat judges without the merged value and without what is known of the authors, so far.

    Whoever decides where others differ does so knowingly.
    """
    said = (review.first or {}).get("assignment")
    return project.blind and review.stage == Stage.REVIEW and said != assignment


def answers_of(task: Task) -> list[Annotation]:
    """The answers that lie on the desk, in their order there. One statement."""
    return _current(_rows(task))


def version_of(task: Task, answers: Sequence[Annotation]) -> int:
    """The schema in which they are shown: the latest that anybody has answered."""
    return max([task.schema_version, *(row.schema_version for row in answers)])


def _rows(task: Task) -> list[Annotation]:
    """Everything that was answered in this round."""
    return list(
        Annotation.objects.filter(task=task, revision=task.revision).select_related("assignment").order_by("id")
    )


def _current(rows: Sequence[Annotation]) -> list[Annotation]:
    return [row for row in rows if row.status in COUNTING and (not row.exit or row.status == "pending")]


def _names(count: int) -> list[str]:
    """A, B, … Z, A2, …"""
    return [ascii_uppercase[number % 26] + (str(number // 26 + 1) if number >= 26 else "") for number in range(count)]


def _before(row: Annotation, rows: Sequence[Annotation]) -> Annotation | None:
    """The latest answer of the same author that this one replaced."""
    earlier = [
        each for each in rows if each.contributor_id == row.contributor_id and each.pk < row.pk and not each.exit
    ]
    return earlier[-1] if earlier else None


def _history(review: Review, *, blind: bool) -> list[Review]:
    """Earlier judgements of the task. A second opinion is given without them; an adjudicator sees all, without names.

    Whoever looks at what was sent back must know why it was.
    """
    if review.cause == "second_opinion" or (blind and review.cause != "returned"):
        return []
    # what is held is looked at again by somebody who must not know it
    told = review.task.reviews.exclude(decision="").exclude(status=Review.Status.HELD)
    return list(told.select_related("annotation").order_by("id"))
