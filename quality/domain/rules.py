"""Rules of a project: written, tried on what has happened, then put into force. Nobody loses begun work or pay by one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from annotation.domain import project_people
from annotation.domain.events import Fact, publish
from annotation.models import Project
from annotation.queries import practice as practice_reads
from annotation.queries import redoing
from annotation.queries.pseudonyms import pseudonyms
from quality.agreement import conditions, restraint, sprt
from quality.agreement.bounds import wilson
from quality.agreement.conditions import Problem
from quality.domain import practice, redo, restrictions
from quality.models import Rule, RuleHit, Scorecard
from quality.models.rule import STRONG
from quality.queries import rules
from quality.queries.rules import Hit
from workforce.domain import standing
from workforce.domain.actor import Actor
from workforce.domain.refusal import Refusal

SHOWN = 100  # rows of a dry run that are kept
# Actions that last for some days, and until when, as it stands on the scorecard.
LASTING: Mapping[str, str] = {Rule.Action.RAISE_GOLD: "raised_until", Rule.Action.REVIEW_ALL: "reviewed_until"}
# What a trial calls those on whom a strong action would have been taken at once.
ACTED: Mapping[str, str] = {Rule.Action.RESTRICT: "restricted", Rule.Action.REDO: "redone"}
LATER = 5  # known answers after a hit that say whether it was deserved


class InvalidRule(Refusal):
    """The condition is not one; `problems` say where."""

    code = "validation_failed"
    message = _("The condition of this rule cannot be read.")
    remedy = _("Look at the marked places.")

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems=[{"path": each.path, "code": each.code} for each in problems])
        self.problems = problems


class NameTaken(Refusal):
    """Two rules of a project have different names."""

    code = "name_taken"
    message = _("There is a rule of this name in the project already.")
    remedy = _("Choose another name.")


class NotTried(Refusal):
    """Nobody has seen yet what the rule would have done."""

    code = "not_tried"
    message = _("This rule has not been tried yet.")
    remedy = _("Try it on what has happened so far, look at whom it would have hit, then put it into force.")


@dataclass(frozen=True, slots=True)
class Terms:
    """What a rule says: the last so many days, at least so many observations in them, the condition, and for how many days it acts
    or how much practice it asks for.
    """

    window_d: int
    least: int
    condition: Mapping[str, Any]
    action: str
    days: int = 7
    practice: int = 3


@transaction.atomic
def create(*, project: Project, name: str, terms: Terms, by: Actor) -> Rule:
    """A rule that is not in force yet. Raises InvalidRule, NameTaken."""
    wrong = conditions.problems(terms.condition, "/condition")
    if wrong:
        raise InvalidRule(wrong)
    try:
        with transaction.atomic():
            rule = Rule.objects.create(
                project=project,
                name=name,
                window_d=terms.window_d,
                least=terms.least,
                condition=terms.condition,
                action=terms.action,
                days=terms.days,
                practice=terms.practice,
            )
    except IntegrityError as error:
        raise NameTaken from error
    rule.refresh_from_db()
    publish(_fact(rule, "rule.created"), by=by)
    return rule


@transaction.atomic
def change(*, rule: Rule, terms: Terms, by: Actor) -> Rule:
    """Another version of it, not in force until it has been tried. Raises InvalidRule."""
    wrong = conditions.problems(terms.condition, "/condition")
    if wrong:
        raise InvalidRule(wrong)
    Rule.objects.filter(pk=rule.pk).update(
        window_d=terms.window_d,
        least=terms.least,
        condition=terms.condition,
        action=terms.action,
        days=terms.days,
        practice=terms.practice,
        version=F("version") + 1,
        status=Rule.Status.DRAFT,
        tried=None,
    )
    rule.refresh_from_db()
    publish(_fact(rule, "rule.changed"), by=by)
    return rule


def try_out(*, rule: Rule, now: datetime) -> Rule:
    """Replay the evidence of the last 90 days: whom it would have hit, when, and who of them was good all the same later on."""
    hits, golds = rules.replayed(rule, now)
    good = {hit.contributor_id for hit in hits if _good_later(hit, golds.get(hit.contributor_id, []))}
    hit_people = {hit.contributor_id for hit in hits}
    names = pseudonyms(organization_id=rule.project.organization_id, people=hit_people)
    rule.tried = {
        "at": now.isoformat(),
        "days": rules.LOOKED_BACK.days,
        "people": len(hit_people),
        "hits": len(hits),
        "good": len(good),
        "rows": [
            {
                "who": names.get(hit.contributor_id, ""),
                "at": hit.at.isoformat(),
                "facts": dict(hit.facts),
                "good": hit.contributor_id in good,
                "grounds": restraint.grounds(rule.condition, hit.facts),
            }
            for hit in hits[-SHOWN:][::-1]
        ],
    }
    if rule.action in STRONG:
        clear = [each for each in hits if _clear(rule, each)]
        acted, name = {each.contributor_id for each in clear}, ACTED[rule.action]
        rule.tried |= {name: len(acted), f"{name}_good": len(acted & good)}
        if rule.action == Rule.Action.REDO:
            rule.tried["answers"] = redoing.count([redo.span(rule, each.contributor_id, each.at) for each in clear])
    if rule.action == Rule.Action.PRACTICE:
        found = practice_reads.ahead(project_id=rule.project_id, people=hit_people, count=rule.practice)
        rule.tried |= {"without_practice": len(hit_people - found.keys())}
    Rule.objects.filter(pk=rule.pk).update(tried=rule.tried)
    return rule


def _good_later(hit: Hit, golds: Sequence[tuple[datetime, float]]) -> bool:
    """Known answers after the hit say with 95 % certainty that the person is not poor."""
    later = [outcome for at, outcome in golds if at > hit.at]
    return len(later) >= LATER and wilson(sum(later), len(later))[0] >= sprt.POOR


def _clear(rule: Rule, hit: Hit) -> bool:
    return restraint.independent(restraint.grounds(rule.condition, hit.facts))


@transaction.atomic
def enable(*, rule: Rule, by: Actor) -> Rule:
    """In force from now on. Raises NotTried."""
    if rule.tried is None:
        raise NotTried
    if Rule.objects.filter(pk=rule.pk, status=Rule.Status.DRAFT).update(status=Rule.Status.ENABLED):
        publish(_fact(rule, "rule.enabled"), by=by)
    rule.refresh_from_db()
    return rule


@transaction.atomic
def disable(*, rule: Rule, by: Actor) -> Rule:
    """No longer in force; what it has set off lasts as long as it said."""
    if Rule.objects.filter(pk=rule.pk, status=Rule.Status.ENABLED).update(status=Rule.Status.DRAFT):
        publish(_fact(rule, "rule.disabled"), by=by)
    rule.refresh_from_db()
    return rule


def evaluate(*, now: datetime) -> int:
    """Sweep: whom the rules in force hit now; how many hits are new. Once per rule, version, person and window, however often it runs."""
    enabled = Rule.objects.filter(status=Rule.Status.ENABLED, project__status=Project.Status.OPEN)
    return sum(_act(rule, now) for rule in enabled.select_related("project").order_by("id"))


@transaction.atomic
def _act(rule: Rule, now: datetime) -> int:
    found = {hit.contributor_id: hit for hit in rules.present(rule, now)}
    if not found:
        return 0
    project_people.lock(rule.project)
    met = rules.met(rule, found.keys(), now)
    new = RuleHit.objects.bulk_create(
        RuleHit(
            rule=rule,
            version=rule.version,
            bucket=rules.bucket(rule, now),
            contributor_id=person,
            facts=dict(hit.facts),
            at=now,
        )
        for person, hit in sorted(found.items())
        if person not in met
    )
    if new and rule.action in ACTS:
        ACTS[rule.action](rule=rule, hits=new, now=now)
    return len(new)


def _from_now_on(*, rule: Rule, hits: Sequence[RuleHit], now: datetime) -> None:
    """For as many days as the rule says."""
    cards = Scorecard.objects.filter(project=rule.project_id, contributor__in=[hit.contributor_id for hit in hits])
    keys = list(
        cards.select_for_update(no_key=True).order_by("project_id", "contributor_id").values_list("pk", flat=True)
    )
    Scorecard.objects.filter(pk__in=keys).update(**{LASTING[rule.action]: now + timedelta(days=rule.days)})


def _remind(*, rule: Rule, hits: Sequence[RuleHit], now: datetime) -> None:
    """A notice to each of them, without what it was that they missed: known answers stay unknown."""
    project = rule.project
    standing.notify_all(
        contributor_ids=[hit.contributor_id for hit in hits],
        code="read_again",
        source_key=f"{rule.public_id} {rules.bucket(rule, now)}",
        params={"project": project.public_id, "project_name": project.name},
    )


def _practise(*, rule: Rule, hits: Sequence[RuleHit], now: datetime) -> None:
    """Practice first; who has had all of it is asked to read the guidelines again instead."""
    if left := practice.of_hits(rule=rule, hits=hits, now=now):
        _remind(rule=rule, hits=left, now=now)


# What each action makes of new hits; who is only shown meets none.
ACTS: Mapping[str, Callable[..., None]] = {
    **dict.fromkeys(LASTING, _from_now_on),
    Rule.Action.NOTIFY: _remind,
    Rule.Action.PRACTICE: _practise,
    Rule.Action.RESTRICT: restrictions.of_hits,
    Rule.Action.REDO: redo.of_hits,
}


def _fact(rule: Rule, kind: str) -> Fact:
    project = rule.project
    return Fact(project.organization_id, project.mode, project.pk, kind, rule.public_id, {"name": rule.name})
