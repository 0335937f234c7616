"""`dev.py bench dispatch`: a round of the dispatcher over much open work and many people online, all of whom go anywhere.

Measured: rounds in which verdicts are still missing; then rounds that serve everybody, in wall time and in CPU of this process and of
PostgreSQL; and what must not happen: offers beyond the seats, or twice to a person. After each round all offers lapse.
"""

import argparse
import os
import statistics
import time
from collections.abc import Sequence

from django.db import connection
from django.utils import timezone

from annotation.domain import dispatch
from annotation.models import Project, Stage
from benchmarks import report, stage, work
from workforce.models import Contributor, User

ONLINE = """
INSERT INTO presence (contributor_id, last_seen_at, place, roams) SELECT id, now() + interval '1 hour', %s, true FROM contributor
"""
LAPSE = """
WITH gone AS (DELETE FROM assignment WHERE status = 'offered' RETURNING task_id)
UPDATE task t SET seats_taken = seats_taken - g.n FROM (SELECT task_id, count(*) AS n FROM gone GROUP BY task_id) g WHERE t.id = g.task_id
"""
WRONG = """
SELECT (SELECT count(*) FROM task t WHERE seats_taken <> (SELECT count(*) FROM assignment a WHERE a.task_id = t.id) OR seats_taken > seats)
     + (SELECT count(*) FROM (SELECT FROM assignment GROUP BY task_id, contributor_id HAVING count(*) > 1) twice)
"""
COPY = """
WITH made AS (
    INSERT INTO task (organization_id, project_id, queue_id, status, stage, purpose, priority, rank, seats, seats_max, seats_taken, answers,
                      recycled, schema_version, revision, failure)
    SELECT %s, %s, %s, 'open', 'label', 'work', 20, 1000 + n, 3, 5, 0, 0, false, 1, 0, '' FROM generate_series(1, %s) n RETURNING id)
SELECT count(*) FROM made
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and report; 0."""
    parser = argparse.ArgumentParser(prog="dev.py bench dispatch", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="100 people, 20 projects, 20 thousand tasks")
    report.add_arguments(parser)
    options = parser.parse_args(argv)
    people, projects, tasks = (100, 20, 20_000) if options.quick else (1_000, 200, 1_000_000)
    figures = report.Figures()
    with stage.database():
        _set_up(people, projects, tasks)
        of = f"{people} people, {projects} projects, {tasks} tasks"
        strange = [_round() for _ in range(people * projects // dispatch.REFRESH)]
        figures.add(f"{of}: a round while people are new", statistics.median(wall for wall, _, _ in strange), "s")
        wall, own, database = (statistics.median(column) for column in zip(*(_round() for _ in range(9)), strict=True))
        figures.add(f"{of}: a round", wall, "s", 1.0, most=True)
        figures.add(f"{of}: CPU of a round", own + database, "s", 1.0, most=True)
        figures.add(f"{of}: of which PostgreSQL", database, "s")
        figures.add("tasks over-assigned or given twice", work.count(WRONG, []), "", 0, most=True)
    figures.write(options.json)
    return 0


def _set_up(people: int, projects: int, tasks: int) -> None:
    """So many projects with as many tasks each, and everybody online."""
    made = [work.project(f"dispatch {number}", 0) for number in range(projects)]
    with connection.cursor() as cursor:
        for project in made:
            queue = project.queues.get(stage=Stage.LABEL)
            cursor.execute(COPY, [project.organization_id, project.pk, queue.pk, tasks // projects])
        cursor.execute("VACUUM ANALYZE task")
    users = User.objects.bulk_create(User(email=f"dispatch-{number}@example.org") for number in range(people))
    Contributor.objects.bulk_create(Contributor(user=user) for user in users)
    with connection.cursor() as cursor:
        cursor.execute(ONLINE, [Project.objects.get(pk=made[0].pk).public_id])


def _round() -> tuple[float, float, float]:
    """Wall, own CPU, CPU of the database, in seconds, of a round; then all offers lapse, so that the next serves everybody again."""
    meter = stage.Meter(os.getpid())
    before, own, started = meter.read(), time.process_time(), time.perf_counter()
    served = dispatch.offer(now=timezone.now())
    passed = time.perf_counter() - started, time.process_time() - own, meter.read().since(before).database_s
    print(f"    offers {len(served.offers)}, lost {served.lost}, {passed[0]:.2f} s", flush=True)
    with connection.cursor() as cursor:
        cursor.execute(LAPSE)
    return passed


if __name__ == "__main__":
    raise SystemExit(main())
