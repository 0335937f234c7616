"""Pace: how many active seconds an answer takes in a queue, log-normal. Estimated at first, measured from 30 answers on."""

import math
from statistics import NormalDist

from django.db import connection

from annotation.models import Project, Queue
from annotation.questions import presets

SIGMA = 0.7  # of the logarithm, until it is measured
SHARE_OF_LEASE = 0.25  # the median of an answer without any better estimate
FEWEST, LATEST = 30, 500  # answers that a measurement needs, and takes
WINDOW = 100_000  # seats of all projects among which the latest are looked for
NORMAL = NormalDist()


def estimate(project: Project) -> float:
    """Median seconds of an answer before anything is measured: the preset's minutes, else a quarter of the lease."""
    minutes = presets.load(project.preset).defaults.get("minutes") if project.preset in presets.names() else None
    return float(minutes) * 60 if minutes else SHARE_OF_LEASE * float(project.terms.get("lease_s", 600))


def quantile(queue: Queue, p: float) -> float:
    """Seconds within which the share `p` (0..1, ends excluded) of the answers of this queue is given."""
    return queue.pace_median_s * math.exp(queue.pace_sigma * NORMAL.inv_cdf(p))


# All queues of a project and stage ask the same, whatever their class: they share a pace. Of sigma the middle two thirds decide, so that
# a desk left over lunch does not count. Queues that somebody else holds wait for the next round.
MEASURE = """
WITH recent AS (
    SELECT a.project_id, a.stage, ln(a.active_ms / 1000.0) AS log_s,
           row_number() OVER (PARTITION BY a.project_id, a.stage ORDER BY a.id DESC) AS place
      FROM assignment a
     WHERE a.id > (SELECT coalesce(max(id), 0) FROM assignment) - %(window)s AND a.status = 'submitted' AND a.active_ms > 0
), fit AS (
    SELECT project_id, stage, count(*) AS n, percentile_cont(ARRAY[0.1587, 0.5, 0.8413]) WITHIN GROUP (ORDER BY log_s) AS cut
      FROM recent WHERE place <= %(latest)s GROUP BY project_id, stage HAVING count(*) >= %(fewest)s
), held AS (
    SELECT q.id, f.n, exp(f.cut[2]) AS median_s, greatest((f.cut[3] - f.cut[1]) / 2, 0.05) AS sigma
      FROM queue q JOIN fit f ON f.project_id = q.project_id AND f.stage = q.stage ORDER BY q.id FOR NO KEY UPDATE OF q SKIP LOCKED
)
UPDATE queue q SET pace_n = h.n, pace_median_s = h.median_s, pace_sigma = h.sigma
  FROM held h WHERE q.id = h.id AND (q.pace_n, q.pace_median_s, q.pace_sigma) IS DISTINCT FROM (h.n, h.median_s, h.sigma)
"""


def measure() -> int:
    """Measure every queue anew whose project and stage have answers enough among the latest; how many have changed. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(MEASURE, {"window": WINDOW, "latest": LATEST, "fewest": FEWEST})
        return int(cursor.rowcount)
