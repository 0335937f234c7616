"""Whom rules hit: now, and whom they would have hit as it came."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter

from django.db.models import OuterRef, Q, Subquery

from annotation.models import ContributorAlias
from quality.agreement import conditions, restraint
from quality.agreement.sliding import Sliding
from quality.models import Evidence, Rule, RuleHit
from quality.models.rule import STRONG
from quality.queries import collectors
from quality.queries.collectors import Seen, Sums

DAY = timedelta(days=1)
LOOKED_BACK = timedelta(days=90)
HITS = 50


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule hits somebody (key) at a moment, for these facts."""

    contributor_id: int
    at: datetime
    facts: Mapping[str, float]


def bucket(rule: Rule, at: datetime) -> int:
    """The number of a window: in each a rule hits somebody once."""
    return int(at.timestamp() // (rule.window_d * 86_400))


def present(rule: Rule, now: datetime) -> list[Hit]:
    """Whom the rule hits now. One statement, and what the collectors take that it asks."""
    window = collectors.Window(rule.project_id, now - rule.window_d * DAY, now)
    seen = collectors.summed(window, conditions.kinds(rule.condition))
    return [Hit(person, now, facts) for person, sums in seen.items() if (facts := _hit(rule, sums)) is not None]


def _hit(rule: Rule, seen: Sums) -> dict[str, float] | None:
    """The facts, if enough was observed and the condition holds. To act strongly it takes more of each kind."""
    if rule.action in STRONG:
        seen = restraint.known(seen)
    facts = conditions.facts(conditions.enough(seen, rule.least), rule.window_d)
    return facts if conditions.holds(rule.condition, facts) else None


def met(rule: Rule, people: Collection[int], now: datetime) -> set[int]:
    """Whom of these people (keys) it leaves alone now: it has hit them in this window, or a rule of the project has acted on them today.

    So nobody meets two actions at once: what the first one does shows before the next. To be shown is no action. One statement.
    """
    this = Q(rule=rule, version=rule.version, bucket=bucket(rule, now))
    if rule.action != Rule.Action.FLAG:
        this |= Q(rule__project=rule.project_id, at__gt=now - DAY) & ~Q(rule__action=Rule.Action.FLAG)
    return set(RuleHit.objects.filter(this, contributor__in=people).values_list("contributor_id", flat=True))


def replayed(rule: Rule, now: datetime) -> tuple[list[Hit], dict[int, list[tuple[datetime, float]]]]:
    """Whom the rule would have hit in the last 90 days, in time order; and everybody's known answers (when, outcome).

    What is known only as it is now is taken for what it was. One statement, and what the collectors take that it asks.
    """
    window = collectors.Window(rule.project_id, now - LOOKED_BACK - rule.window_d * DAY, now)
    asked = conditions.kinds(rule.condition)
    seen = collectors.one_by_one(window, asked)
    golds: dict[int, list[tuple[datetime, float]]] = defaultdict(list)
    for at, person, kind, outcome in seen:
        if kind == Evidence.Kind.GOLD:
            golds[person].append((at, outcome))
    return list(_hits(rule, seen, collectors.of_today(window, asked), now - LOOKED_BACK)), golds


def _hits(rule: Rule, seen: Iterable[Seen], always: Mapping[int, Sums], since: datetime) -> Iterator[Hit]:
    windows: dict[int, Sliding] = {}
    hit = set[tuple[int, int]]()
    for (at, person), together in groupby(seen, key=itemgetter(0, 1)):
        window = windows.setdefault(person, Sliding(rule.window_d * DAY))
        for *_of, kind, value in together:
            window.add(at, kind, value)
        key = (person, bucket(rule, at))
        if at <= since or key in hit:
            continue
        if (facts := _hit(rule, {**window.seen(), **always.get(person, {})})) is not None:
            hit.add(key)
            yield Hit(person, at, facts)


def latest_hits(rule: Rule) -> list[RuleHit]:
    """The latest of its present version, each with the `pseudonym` of the person, and the `redo` that it led to, if any."""
    alias = ContributorAlias.objects.filter(
        organization=rule.project.organization_id, contributor=OuterRef("contributor")
    )
    hits = RuleHit.objects.filter(rule=rule, version=rule.version).annotate(
        pseudonym=Subquery(alias.values("public_id"))
    )
    return list(hits.select_related("redo").order_by("-id")[:HITS])
