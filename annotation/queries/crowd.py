"""Who may work in a project, and how much they have worked lately: what forecasts rest on."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from django.db import connection

from annotation.models import Project
from annotation.scheduling import supply
from annotation.scheduling.supply import Floats, Supply

MONDAY_S = 4 * 86_400  # 1970-01-05 00:00 UTC, since the epoch
WEEK_S = 7 * 86_400
KNOWN = timedelta(days=84)
KEEP, MOST_KEPT = timedelta(minutes=10), 1000
ASSUMED_WEEK_S = 5 * 3600.0  # active seconds a week of somebody of whom nothing is known
SHARE, SHARE_WEEKS = 0.5, 0.05  # of their time that comes here, and the part of a week that this guess is worth
FEWEST_S = 10 * 3600.0  # active seconds from which on it is history

# Those who came before and may; of a project that nobody has opened yet all who could.
HOURS = """
WITH met AS (
    SELECT DISTINCT c.contributor_id AS id FROM queue q JOIN queue_cursor c ON c.queue_id = q.id
     WHERE q.project_id = %(project)s AND q.stage = 'label' AND c.verdict = ''
), able AS (
    SELECT id FROM met
    UNION ALL
    SELECT w.id FROM contributor w
     WHERE NOT EXISTS (SELECT 1 FROM met) AND w.status = 'active'
       AND (%(public)s OR EXISTS (SELECT 1 FROM membership m WHERE m.organization_id = %(organization)s AND m.user_id = w.user_id))
), hours AS (
    SELECT (extract(epoch FROM w.hour)::bigint - %(monday)s) / 3600 AS hour, sum(w.seconds) AS seconds,
           coalesce(sum(w.seconds) FILTER (WHERE w.project_id = %(project)s), 0) AS own
      FROM worked_hour w JOIN able ON able.id = w.contributor_id WHERE w.hour >= %(since)s GROUP BY 1
)
SELECT (SELECT count(*) FROM able), (SELECT count(DISTINCT w.contributor_id) FROM worked_hour w JOIN able ON able.id = w.contributor_id
                                      WHERE w.hour >= %(lately)s), h.hour, h.seconds, h.own
  FROM (SELECT 1) one LEFT JOIN hours h ON true ORDER BY h.hour
"""


@dataclass(frozen=True, slots=True)
class Crowd:
    """The people of a project. `own`: active seconds here in each whole hour from `first_h` (hours since a Monday) on."""

    supply: Supply
    share: float  # of their time that comes here while there is work
    people: int
    first_h: int
    own: Floats
    measured: bool

    def since(self, moment: datetime) -> tuple[int, float]:
        """Whole hours since then, and the active seconds here in them."""
        full = self.own[max(0, -(-_since_monday(moment) // 3600) - self.first_h) :]
        return len(full), float(full.sum())


def of(*, project: Project, now: datetime) -> Crowd:
    """The people who may answer in a project. One statement."""
    values: dict[str, int | bool | datetime] = {
        "project": project.pk,
        "organization": project.organization_id,
        "public": project.workforce != Project.Workforce.TEAM,
        "monday": MONDAY_S,
        "since": now - KNOWN,
        "lately": now - KNOWN / 4,
    }
    with connection.cursor() as cursor:
        cursor.execute(HOURS, values)
        rows = cursor.fetchall()
    able, active = rows[0][:2]
    people = int(active or able or 1)
    last_h = _since_monday(now) // 3600
    first_h = int(rows[0][2]) if rows[0][2] is not None else last_h
    seconds, own = np.zeros((2, last_h - first_h + 1))
    for _able, _active, hour, all_s, own_s in rows:
        if hour is not None and hour <= last_h:
            seconds[hour - first_h], own[hour - first_h] = all_s, own_s
    return _crowd(people, first_h, seconds[:-1], own[:-1])


_kept: dict[int, tuple[datetime, Crowd]] = {}


def kept(*, project: Project, now: datetime) -> Crowd:
    """The same, at most ten minutes old: for what is done again and again."""
    found = _kept.get(project.pk)
    if found is None or not found[0] <= now < found[0] + KEEP:
        if len(_kept) > MOST_KEPT:
            _kept.clear()
        found = _kept[project.pk] = (now, of(project=project, now=now))
    return found[1]


def _crowd(people: int, first_h: int, seconds: Floats, own: Floats) -> Crowd:
    """The hour that runs is left out of everything."""
    known = supply.profile(first_h=first_h, seconds=seconds, guess_s=people * ASSUMED_WEEK_S / supply.WEEK_H)
    trust = float(known.seconds.sum()) * SHARE_WEEKS
    share = supply.share(own=own, all_=seconds, prior=SHARE, trust_s=trust)
    return Crowd(known, share, people, first_h, own, measured=bool(seconds.sum() >= FEWEST_S))


def week_s(moment: datetime) -> float:
    """Seconds since Monday 00:00 UTC."""
    return float((moment.timestamp() - MONDAY_S) % WEEK_S)


def _since_monday(moment: datetime) -> int:
    return int(moment.timestamp()) - MONDAY_S
