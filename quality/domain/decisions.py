"""The five decisions of a reviewer. Each works on a case, all of which is locked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from annotation.domain import expiry, judgements, results, tasks
from annotation.domain.answers import InvalidAnswer
from annotation.domain.events import Fact, publish
from annotation.domain.results import Settlement
from annotation.models import COUNTING, Annotation, Assignment, Purpose, Stage, Task, TaskPayload
from annotation.queries.schemas import compiled
from annotation.questions.answers import check_answer
from annotation.questions.schema import canonical
from quality.domain import audits, consensus, exits, feedback, review_queue
from quality.domain.review_queue import Request
from quality.models import Consensus, Review
from workforce.domain.actor import Actor
from workforce.domain.refusal import Refusal

RETURN_HOURS = 48
REASONS = ("wrong", "incomplete", "guideline_breach", "too_fast", "automated", "duplicate", "off_topic", "other")
ESCALATIONS = {"expert": (Stage.ADJUDICATE, "escalated"), "peer": (Stage.REVIEW, "second_opinion")}


class ReasonMissing(Refusal):
    """A return or a rejection without one of the closed reasons and words to the author."""

    code = "reason_missing"
    message = _("The author needs to know why.")
    remedy = _("Choose a reason and write a sentence; the author reads both.")


class NothingChosen(Refusal):
    """The decision needs an answer of this task, and names none that it could mean."""

    code = "nothing_chosen"
    message = _("It is not clear which answer you mean.")
    remedy = _("Choose an answer first.")


class NothingDiffers(Refusal):
    """Why the answers differ was said of answers that do not."""

    code = "nothing_differs"
    message = _("These answers do not differ.")
    remedy = _("Decide without saying why they differ.")


class UnknownDecision(Refusal):
    """Not one of accept, correct, return, reject, escalate; an escalation to nobody; or a word that is on none of the lists."""

    code = "invalid_request"
    message = _("There is no such decision.")
    remedy = _("Reload the page.")


@dataclass(frozen=True, slots=True)
class Decision:
    """What a reviewer says. `answer`: public id of the answer meant, empty for the merged value; `to`: peer or expert.

    `disagreement`: why the answers differ, or nothing.
    """

    decision: str
    answer: str = ""
    value: dict[str, Any] | None = None
    reasons: Sequence[str] = ()
    comments: Sequence[Mapping[str, str]] = ()
    note: str = ""
    to: str = "expert"
    disagreement: str = ""


@dataclass(slots=True)
class Case:
    """What a decision works on; all of it is locked."""

    seat: Assignment
    task: Task
    review: Review
    decision: Decision
    by: Actor
    # counting answers of this revision, and exits not yet judged
    answers: list[Annotation] = field(default_factory=list)
    value: dict[str, Any] | None = None  # what becomes the result

    def chosen(self) -> Annotation:
        """The answer that the decision names. Raises NothingChosen."""
        for annotation in self.answers:
            if annotation.public_id == self.decision.answer:
                return annotation
        raise NothingChosen

    def differs(self) -> bool:
        """Whether the answers say more than one thing; an exit says that there is no answer."""
        return len({row.exit or canonical(row.answer["value"]) for row in self.answers}) > 1

    @property
    def version(self) -> int:
        """Of the schema by which everything about the task can be read."""
        return max([self.task.schema_version, *(row.schema_version for row in self.answers)])

    def exits(self) -> list[exits.Exit]:
        """The exits among the answers."""
        return [exits.Exit(row.pk, row.exit) for row in self.answers if row.exit]


def judgeable(task: Task) -> list[Annotation]:
    """Counting answers of the revision, and the exits that wait for a judgement."""
    rows = Annotation.objects.filter(task=task, revision=task.revision).filter(
        Q(exit="", status__in=COUNTING) | Q(status=Annotation.Status.PENDING)
    )
    return list(rows.select_related("assignment", "contributor").order_by("id"))


# --- What a decision means ------------------------------------------------------------------------------------------
def prepare(case: Case) -> None:
    """Find the answer and the value that the decision means. Raises NothingChosen, InvalidAnswer, TooLateToReject."""
    review, decision = case.review, case.decision
    if decision.answer or decision.decision in (Review.Decision.RETURN, Review.Decision.REJECT):
        review.annotation = case.chosen()
    if decision.decision == Review.Decision.ACCEPT:
        case.value = _accepted(case)
    elif decision.decision == Review.Decision.CORRECT:
        case.value = review.value = _corrected(case)
    elif decision.decision == Review.Decision.REJECT:
        _check_rejectable(case.chosen(), review)


def _check_rejectable(annotation: Annotation, review: Review) -> None:
    judgements.check_in_time(annotation=annotation, at=review.said_at or timezone.now())
    if annotation.status != Annotation.Status.PENDING:
        raise NothingChosen(str(_("This answer has been accepted already.")))


def _accepted(case: Case) -> dict[str, Any] | None:
    """Of the chosen answer, or merged from all; None for an exit."""
    chosen = case.review.annotation
    if chosen is not None:
        return None if chosen.exit else chosen.answer["value"]
    value = consensus.merged(Consensus.objects.filter(task=case.task).first())
    if value is None:
        raise NothingChosen
    return value


def _corrected(case: Case) -> dict[str, Any]:
    """The reviewer's own value, checked and normalised."""
    payload = TaskPayload.objects.get(pk=case.task.pk).body
    given = {"schema_version": case.version, "value": case.decision.value or {}}
    answer, problems = check_answer(compiled(case.task.project_id, case.version), payload, given)
    blocking = [problem for problem in problems if not problem.code.startswith("warning:")]
    if blocking:
        raise InvalidAnswer(blocking)
    value: dict[str, Any] = answer["value"]
    return value


# --- The five decisions ---------------------------------------------------------------------------------------------
def _accept(case: Case) -> None:
    """The chosen answer, or the merged value, becomes the result. An accepted exit ends the task: it cannot be answered."""
    chosen = case.review.annotation
    if case.value is not None:
        _settle(case, case.value, right=chosen.pk if chosen else None)
    elif chosen is not None:
        _fail(case, chosen.exit)


def _fail(case: Case, code: str) -> None:
    """A reviewer agrees that the task cannot be answered. Whoever answered all the same is paid."""
    exits.close(exits={case.task.pk: case.exits()}, by=case.by, confirmed=code)
    given = [row.pk for row in case.answers if not row.exit]
    judgements.accept(annotations=given, by=case.by, how="review")
    tasks.fail(task=case.task, by=case.by, code=code)


def _correct(case: Case) -> None:
    """The reviewer's own value becomes the result; authors whose answers differ keep them and are paid in full."""
    _settle(case, case.value or {}, right=None)


def _settle(case: Case, value: dict[str, Any], *, right: int | None) -> None:
    """Write the result, judge every answer against it, tell the authors. `right`: the answer that was chosen as it is."""
    given = [row for row in case.answers if not row.exit]
    schema, payload = compiled(case.task.project_id, case.version), TaskPayload.objects.get(pk=case.task.pk).body
    matches = [(row, consensus.compare(schema, payload, row.answer["value"], value)) for row in given]
    wrong = {row.pk for row, found in matches if row.pk != right and not all(each.passed for each in found.values())}
    answers = consensus.reviewed(schema, value, Consensus.objects.filter(task=case.task).first(), len(given))
    exits.close(exits={case.task.pk: case.exits()}, by=case.by)
    if case.task.purpose == Purpose.AUDIT:
        audits.adjudicated(
            task=case.task, right={row.pk for row in given} - wrong, wrong=wrong, value=value, by=case.by
        )
    else:
        results.settle(
            settlements=[
                Settlement(
                    case.task,
                    answers,
                    consensus.least_confident(schema, answers),
                    reviews=[case.review.public_id],
                    disagreement=case.review.disagreement,
                    corrected=frozenset(wrong),
                )
            ],
            by=case.by,
            how="review",
        )
    feedback.compared(review=case.review, project=case.task.project, matches=matches, value=value)


def _return(case: Case) -> None:
    """Back to the author with comments: the old answer is set aside, the seat stays theirs for 48 hours."""
    chosen = case.chosen()
    judgements.supersede(annotations=[chosen.pk])
    brief = expiry.Brief(
        reasons=case.review.reasons, comments=case.review.comments, note=case.review.note, draft=chosen.answer
    )
    again = expiry.offer_again(previous=chosen.assignment, brief=brief, hours=RETURN_HOURS)
    tasks.back_to_label(task=case.task, by=case.by, seats=1, held=1, reason="returned")
    publish(_fact(case, "assignment.returned_to_author", again.public_id, assignment=again.public_id), by=case.by)
    feedback.returned(
        review=case.review,
        project=case.task.project,
        annotation=chosen,
        again=again.public_id,
        hours=RETURN_HOURS,
    )


def _reject(case: Case) -> None:
    """The answer does not count and is not paid; somebody else gets the seat."""
    chosen = case.chosen()
    judgements.reject(
        annotations=[chosen.pk], by=case.by, how="review", reasons=case.review.reasons, note=case.review.note
    )
    tasks.back_to_label(task=case.task, by=case.by, seats=1, held=0, reason="rejected")
    feedback.rejected(review=case.review, project=case.task.project, annotation=chosen)


def _escalate(case: Case) -> None:
    """To an expert (adjudication), or to another reviewer, who sees neither this decision nor a name."""
    if case.seat.stage == Stage.ADJUDICATE:
        raise tasks.WrongState(state=case.seat.stage)
    stage, cause = ESCALATIONS[case.decision.to]
    case.review.status = Review.Status.ESCALATED
    case.review.save()
    review_queue.request(requests=[Request(case.task, cause, risk=1.0)], by=case.by, stage=stage)
    publish(fact_of(case, "review.escalated"), by=case.by)


def carry_out(case: Case) -> None:
    """Do what a prepared decision says, and tell it."""
    case.review.status = Review.Status.DECIDED
    ACTS[case.review.decision](case)
    case.review.save()
    publish(fact_of(case, "review.decided"), by=case.by)


ACTS: Mapping[str, Callable[[Case], None]] = {
    Review.Decision.ACCEPT: _accept,
    Review.Decision.CORRECT: _correct,
    Review.Decision.RETURN: _return,
    Review.Decision.REJECT: _reject,
    Review.Decision.ESCALATE: _escalate,
}


def fact_of(case: Case, kind: str) -> Fact:
    """An event of the review."""
    review = case.review
    shown = {
        "id": review.public_id,
        "stage": review.stage,
        "decision": review.decision,
        "annotation": review.annotation.public_id if review.annotation else None,
        "reasons": review.reasons,
        "disagreement": review.disagreement,
        "comments": review.comments,
        "note": review.note,
    }
    return _fact(case, kind, review.public_id, review=shown)


def _fact(case: Case, kind: str, subject: str, **data: Any) -> Fact:
    task = case.task
    data = {"task": task.public_id, **data}
    return Fact(task.organization_id, task.project.mode, task.project_id, kind, subject, data)
