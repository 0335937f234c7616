"""Who works where: verdicts for a person and a project, and the turn of tasks whose answer is known."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from annotation.domain import eligibility
from annotation.domain.eligibility import Verdict
from annotation.models import Project, Purpose, Queue
from workforce.models import Contributor


def board(
    *, contributor: Contributor, projects: Sequence[Project], stage: str
) -> dict[int, list[tuple[Queue, Verdict]]]:
    """{project: the verdict for each of its queues of a stage}: what the claim obeys, and what pages tell. Two statements.

    Of audits only those are told who do them, and they as of any other work.
    """
    keys = [project.pk for project in projects]
    queues = {queue.pk: queue for queue in Queue.objects.filter(project__in=keys, stage=stage)}
    found: dict[int, list[tuple[Queue, Verdict]]] = {key: [] for key in keys}
    for each in eligibility.judge(people=[contributor.pk], projects=keys, stages=[stage]):
        queue = queues.get(each.queue_id)
        if queue and not (queue.purpose == Purpose.AUDIT and each.verdict.code):
            found[each.project_id].append((queue, each.verdict))
    return found


ALIASES = """
INSERT INTO contributor_alias (organization_id, contributor_id)
SELECT p.organization_id, w.id FROM unnest(%s::bigint[]) AS w (id) CROSS JOIN
       (SELECT DISTINCT organization_id FROM project WHERE id = ANY(%s)) p
 WHERE NOT EXISTS (SELECT 1 FROM contributor_alias a WHERE a.organization_id = p.organization_id AND a.contributor_id = w.id)
ON CONFLICT DO NOTHING
"""


def refresh_eligibility(*, people: Sequence[int], projects: Sequence[int], stages: Sequence[str]) -> int:
    """Compute and store the verdicts of these people for these projects' queues; the claim compares version numbers only.

    Gives everybody the pseudonym under which they are known there. Two statements, whatever the numbers; how many verdicts.
    """
    with connection.cursor() as cursor:
        cursor.execute(ALIASES, [list(people), list(projects)])
    return eligibility.keep(people=people, projects=projects, stages=stages)


# People whose verdict is not known yet are left out; a queue that nobody was asked about stays as it is.
REACH = """
UPDATE queue q SET reach = r.share
  FROM (SELECT c.queue_id, avg((c.verdict = '')::int)::float8 AS share
          FROM presence w JOIN queue_cursor c ON c.contributor_id = w.contributor_id
         WHERE w.last_seen_at > now() - interval '1 hour' GROUP BY c.queue_id ORDER BY c.queue_id) r
 WHERE q.id = r.queue_id AND q.reach IS DISTINCT FROM r.share
"""


def measure_reach() -> int:
    """How many of the people of the last hour each queue is open to; how many queues have changed. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(REACH)
        return int(cursor.rowcount)


MOST_GOLD = 0.25  # of somebody's turns, whatever their factor


def gold_turn(share: float) -> float | None:
    """An unforeseeable draw for one turn, where the project's gold share is this: whose factor is above it gets a known answer.

    None: nobody does. So somebody gets one in `factor * share` of all turns, and never in more than a quarter of them.
    """
    draw = secrets.SystemRandom().random()
    return draw / share if share and draw < MOST_GOLD else None


FACTORS = """
WITH v AS (SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::float8[]) AS v (project_id, contributor_id, factor)),
mine AS (
    SELECT c.queue_id, c.contributor_id, v.factor FROM queue_cursor c JOIN v USING (project_id, contributor_id)
     WHERE c.gold_factor <> v.factor ORDER BY c.queue_id, c.contributor_id FOR NO KEY UPDATE OF c
)
UPDATE queue_cursor c SET gold_factor = mine.factor FROM mine WHERE c.queue_id = mine.queue_id AND c.contributor_id = mine.contributor_id
"""


def set_gold_factors(*, factors: Mapping[tuple[int, int], float]) -> None:
    """{(project, contributor): factor}, from their next turn on. In a transaction of its own: a claim may wait for it."""
    if factors:
        with connection.cursor() as cursor:
            columns: list[Any] = [
                [project for project, _ in factors],
                [person for _, person in factors],
                list(factors.values()),
            ]
            cursor.execute(FACTORS, columns)
