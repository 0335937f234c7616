"""Restrictions: what waits for a decision, what is in force, and how often it had to be before."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import OrderBy

from annotation.models import ContributorAlias, Project
from quality.agreement.conditions import DRIFT
from quality.models import Restriction
from quality.queries.collectors import highest_fall
from workforce.models import Contributor

ASKED_FOR = timedelta(days=14)  # what a rule saw longer ago is no reason to restrict anybody today
MOST = 200
DAY = timedelta(days=1)
Status = Restriction.Status


def asked(now: datetime) -> Q:
    """What a person is asked."""
    return Q(status=Status.ASKED, created_at__gt=now - ASKED_FOR)


def in_force(now: datetime) -> Q:
    """What keeps somebody from new tasks."""
    return Q(status=Status.IMPOSED, until__gt=now)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many questions, and how many objections, wait for somebody of the project."""

    questions: int
    objections: int


def waiting(project: Project, now: datetime) -> Waiting:
    """In one statement."""
    objected = in_force(now) & Q(objected_at__isnull=False, replied_at=None)
    counts = {"questions": Count("id", filter=asked(now)), "objections": Count("id", filter=objected)}
    return Waiting(**Restriction.objects.filter(project=project).aggregate(**counts))


def asked_in(project: Project, now: datetime) -> list[Restriction]:
    """The questions of a project, the oldest first, each with its `pseudonym`. One statement."""
    return _shown(Restriction.objects.filter(asked(now), project=project), "id")


def of_project(project: Project, now: datetime) -> list[Restriction]:
    """Those in force, unanswered objections first, then by their end; each with its `pseudonym`. One statement."""
    rows = Restriction.objects.filter(in_force(now), project=project)
    return _shown(rows, F("replied_at").desc(nulls_last=True), F("objected_at").asc(nulls_last=True), "until")


def _shown(rows: QuerySet[Restriction], *order: str | OrderBy) -> list[Restriction]:
    return list(with_pseudonyms(rows.select_related("hit__rule")).order_by(*order)[:MOST])


def with_pseudonyms(rows: QuerySet[Restriction]) -> QuerySet[Restriction]:
    """Each with the `pseudonym` that its person has in the organization of its project."""
    alias = ContributorAlias.objects.filter(
        organization=OuterRef("project__organization"), contributor=OuterRef("contributor")
    )
    return rows.annotate(pseudonym=Subquery(alias.values("public_id")[:1]))


def of_person(contributor: Contributor, now: datetime) -> list[Restriction]:
    """Where somebody gets no new tasks now, the nearest end first. One statement."""
    rows = Restriction.objects.filter(in_force(now), contributor=contributor).select_related("project", "hit__rule")
    return list(rows.order_by("until", "id"))


def ages(project: Project, people: Collection[int], now: datetime) -> dict[int, list[float]]:
    """{contributor: how many days ago each of their restrictions began}; those that were lifted count against nobody. One statement."""
    found: dict[int, list[float]] = defaultdict(list)
    for row in Restriction.objects.filter(project=project, contributor__in=people, status=Status.IMPOSED):
        if row.since:
            found[row.contributor_id].append((now - row.since) / DAY)
    return found


# Of what a rule saw when it restricted somebody by itself: what of it still counts. Known answers that turned out wrong have left since.
STILL = """
SELECT r.id, e.kind, count(e.id), sum(e.outcome)
  FROM restriction r JOIN rule_hit h ON h.id = r.hit_id JOIN rule u ON u.id = h.rule_id AND u.version = h.version
  LEFT JOIN evidence e ON e.project_id = r.project_id AND e.contributor_id = r.contributor_id
   AND e.created_at > h.at - u.window_d * interval '1 day' AND e.created_at <= h.at
 WHERE r.status = 'imposed' AND r.until > %s AND r.decider = '' GROUP BY r.id, e.kind ORDER BY r.id
"""


# And what of their known answers, from the first one on, where it saw somebody fall.
WATCHED = """
SELECT r.id, h.at - u.window_d * interval '1 day', array_agg(e.created_at ORDER BY e.id), array_agg(e.outcome ORDER BY e.id)
  FROM restriction r JOIN rule_hit h ON h.id = r.hit_id JOIN rule u ON u.id = h.rule_id AND u.version = h.version
  JOIN evidence e ON e.project_id = r.project_id AND e.contributor_id = r.contributor_id AND e.kind = 'gold' AND e.created_at <= h.at
 WHERE r.status = 'imposed' AND r.until > %s AND r.decider = '' AND h.facts ? 'drift.score' GROUP BY r.id, h.id, u.id
"""


def still_seen(now: datetime) -> dict[int, dict[str, tuple[int, float]]]:
    """{restriction: {kind: (observations, how many of them right)}} of those in force by a rule that has not changed. Two statements.

    Of the watch over known answers: how many of them, and the highest that its sum has come to.
    """
    found: dict[int, dict[str, tuple[int, float]]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(STILL, [now])
        for key, kind, n, right in cursor.fetchall():
            found[key] |= {kind: (n, right)} if kind else {}
        cursor.execute(WATCHED, [now])
        for key, since, times, outcomes in cursor.fetchall():
            found[key] |= {DRIFT: highest_fall(since, times, outcomes)}
    return found


def unanswered(since: datetime, now: datetime) -> list[Restriction]:
    """Objected to before `since`, or run out meanwhile, and nobody has replied; the oldest objection first."""
    open_ = Restriction.objects.filter(status=Status.IMPOSED, objected_at__isnull=False, replied_at=None)
    late = open_.filter(Q(objected_at__lte=since) | Q(until__lte=now))
    return list(late.select_related("project").order_by("objected_at", "id"))
