"""Restrictions: somebody gets no new tasks of a project for some days. What they have begun they finish, and their pay stays as it is.

A rule restricts by itself only where two independent grounds agree; else it asks a person.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from annotation.domain import project_people
from annotation.domain.events import Fact, publish
from annotation.domain.hints import hint_all
from annotation.queries.pseudonyms import pseudonyms
from quality.agreement import conditions, restraint
from quality.agreement.conditions import DRIFT, EVIDENCE, EXITS, SKIPS, SPAM, SPEED, VOLUME
from quality.models import Restriction, Rule, RuleHit
from quality.queries import restrictions as reads
from workforce.domain import standing
from workforce.domain.actor import SYSTEM, Actor
from workforce.domain.refusal import Refusal

REVISED = tuple(f"{kind}." for kind in (*EVIDENCE, DRIFT))  # facts that a verdict can turn out to have been wrong of
FEWEST_TOLD = 3  # wrong answers; of fewer nobody learns how many of theirs were looked at
Status = Restriction.Status


class NotAsked(Refusal):
    """Somebody has decided already, a newer hit has taken its place, or it has grown too old."""

    code = "not_asked"
    message = _("This is no longer open.")
    remedy = _("Look at the list again: what has changed since is there.")


class NotInForce(Refusal):
    """It has ended, or somebody has lifted it."""

    code = "not_in_force"
    message = _("This restriction is no longer in force.")
    remedy = _("Nothing is to be done: they get new tasks again.")


class ReasonMissing(Refusal):
    """The person reads why."""

    code = "reason_missing"
    message = _("A sentence is missing: they read why.")
    remedy = _("Write in your own words what you have seen.")


# --- By a rule --------------------------------------------------------------------------------------------------------
def of_hits(*, rule: Rule, hits: Sequence[RuleHit], now: datetime) -> None:
    """What a rule that restricts makes of new hits: who is hit for two independent grounds is restricted, of the others a person is asked.

    A newer hit takes the place of a question that nobody has answered; who is restricted already is left alone. The caller has locked what
    the project says of people.
    """
    people = [hit.contributor_id for hit in hits]
    theirs = {"project": rule.project_id, "contributor__in": people}
    Restriction.objects.filter(status=Status.ASKED, **theirs).delete()
    held = set(Restriction.objects.filter(reads.in_force(now), **theirs).values_list("contributor_id", flat=True))
    made = Restriction.objects.bulk_create(
        Restriction(
            project_id=rule.project_id,
            contributor_id=hit.contributor_id,
            hit=hit,
            grounds=restraint.grounds(rule.condition, hit.facts),
        )
        for hit in hits
        if hit.contributor_id not in held
    )
    rows = list(_whole().filter(pk__in=[row.pk for row in made]).order_by("id"))
    clear = [row for row in rows if restraint.independent(row.grounds)]
    record([row for row in rows if row not in clear], "restriction.asked", by=SYSTEM)
    _impose(clear, by=SYSTEM, now=now)


def end_unfounded(*, now: datetime) -> int:
    """Sweep: lift what a rule would not do any more, because known answers or reviews that it rested on were wrong; how many."""
    seen = reads.still_seen(now)
    rows = _whole().filter(pk__in=seen).order_by("id")
    return sum(_end_unfounded(row, now) for row in rows if not _founded(row, seen[row.pk]))


def _founded(row: Restriction, seen: Mapping[str, tuple[int, float]]) -> bool:
    """What does not rest on verdicts does not change."""
    stays = {fact: value for fact, value in row.hit.facts.items() if not fact.startswith(REVISED)}
    facts = stays | conditions.facts(restraint.known(seen))
    condition = row.hit.rule.condition
    return conditions.holds(condition, facts) and restraint.independent(restraint.grounds(condition, facts))


@transaction.atomic
def _end_unfounded(restriction: Restriction, now: datetime) -> bool:
    row = locked(restriction)
    if row is None or row.status != Status.IMPOSED:
        return False
    end(row, by=SYSTEM, now=now, cause="unfounded")
    return True


# --- By a person ------------------------------------------------------------------------------------------------------
@transaction.atomic
def confirm(*, restriction: Restriction, by: Actor, now: datetime) -> Restriction:
    """Yes: no new tasks for them, for as long as the rule and the times before say. Raises NotAsked."""
    row = _asked(restriction, now)
    _impose([row], by=by, now=now)
    return row


@transaction.atomic
def leave(*, restriction: Restriction, by: Actor, now: datetime) -> Restriction:
    """No: nothing happens, and nobody is told. Raises NotAsked."""
    row = _asked(restriction, now)
    row.status, row.decider = Status.LEFT, by.id
    row.save(update_fields=["status", "decider"])
    record([row], "restriction.left", by=by)
    return row


@transaction.atomic
def lift(*, restriction: Restriction, reason: str, by: Actor, now: datetime) -> Restriction:
    """End it, for a reason that the person reads; it no longer counts against them. Raises NotInForce, ReasonMissing."""
    row = in_force(restriction, now)
    if not reason.strip():
        raise ReasonMissing
    return end(row, by=by, now=now, reason=reason.strip())


def end(row: Restriction, *, by: Actor, now: datetime, reason: str = "", cause: str = "") -> Restriction:
    """Of a locked row, for somebody's reason or for a cause: unanswered, unfounded.

    One that has run out is lifted too, so that it does not count; a later one is not touched by that.
    """
    row.status, row.decider, row.reason = Status.LIFTED, by.id, reason[:500]
    row.save(update_fields=["status", "decider", "reason"])
    if row.until and row.until > now:
        project_people.unrestrict(project=row.project, contributor_id=row.contributor_id)
    tell([row], "restriction_lifted", reason=row.reason, cause=cause)
    record([row], "restriction.lifted", by=by, reason=row.reason or cause)
    return row


def in_force(restriction: Restriction, now: datetime) -> Restriction:
    """The row as it is now, for nobody else to change. Raises NotInForce."""
    row = locked(restriction)
    if row is None or row.status != Status.IMPOSED or row.until is None or row.until <= now:
        raise NotInForce
    return row


def _asked(restriction: Restriction, now: datetime) -> Restriction:
    row = locked(restriction)
    if row is None or row.status != Status.ASKED or row.created_at <= now - reads.ASKED_FOR:
        raise NotAsked
    return row


def locked(restriction: Restriction) -> Restriction | None:
    """The row as it is now, whatever its status; None if a newer hit has taken its place."""
    project_people.lock(restriction.project)
    return _whole().select_for_update(no_key=True, of=("self",)).filter(pk=restriction.pk).first()


def _whole() -> QuerySet[Restriction]:
    return Restriction.objects.select_related("project", "contributor", "hit__rule")


# --- Coming into force ------------------------------------------------------------------------------------------------
def _impose(rows: Sequence[Restriction], *, by: Actor, now: datetime) -> None:
    """Of one project."""
    if not rows:
        return
    project = rows[0].project
    before = reads.ages(project, [row.contributor_id for row in rows], now)
    for row in rows:
        days = restraint.days(row.hit.rule.days, before[row.contributor_id])
        row.status, row.decider, row.since, row.until = Status.IMPOSED, by.id, now, now + timedelta(days=days)
    Restriction.objects.bulk_update(rows, ["status", "decider", "since", "until"])
    places = {row.contributor_id: (row.until, why(row)) for row in rows if row.until}
    project_people.restrict(project=project, people=places)
    tell(rows, "restricted")
    record(rows, "restriction.imposed", by=by)


def why(row: Restriction) -> dict[str, Any]:
    """What the person may know of it, with its id."""
    return {"restriction": row.public_id, **told(row.hit)}


def told(hit: RuleHit) -> dict[str, Any]:
    """What the person may know of what a rule has seen: how many of their checked answers of the last days were right, and whether more
    were before; whether they depend on the task; how many took hardly any time; what they gave back or left, and how much they did. No
    numbers where these would single any answer out.
    """
    rule, facts = hit.rule, hit.facts
    against = restraint.against(rule.condition, facts)
    kinds = against or {fact.split(".")[0] for fact in facts}
    said: dict[str, Any] = {"days": rule.window_d}
    n, right = _counted(facts, kinds & set(EVIDENCE))
    if n - right >= FEWEST_TOLD:
        said |= {"n": n, "right": right}
    said |= {name: True for kind, name in ((DRIFT, "fell"), (SPAM, "alike")) if kind in against}
    timed, slow = _counted(facts, kinds & {SPEED})
    if timed - slow >= FEWEST_TOLD:
        said |= {"timed": timed, "fast": timed - slow}
    for kind in (SKIPS, EXITS):  # what they did themselves
        if f"{kind}.n" in facts:
            said[kind] = _counted(facts, {kind})
    if f"{VOLUME}.answers" in facts:
        said[VOLUME] = [round(facts[f"{VOLUME}.{name}"]) for name in ("answers", "minutes")]
    return said


def _counted(facts: Mapping[str, float], kinds: Collection[str]) -> tuple[int, int]:
    """How many answers or tasks these collectors have seen, and of how many they say what they look for."""
    n = sum(facts[f"{kind}.n"] for kind in kinds)
    return round(n), round(sum(facts[f"{kind}.n"] * facts[f"{kind}.share"] for kind in kinds))


# --- Telling ----------------------------------------------------------------------------------------------------------
def tell(rows: Sequence[Restriction], code: str, **about: Any) -> None:
    """A notice to each of these people, of one project."""
    project = rows[0].project
    said = {"project": project.public_id, "project_name": project.name, **about}
    notices = {
        (row.contributor_id, row.public_id): {
            **said,
            **why(row),
            "until": row.until.isoformat() if row.until else "",
        }
        for row in rows
    }
    standing.notify_each(code=code, notices=notices)
    hint_all(
        [
            (f"contributor.{row.contributor.public_id}", {"kind": "feedback", "project": project.public_id})
            for row in rows
        ]
    )


def record(rows: Sequence[Restriction], kind: str, *, by: Actor, **about: Any) -> None:
    """An event of each of these restrictions, of one project."""
    if rows:
        owner = rows[0].project.organization_id
        names = pseudonyms(organization_id=owner, people=[row.contributor_id for row in rows])
        publish(*(_fact(row, kind, names, **about) for row in rows), by=by)


def _fact(row: Restriction, kind: str, names: Mapping[int, str], **about: Any) -> Fact:
    project = row.project
    data = {"contributor": names.get(row.contributor_id, ""), "rule": row.hit.rule.public_id, **about}
    if row.until:
        data["until"] = row.until.isoformat()
    return Fact(project.organization_id, project.mode, project.pk, kind, row.public_id, data)
