"""The reviewer desk's protocol: take, look ahead, decide. JSON over cookie and CSRF token, like the workspace's."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from annotation.domain import leases, reserve, routing
from annotation.domain.eligibility import Verdict
from annotation.models import Annotation, Project, Stage
from annotation.queries.media import with_links
from annotation.queries.projects import project_ref
from annotation.queries.schemas import compiled
from annotation.web.protocol import BadRequest, contributor_view, read_json, whole_number
from annotation.web.reasons import CAUSES, disagreement_words, fault_words
from annotation.web.workspace import actor_of
from quality.domain import first_opinions, review_queue, reviews
from quality.domain.decisions import Decision
from quality.models import Consensus, Review
from quality.queries import comparison as comparing
from quality.queries import desk as reads
from quality.queries.desk import Accuracy, Desk, Shown
from quality.web.words import DECISIONS
from workforce.models import Contributor
from workforce.queries import SignedIn

NOTE_LENGTH = 4000
COMMENTS = 50


def _project(public_id: str) -> Project:
    project = project_ref(public_id)
    if project is None:
        raise Http404
    return project


def _id(who: SignedIn) -> int:
    """`contributor_view` lets only contributors in."""
    return who.contributor_id or 0


@require_POST
@contributor_view
def take(request: HttpRequest, who: SignedIn, project: str) -> HttpResponse:
    """Lease the next review: `{assignment?}` names the one held ready, `{resume: true}` takes over what an earlier visit left open."""
    row, body = _project(project), read_json(request)
    by, contributor_id = actor_of(who), _id(who)
    leases.seen(contributor_id=contributor_id, place="")
    taken = None
    if body.get("resume") is True:
        taken = review_queue.resume(project_id=row.pk, contributor_id=contributor_id, by=by)
    if taken is None:
        offer = body.get("assignment")
        try:
            taken = review_queue.take(
                project_id=row.pk, contributor_id=contributor_id, by=by, offer=offer if isinstance(offer, str) else None
            )
        except leases.NothingToLabel:
            return JsonResponse({"none": _why_nothing(row, contributor_id)})
    shown = reads.desk(assignment=taken.assignment)
    return JsonResponse({**_lease(taken), "item": item(shown) if shown else None})


def _lease(taken: leases.Taken) -> dict[str, Any]:
    return {
        "assignment": taken.assignment,
        "epoch": taken.epoch,
        "now": timezone.now().isoformat(),
        "until": taken.leased_until.isoformat(),
        "cap": taken.lease_cap_at.isoformat(),
        "again": taken.round > 1,
    }


def _why_nothing(project: Project, contributor_id: int) -> dict[str, Any]:
    """The first filter that fails for every review queue; else the queue is empty, or holds only tasks this person knows."""
    person, found = Contributor.objects.get(pk=contributor_id), list[Verdict]()
    for stage in (Stage.REVIEW, Stage.ADJUDICATE):
        board = routing.board(contributor=person, projects=[project], stage=stage)
        found += [verdict for _queue, verdict in board[project.pk]]
    failed = [verdict for verdict in found if verdict.code]
    if found and len(failed) == len(found):
        return {"reason": failed[0].code, "params": failed[0].params}
    waiting = Review.objects.filter(project=project, status=Review.Status.REQUESTED).count()
    return {"reason": "queue_empty", "waiting": waiting}


@require_POST
@contributor_view
def ahead(request: HttpRequest, who: SignedIn, project: str) -> HttpResponse:
    """The next review, reserved and not yet leased, so that it can be drawn before it is wanted."""
    row = _project(project)
    reserve.top_up(project=row, contributor_id=_id(who), stage=Stage.REVIEW, wanted=1)
    offers = leases.ahead(project_id=row.pk, contributor_id=_id(who), stage=Stage.REVIEW)
    shown = reads.desk(assignment=offers[0].assignment) if offers else None
    if shown is None:
        return JsonResponse({"offer": None})
    return JsonResponse({"offer": {"assignment": offers[0].assignment, "item": item(shown)}})


@require_GET
@contributor_view
def queue(request: HttpRequest, who: SignedIn, project: str) -> HttpResponse:
    """What waits in this project, in order: cause, agreement, age; never an answer."""
    row = _project(project)
    contributor = Contributor.objects.get(pk=_id(who))
    owners = reads.granted(contributor, timezone.now())
    stages = [stage for stage, keys in owners.items() if keys & {"platform", f"org:{row.organization.public_id}"}]
    page = reads.queue_page(project=row, contributor=contributor, stages=stages)
    return JsonResponse({"waiting": [_line(review) for review in page]})


def _line(review: Review) -> dict[str, Any]:
    known: Consensus | None = getattr(review.task, "consensus", None)
    return {
        "stage": review.stage,
        "cause": review.cause,
        "words": str(CAUSES.get(review.cause, review.cause)),
        "agreement": known.agreement if known else None,
        "since": review.created_at.isoformat(),
    }


@require_GET
@contributor_view
def comparison(request: HttpRequest, who: SignedIn, assignment: str) -> HttpResponse:
    """How alike the answers in hand are: per question its pairs, as places on the desk with a share, and the overlaps of regions.

    And per answer the record of its author, once the reader may know it.
    """
    seat = comparing.seat_of(assignment=assignment, contributor_id=_id(who))
    found = comparing.comparison(seat)
    authors = None if found.authors is None else [[asdict(record) for record in each] for each in found.authors]
    return JsonResponse({"questions": [asdict(each) for each in found.questions], "authors": authors})


@require_POST
@contributor_view
def first(request: HttpRequest, who: SignedIn, assignment: str) -> HttpResponse:
    """Say what one thinks, `{epoch, decision, answer?}`, and get the task with what was hidden until then."""
    body = read_json(request)
    first_opinions.say(
        assignment=assignment,
        contributor_id=_id(who),
        epoch=whole_number(body, "epoch"),
        decision=_words(body, "decision"),
        answer=_words(body, "answer"),
    )
    shown = reads.desk(assignment=assignment)
    return JsonResponse({"item": item(shown) if shown else None})


@require_POST
@contributor_view
def decide(request: HttpRequest, who: SignedIn, assignment: str) -> HttpResponse:
    """Judge: `{epoch, decision, answer?, value?, reasons?, disagreement?, comments?, note?, to?, active_ms?}`."""
    body = read_json(request)
    review = reviews.decide(
        assignment=assignment,
        contributor_id=_id(who),
        epoch=whole_number(body, "epoch"),
        decision=_decision(body),
        active_ms=whole_number(body, "active_ms", 0),
        by=actor_of(who),
    )
    if review is None:
        return JsonResponse({"status": "ended"})
    # whether somebody looks again is told to nobody
    status = "escalated" if review.decision == Review.Decision.ESCALATE else "decided"
    return JsonResponse({"status": status, "review": review.public_id, "decision": review.decision})


def _decision(body: Mapping[str, Any]) -> Decision:
    """The decision as sent. Raises BadRequest."""
    value, comments, reasons = body.get("value"), body.get("comments", []), body.get("reasons", [])
    if (
        not (value is None or isinstance(value, dict))
        or not isinstance(comments, list)
        or not isinstance(reasons, list)
    ):
        raise BadRequest
    return Decision(
        decision=_words(body, "decision"),
        answer=_words(body, "answer"),
        value=value,
        reasons=[str(reason) for reason in reasons],
        comments=[_comment(each) for each in comments[:COMMENTS]],
        note=_words(body, "note"),
        to=_words(body, "to") or "expert",
        disagreement=_words(body, "disagreement"),
    )


def _comment(comment: Any) -> dict[str, str]:
    if not isinstance(comment, dict):
        raise BadRequest(member="comments")
    return {"path": _words(comment, "path"), "text": _words(comment, "text")}


def _words(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name, "")
    if not isinstance(value, str) or len(value) > NOTE_LENGTH:
        raise BadRequest(member=name)
    return value


# --- One task on the wire -------------------------------------------------------------------------------------------
def item(shown: Desk) -> dict[str, Any]:
    """A task on the desk, as the page gets it. Authors are letters; of a blind one only what its author wrote is there."""
    review, known = shown.review, None if shown.blind else shown.consensus
    return {
        "review": {
            "stage": review.stage,
            "cause": review.cause,
            "words": str(CAUSES.get(review.cause, review.cause)),
            "since": review.created_at.isoformat(),
        },
        "blind": shown.blind,
        "waiting": shown.waiting,
        "schema": shown.schema,
        "payload": with_links(
            compiled(shown.task.project_id, shown.task.schema_version), shown.payload, shown.task.organization_id
        ),
        "answers": [_answer(each, blind=shown.blind) for each in shown.answers],
        "consensus": known and {"agreement": known.agreement, "n": known.n, "answers": known.answers},
        "history": [_judgement(each, shown) for each in shown.history],
    }


def _answer(shown: Shown, *, blind: bool) -> dict[str, Any]:
    row = shown.annotation
    return {
        "id": row.public_id,
        "name": shown.name,
        **_content(row),
        "active_s": round(row.active_ms / 1000),
        "submitted_at": row.submitted_at.isoformat(),
        "accuracy": None if blind or shown.accuracy is None else _accuracy(shown.accuracy),
        "rejectable": shown.rejectable,
        "before": shown.before and _content(shown.before),
    }


def _content(row: Annotation) -> dict[str, Any]:
    answer = row.answer
    return {
        "value": answer.get("value"),
        "exit": answer.get("exit"),
        "flags": answer.get("flags", []),
        "comment": answer.get("comment", ""),
    }


def _accuracy(known: Accuracy) -> dict[str, Any]:
    return {"share": known.share, "low": known.low, "high": known.high, "n": known.n, "gold_n": known.gold_n}


def _judgement(review: Review, shown: Desk) -> dict[str, Any]:
    names = {each.annotation.pk: each.name for each in shown.answers}
    names |= {each.before.pk: each.name for each in shown.answers if each.before}
    return {
        "decision": review.decision,
        "words": str(DECISIONS.get(review.decision, review.decision)),
        "answer": names.get(review.annotation_id or 0, ""),
        "reasons": fault_words(review.reasons),
        "disagreement": disagreement_words(review.disagreement),
        "comments": review.comments,
        "note": review.note,
        "at": review.decided_at.isoformat() if review.decided_at else "",
    }
