"""What rules look at: the evidence of a project, now or as it came."""

from collections import defaultdict, deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import OuterRef, Q, Subquery

from annotation.domain import pace
from annotation.models import ContributorAlias, Queue, Stage
from quality.agreement import conditions, restraint
from quality.models import Evidence, Rule, RuleHit

DAY = timedelta(days=1)
LOOKED_BACK = timedelta(days=90)
TOO_FAST = 0.005  # so few of a project's answers usually take less time
MOST = 200_000  # pieces of evidence that a dry run replays
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


SEEN = """
SELECT contributor_id, kind, count(*), sum(outcome) FROM evidence
 WHERE project_id = %s AND created_at > %s AND created_at <= %s GROUP BY contributor_id, kind ORDER BY contributor_id
"""


# Of the same answers, each once, whose time was measured.
TIMED = """
SELECT e.contributor_id, 'speed', count(*), count(*) FILTER (WHERE n.active_ms >= %s)
  FROM (SELECT DISTINCT contributor_id, annotation_id FROM evidence WHERE project_id = %s AND created_at > %s AND created_at <= %s) e
  JOIN annotation n ON n.id = e.annotation_id WHERE n.active_ms > 0 GROUP BY e.contributor_id
"""


def present(rule: Rule, now: datetime) -> list[Hit]:
    """Whom the rule hits now. One statement; three if it asks how long answers took."""
    seen: dict[int, dict[str, tuple[int, float]]] = defaultdict(dict)
    window: list[Any] = [rule.project_id, now - rule.window_d * DAY, now]
    floor = floor_ms(rule)
    with connection.cursor() as cursor:
        cursor.execute(SEEN, window)
        rows = cursor.fetchall()
        if floor is not None:
            cursor.execute(TIMED, [floor, *window])
            rows += cursor.fetchall()
    for person, kind, n, right in rows:
        seen[person][kind] = (n, right)
    return [Hit(person, now, facts) for person, counts in seen.items() if (facts := _hit(rule, counts)) is not None]


def floor_ms(rule: Rule) -> float | None:
    """Active milliseconds below which an answer took too little, if the rule asks for it and the project's pace was measured."""
    if conditions.SPEED not in conditions.kinds(rule.condition):
        return None
    queue = Queue.objects.filter(project=rule.project_id, stage=Stage.LABEL, pace_n__gt=0).order_by("id").first()
    return pace.quantile(queue, TOO_FAST) * 1000 if queue else None


def _hit(rule: Rule, counts: Mapping[str, tuple[int, float]]) -> dict[str, float] | None:
    """The facts, if there are enough of them and the condition holds. To restrict somebody it takes more of each kind."""
    if rule.action == Rule.Action.RESTRICT:
        counts = restraint.known(counts)
    if sum(n for kind, (n, _right) in counts.items() if kind != conditions.SPEED) < rule.least:
        return None
    facts = conditions.facts(counts)
    return facts if conditions.holds(rule.condition, facts) else None


def met(rule: Rule, people: Collection[int], now: datetime) -> set[int]:
    """Whom of these people (keys) it leaves alone now: it has hit them in this window, or a rule of the project has acted on them today.

    So nobody meets two actions at once: what the first one does shows before the next. To be shown is no action. One statement.
    """
    this = Q(rule=rule, version=rule.version, bucket=bucket(rule, now))
    if rule.action != Rule.Action.FLAG:
        this |= Q(rule__project=rule.project_id, at__gt=now - DAY) & ~Q(rule__action=Rule.Action.FLAG)
    return set(RuleHit.objects.filter(this, contributor__in=people).values_list("contributor_id", flat=True))


@dataclass(slots=True)
class _Window:
    """Somebody's evidence of the last days, and its sums by kind."""

    length: timedelta
    inside: deque[tuple[datetime, str, float]] = field(default_factory=deque)
    sums: dict[str, tuple[int, float]] = field(default_factory=dict)

    def add(self, at: datetime, kind: str, outcome: float) -> None:
        """One more; what has grown too old goes."""
        self.inside.append((at, kind, outcome))
        self._count(kind, 1, outcome)
        while self.inside[0][0] <= at - self.length:
            _at, old, was = self.inside.popleft()
            self._count(old, -1, -was)

    def _count(self, kind: str, n: int, right: float) -> None:
        before = self.sums.get(kind, (0, 0.0))
        self.sums[kind] = (before[0] + n, max(0.0, before[1] + right))


def replayed(rule: Rule, now: datetime) -> tuple[list[Hit], dict[int, list[tuple[datetime, float]]]]:
    """Whom the rule would have hit in the last 90 days, in time order; and everybody's known answers (when, outcome). One statement."""
    rows = Evidence.objects.filter(project=rule.project_id, created_at__gt=now - LOOKED_BACK - rule.window_d * DAY)
    columns = ("created_at", "contributor_id", "kind", "outcome", "annotation_id", "annotation__active_ms")
    latest = rows.order_by("-id").values_list(*columns)[:MOST]
    golds: dict[int, list[tuple[datetime, float]]] = defaultdict(list)
    evidence = list(_timed(sorted(latest, key=lambda row: row[0]), floor_ms(rule)))
    for at, person, kind, outcome in evidence:
        if kind == Evidence.Kind.GOLD:
            golds[person].append((at, outcome))
    return list(_hits(rule, evidence, now - LOOKED_BACK)), golds


Seen = tuple[datetime, int, str, float]  # when, of whom, by what, how right


def _timed(rows: list[tuple[datetime, int, str, float, int, int]], floor: float | None) -> Iterator[Seen]:
    """The evidence, and with the first of each answer whether that took long enough."""
    timed = set[int]()
    for at, person, kind, outcome, annotation, active_ms in rows:
        yield at, person, kind, outcome
        if floor is not None and active_ms and annotation not in timed:
            timed.add(annotation)
            yield at, person, conditions.SPEED, float(active_ms >= floor)


def _hits(rule: Rule, evidence: list[Seen], since: datetime) -> Iterator[Hit]:
    windows: dict[int, _Window] = {}
    hit = set[tuple[int, int]]()
    for at, person, kind, outcome in evidence:
        window = windows.setdefault(person, _Window(rule.window_d * DAY))
        window.add(at, kind, outcome)
        key = (person, bucket(rule, at))
        if at > since and key not in hit and (facts := _hit(rule, window.sums)) is not None:
            hit.add(key)
            yield Hit(person, at, facts)


def latest_hits(rule: Rule) -> list[RuleHit]:
    """The latest of its present version, each with the `pseudonym` of the person."""
    alias = ContributorAlias.objects.filter(
        organization=rule.project.organization_id, contributor=OuterRef("contributor")
    )
    hits = RuleHit.objects.filter(rule=rule, version=rule.version).annotate(
        pseudonym=Subquery(alias.values("public_id"))
    )
    return list(hits.order_by("-id")[:HITS])
