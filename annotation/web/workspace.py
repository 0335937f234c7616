"""The queue protocol of the workspace (`docs/workspace.md`): take, keep alive, save, submit. JSON over cookie and CSRF token."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from annotation.domain import answers, dispatch, drafts, expiry, gangs, leases, reserve, routing
from annotation.domain.recall import recall
from annotation.models import Assignment, Project, Stage
from annotation.queries import practice
from annotation.queries.media import with_links
from annotation.queries.projects import project_ref
from annotation.queries.schemas import compiled
from annotation.queries.workspace import elsewhere
from annotation.web import practice_words
from annotation.web.protocol import BadRequest, contributor_view, read_json, whole_number
from workforce.domain.actor import Actor
from workforce.models import Contributor
from workforce.queries import SignedIn

SKIP_REASONS_LENGTH = 60


def actor_of(who: SignedIn) -> Actor:
    """The contributor as an actor."""
    return Actor("contributor", who.contributor)


def _project(public_id: str) -> Project:
    project = project_ref(public_id)
    if project is None:
        raise Http404
    return project


@require_GET
@contributor_view
def ahead(request: HttpRequest, who: SignedIn, project: str) -> HttpResponse:
    """Up to two tasks to prefetch; offers are topped up here, so that nobody depends on the dispatcher. `?anywhere`: as `offers_of`."""
    return JsonResponse(offers_of(_project(project), _id(who), roams="anywhere" in request.GET))


def offers_of(project: Project, contributor_id: int, *, roams: bool = False) -> dict[str, Any]:
    """What is held ahead for somebody whose workspace is open, topped up first.

    Who roams gets work from here as long as the scheduler would send them here; `go` says where it would send them instead.
    """
    leases.seen(contributor_id=contributor_id, place=project.public_id, roams=roams)
    place = dispatch.next_place(contributor_id=contributor_id) if roams else None
    if place is None or place.pk == project.pk:
        reserve.top_up(project=project, contributor_id=contributor_id)
    offers = leases.ahead(project_id=project.pk, contributor_id=contributor_id)
    schema = compiled(project.pk, project.schema_version)
    return {
        "offers": [
            {
                "assignment": offer.assignment,
                "offered_until": offer.offered_until.isoformat(),
                "payload": with_links(schema, offer.payload, project.organization_id),
            }
            for offer in offers
        ],
        "schema_version": project.schema_version,
        "guideline_version": project.guideline_version,
        "go": place.public_id if place and place.pk != project.pk else None,
        "called": bool(project.requirements.get("together"))
        and gangs.called(project_id=project.pk, contributor_id=contributor_id),
        "now": _now(),
    }


def _now() -> str:
    """The server's time: browsers count down by it, whatever their own clock says."""
    return timezone.now().isoformat()


@require_POST
@contributor_view
def take(request: HttpRequest, who: SignedIn, project: str) -> HttpResponse:
    """Lease the next task: `{assignment?}` names an offer; `{resume: true}` takes over what another tab or an earlier visit left open.

    Both together: this very task, whether it is still an offer or already a lease whose answer was lost on the way. `{anywhere: true}`
    lets the scheduler choose: the answer may be `{go: project}`, where this person is expected.
    """
    row, body = _project(project), read_json(request)
    by, contributor_id, named = actor_of(who), _id(who), _text(body, "assignment")
    taken = None
    if body.get("resume") is True:
        taken = leases.resume(project_id=row.pk, contributor_id=contributor_id, by=by, assignment=named)
    roams = body.get("anywhere") is True and named is None
    if taken is None and roams:
        place = leases.expected_in(contributor_id=contributor_id, project_id=row.pk)
        if place and place != row.public_id:
            return JsonResponse({"go": place})
    if taken is None:
        try:
            taken = leases.take(
                project_id=row.pk,
                contributor_id=contributor_id,
                by=by,
                offer=named,
                gold=routing.gold_turn(row.gold_share),
            )
        except leases.NothingToLabel as refusal:
            best = dispatch.next_place(contributor_id=contributor_id) if roams else None
            if best and best.pk != row.pk:
                return JsonResponse({"go": best.public_id})
            return JsonResponse({"none": _why_nothing(row, who, refusal, roams=roams)})
    if "gang" in taken.terms:
        gangs.arrived(gang_id=taken.terms["gang"])
    return JsonResponse(shown(row.pk, contributor_id, taken))


def shown(project_id: int, contributor_id: int, taken: leases.Taken) -> dict[str, Any]:
    """A lease as the page gets it. The task's key and purpose stay here; only of practice is it told what it is."""
    return {
        "assignment": taken.assignment,
        "epoch": taken.epoch,
        "until": taken.leased_until.isoformat(),
        "cap": taken.lease_cap_at.isoformat(),
        "now": _now(),
        "price": {"amount": taken.terms["price_minor"], "currency": taken.terms["currency"]},
        "schema_version": taken.terms["schema_version"],
        "guideline_version": taken.terms["guideline"],
        "round": taken.round,
        "brief": taken.terms.get("brief"),
        "practice": _practice(taken.task_id, contributor_id) if taken.terms.get("practice") else None,
        "together": "gang" in taken.terms,
        "payload": with_links(
            compiled(project_id, taken.terms["schema_version"]), taken.payload, taken.organization_id
        ),
        "draft": taken.draft,
        "draft_version": taken.draft_version,
    }


def _practice(task_id: int, contributor_id: int) -> dict[str, str]:
    return practice_words.in_hand(practice.standing(task_id=task_id, contributor_id=contributor_id))


def _why_nothing(project: Project, who: SignedIn, refusal: leases.NothingToLabel, *, roams: bool) -> dict[str, Any]:
    """The reason in words: the first filter that fails for every queue, else that the queue is empty."""
    leases.seen(contributor_id=_id(who), place=project.public_id, roams=roams)
    person = Contributor.objects.get(pk=_id(who))
    found = routing.board(contributor=person, projects=[project], stage=Stage.LABEL)[project.pk]
    failed = [verdict for _queue, verdict in found if verdict.code]
    others = elsewhere(contributor_id=_id(who), project_id=project.pk)
    if found and len(failed) == len(found):
        return {"reason": failed[0].code, "params": failed[0].params, "elsewhere": others}
    words = {"message": str(refusal.message), "remedy": str(refusal.remedy)}
    return {"reason": "queue_empty", **words, "elsewhere": others}


@require_POST
@contributor_view
def beat(request: HttpRequest, who: SignedIn, assignment: str) -> HttpResponse:
    """A sign of life every 30 s from a visible tab."""
    body = read_json(request)
    kept = leases.beat(
        assignment=assignment,
        contributor_id=_id(who),
        epoch=whole_number(body, "epoch"),
        active_ms=whole_number(body, "active_ms", 0),
        place=_text(body, "project") or "",
    )
    return JsonResponse(
        {"until": kept.until.isoformat(), "cap": kept.cap.isoformat(), "offers": kept.offers, "now": _now()}
    )


@require_GET
@contributor_view
def together(request: HttpRequest, who: SignedIn, assignment: str) -> HttpResponse:
    """Who of a gang has come: `{status, size, here, until?, now}`."""
    found = gangs.gathering(assignment=assignment, contributor_id=_id(who))
    if found is None:
        raise leases.LeaseLost
    until = found.until and found.until.isoformat()
    return JsonResponse({"status": found.status, "size": found.size, "here": found.here, "until": until, "now": _now()})


@require_POST
@contributor_view
def extend(request: HttpRequest, who: SignedIn, assignment: str) -> HttpResponse:
    """One press: a full lease and a new cap."""
    kept = leases.extend(
        assignment=assignment, contributor_id=_id(who), epoch=whole_number(read_json(request), "epoch")
    )
    return JsonResponse({"until": kept.until.isoformat(), "cap": kept.cap.isoformat(), "now": _now()})


@require_http_methods(["PUT"])
@contributor_view
def draft(request: HttpRequest, who: SignedIn, assignment: str) -> HttpResponse:
    """Save unsubmitted work; `If-Match` with the version this tab has seen, `*` or nothing to overwrite."""
    given = request.headers.get("If-Match", "*").strip('"')
    if given != "*" and not given.isdigit():
        raise BadRequest(member="If-Match")
    version = drafts.save(
        assignment=assignment,
        contributor_id=_id(who),
        body=read_json(request),
        version=None if given == "*" else int(given),
    )
    return JsonResponse({"version": version}, headers={"ETag": f'"{version}"'})


@require_POST
@contributor_view
def submit(request: HttpRequest, who: SignedIn, assignment: str) -> HttpResponse:
    """Store the answer: `{epoch, client_key, answer, active_ms}`. 201 the first time, 200 with the same outcome when repeated."""
    body = read_json(request)
    envelope = body.get("answer")
    if not isinstance(envelope, dict):
        raise BadRequest(member="answer")
    done = answers.submit(
        assignment=assignment,
        contributor_id=_id(who),
        epoch=whole_number(body, "epoch"),
        client_key=_uuid(body, "client_key"),
        envelope=envelope,
        active_ms=whole_number(body, "active_ms", 0),
        by=actor_of(who),
    )
    pay = {"amount": done.price_minor, "currency": done.currency}
    return JsonResponse(
        {"annotation": done.annotation, "status": done.status, "pay": pay}, status=200 if done.repeated else 201
    )


@require_POST
@contributor_view
def take_back(request: HttpRequest, who: SignedIn, assignment: str) -> HttpResponse:
    """Recall: take back the answer of this assignment; a new lease on the same task, as `take` gives it."""
    taken = recall(assignment=assignment, contributor_id=_id(who), by=actor_of(who))
    project_id = Assignment.objects.values_list("project_id", flat=True).get(pk=taken.assignment_id)
    return JsonResponse(shown(project_id, _id(who), taken))


@require_POST
@contributor_view
def give_back(request: HttpRequest, who: SignedIn, assignment: str) -> HttpResponse:
    """Give the task back: `{epoch, reason}`."""
    body = read_json(request)
    reason = (_text(body, "reason") or "not_for_me")[:SKIP_REASONS_LENGTH]
    expiry.release(
        assignment=assignment,
        contributor_id=_id(who),
        epoch=whole_number(body, "epoch"),
        reason=reason,
        by=actor_of(who),
    )
    return HttpResponse(status=204)


@require_POST
@contributor_view
def leaving(request: HttpRequest, who: SignedIn, assignment: str) -> HttpResponse:
    """The tab closes: the lease is cut to a minute."""
    leases.leaving(assignment=assignment, contributor_id=_id(who), epoch=whole_number(read_json(request), "epoch"))
    return HttpResponse(status=204)


def _id(who: SignedIn) -> int:
    """`contributor_view` lets only contributors in."""
    return who.contributor_id or 0


def _text(body: dict[str, Any], name: str) -> str | None:
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise BadRequest(member=name)
    return value


def _uuid(body: dict[str, Any], name: str) -> UUID:
    try:
        return UUID(str(body.get(name)))
    except ValueError as error:
        raise BadRequest(member=name) from error
