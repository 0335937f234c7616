"""Appeals: the decision about one's work, what became of an appeal, and what waits for somebody unrelated to hear it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet

from annotation.models import Annotation, Assignment, Membership, Project, Purpose, Result, Stage, Task
from annotation.queries import earnings
from quality.models import Appeal, Evidence, GoldItem, GoldOutcome, Review
from quality.queries import desk
from quality.queries.desk import Waiting
from workforce.models import Contributor, Earning
from workforce.models.skills import PLATFORM

MOST_KNOWN = 5  # of somebody's missed known answers, at once
WAITING = (Appeal.Status.OPEN, Appeal.Status.IN_HEARING)
Cause = Appeal.Cause


@dataclass(frozen=True, slots=True)
class Contested:
    """A decision by which somebody lost pay or standing. `review` is None if the customer decided."""

    annotation: Annotation
    cause: str
    review: Review | None
    decided_at: datetime
    lost: Sequence[Earning]

    @property
    def title(self) -> str:
        """What happened, in words."""
        return str(Cause(self.cause).label)

    @property
    def _said(self) -> Mapping[str, Any]:
        """The customer's own words, as long as the answer keeps them."""
        decision = self.annotation.decision or {}
        return decision if decision.get("by") == "customer" else {}

    @property
    def reasons(self) -> list[str]:
        """Codes of what was found wrong."""
        return list(self.review.reasons if self.review else self._said.get("reasons", []))

    @property
    def note(self) -> str:
        """The decider's words to the author."""
        return str(self.review.note if self.review else self._said.get("note", ""))

    @property
    def comments(self) -> list[dict[str, str]]:
        """What a reviewer wrote at single questions: [{path, text}]."""
        return list(self.review.comments) if self.review else []


def seat_of(*, assignment: str, contributor: Contributor) -> Assignment | None:
    """The label seat of this person."""
    own = Assignment.objects.filter(public_id=assignment, contributor=contributor, stage=Stage.LABEL)
    return own.select_related("task", "project__organization").first()


def contested(seat: Assignment) -> Contested | None:
    """The decision against the author of this seat's task; None if there is none. Whatever the round, it is the last that counts."""
    rows = Annotation.objects.filter(task=seat.task_id, contributor=seat.contributor_id)
    answer = rows.select_related("task", "project", "assignment", "contributor").order_by("-id").first()
    if answer is None:
        return None
    if answer.status == Annotation.Status.SUPERSEDED:
        return _lapsed(answer)
    against = answer.status in (Annotation.Status.REJECTED, Annotation.Status.APPEALED)
    overturned = Appeal.objects.filter(annotation=answer).exclude(cause=Cause.KNOWN)
    return _rejected(answer) if against or overturned.exists() else None


def _rejected(answer: Annotation) -> Contested:
    review = _last_review(answer, Review.Decision.REJECT)
    at = review.decided_at if review else None
    said = (answer.decision or {}).get("at", "")
    decided = at or (datetime.fromisoformat(said) if said else answer.submitted_at)
    return Contested(answer, Cause.REJECTED, review, decided, _lost(answer))


def _lapsed(answer: Annotation) -> Contested | None:
    """It was sent back to its author, whose time to correct it is over."""
    again = Assignment.objects.filter(
        task=answer.task_id,
        contributor=answer.contributor_id,
        origin=Assignment.Origin.RETURN,
        reason=Cause.NOT_RETURNED,
    ).last()
    review = _last_review(answer, Review.Decision.RETURN)
    if again is None or again.ended_at is None or review is None:
        return None
    return Contested(answer, Cause.NOT_RETURNED, review, again.ended_at, _lost(answer))


def _last_review(answer: Annotation, decision: str) -> Review | None:
    carried_out = Review.objects.filter(
        annotation=answer, decision=decision, status=Review.Status.DECIDED, second_of=None
    )
    return carried_out.select_related("assignment").order_by("id").last()


def _lost(answer: Annotation) -> list[Earning]:
    return earnings.lost(task_id=answer.task_id, contributor_id=answer.contributor_id)


def of_contested(found: Contested) -> Appeal | None:
    """The appeal about this decision."""
    return Appeal.objects.filter(annotation=found.annotation).first()


# --- Known answers --------------------------------------------------------------------------------------------------
def missed(*, project: Project, contributor: Contributor, since: datetime) -> list[GoldOutcome]:
    """Known answers in use that somebody has missed, and that were not looked at again, the latest first."""
    counted = Evidence.objects.filter(
        project=project, contributor=contributor, kind=Evidence.Kind.GOLD, outcome__lt=1, created_at__gte=since
    )
    rows = GoldOutcome.objects.filter(annotation__in=counted.values("annotation"), annotation__appeal=None)
    in_use = rows.filter(item__status=GoldItem.Status.ACTIVE)
    return list(in_use.select_related("annotation__task", "annotation__project").order_by("-pk")[:MOST_KNOWN])


def about_known(*, project: Project, contributor: Contributor) -> QuerySet[Appeal]:
    """What somebody has asked about known answers of a project, the latest first."""
    rows = Appeal.objects.filter(project=project, contributor=contributor, cause=Cause.KNOWN)
    return rows.order_by("-due_at", "-id")


# --- Hearing --------------------------------------------------------------------------------------------------------
def unrelated(rows: QuerySet[Appeal], contributor: Contributor) -> QuerySet[Appeal]:
    """Those in which this person has no part: no seat on the task, and no seat in the organization that decided itself."""
    theirs = Membership.objects.filter(user=contributor.user_id).values("organization")
    return (
        rows.exclude(contributor=contributor)
        .exclude(task__assignments__contributor=contributor)
        .exclude(review=None, organization__in=theirs)
    )


def may_hear(*, project: Project, contributor: Contributor, now: datetime) -> bool:
    """Active, adjudicates for the platform or the project's organization, and is let into the project."""
    owners = desk.granted(contributor, now)[Stage.ADJUDICATE]
    granted = bool(owners & {PLATFORM, f"org:{project.organization.public_id}"})
    active = contributor.status == Contributor.Status.ACTIVE
    return active and granted and project.pk in desk.open_to(contributor, {project.pk: project})


def waiting(*, project: Project, contributor: Contributor) -> QuerySet[Appeal]:
    """What this person may hear in the project, the longest waiting first."""
    rows = Appeal.objects.filter(project=project, status__in=WAITING)
    return unrelated(rows, contributor).order_by("due_at", "id")


def held_by(*, project: Project, contributor: Contributor) -> QuerySet[Appeal]:
    """What this person has taken and not yet decided, and nobody else has taken over."""
    return Appeal.objects.filter(project=project, hearer=contributor, status=Appeal.Status.IN_HEARING)


def waiting_for(*, contributor: Contributor, now: datetime) -> list[Waiting]:
    """Projects with appeals that this person may hear, most first. A constant number of statements."""
    owners = desk.granted(contributor, now)[Stage.ADJUDICATE]
    if not owners or contributor.status != Contributor.Status.ACTIVE:
        return []
    rows = unrelated(Appeal.objects.filter(status__in=WAITING), contributor)
    counts = rows.values("project_id").annotate(count=Count("id", distinct=True), oldest=Min("opened_at")).order_by()
    projects = Project.objects.select_related("organization").in_bulk([row["project_id"] for row in counts])
    mine = desk.open_to(contributor, projects)
    found = [Waiting(projects[row["project_id"]], row["count"], {}, row["oldest"]) for row in counts]
    heard = [
        each
        for each in found
        if each.project.pk in mine and owners & {PLATFORM, f"org:{each.project.organization.public_id}"}
    ]
    return sorted(heard, key=lambda each: (-each.count, each.project.name))


@dataclass(frozen=True, slots=True)
class Hearing:
    """One appeal on the desk, without a name. `result`: what the task came to, None if nothing yet."""

    appeal: Appeal
    decision: Contested
    result: dict[str, Any] | None


def hearing(*, project: Project, contributor: Contributor) -> Hearing | None:
    """What this person has taken and not yet decided."""
    held = held_by(project=project, contributor=contributor)
    appeal = held.select_related("task__payload", "annotation", "review").first()
    if appeal is None:
        return None
    decision = Contested(appeal.annotation, appeal.cause, appeal.review, appeal.opened_at, ())
    return Hearing(appeal, decision, _result(appeal.task))


def _result(task: Task) -> dict[str, Any] | None:
    """Of a known task it is what is expected."""
    if task.purpose == Purpose.GOLD:
        return dict(GoldItem.objects.get(task=task).expected)
    result = Result.objects.filter(task=task).order_by("-revision").first()
    return {name: part.get("value") for name, part in result.answers.items()} if result else None


def overdue(now: datetime) -> Iterable[str]:
    """Public ids of the appeals that nobody has decided in time, the oldest first."""
    late = Appeal.objects.filter(status__in=WAITING, due_at__lte=now)
    return list(late.order_by(F("due_at"), "id").values_list("public_id", flat=True))


def free(now: datetime) -> Q:
    """Nobody has it, or whoever had it took too long."""
    return Q(status=Appeal.Status.OPEN) | Q(status=Appeal.Status.IN_HEARING, held_until__lt=now)
