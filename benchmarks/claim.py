"""`dev.py bench claim`: the claim inside PostgreSQL, without web: its rate against the ceiling of no queue at all, and the pages it reads.

The ceiling does what no claim can do without: it updates a task by its key, inserts the assignment, reads the payload, and ends the
assignment, so that leases do not pile up. The claim does the same and finds the task itself. Both run under pgbench in the same run.
"""

import argparse
import os
import re
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.db import connection
from psycopg_pool import ConnectionPool

from annotation.domain import routing
from annotation.models import Project, Stage
from benchmarks import report, stage, work
from workforce.models import Contributor, User

CONNECTIONS, CLIENTS, PEOPLE = 8, 64, 512
FUNCTIONS = """
CREATE SEQUENCE bench_task;
-- What no claim can do without.
CREATE FUNCTION bench_ceiling(p_project bigint, p_contributor bigint, p_first bigint) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    v_task bigint := p_first + nextval('bench_task');
    v_assignment bigint;
    v_body jsonb;
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    UPDATE task SET seats_taken = seats_taken + 1, status = 'collecting' WHERE id = v_task;
    INSERT INTO assignment (organization_id, project_id, task_id, contributor_id, stage, round, status, origin, epoch, leased_at,
                            leased_until, lease_cap_at, reason, active_ms, terms)
    SELECT organization_id, p_project, v_task, p_contributor, 'label', 1, 'leased', 'claim', 1, now(), now(), now(), '', 0, '{}' FROM task
     WHERE id = v_task RETURNING id INTO v_assignment;
    UPDATE assignment SET status = 'submitted' WHERE id = v_assignment;
    SELECT body INTO v_body FROM task_payload WHERE task_id = v_task;
    RETURN v_body;
END $$;
CREATE FUNCTION bench_claim(p_project bigint, p_contributor bigint) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    v record;
    v_body jsonb;
BEGIN
    v := take_next(p_project, p_contributor, 'label', NULL, NULL, 3);
    UPDATE assignment SET status = 'submitted' WHERE id = v.assignment;
    SELECT body INTO v_body FROM task_payload WHERE task_id = v.task;
    RETURN v_body;
END $$;
"""
DONE = """
INSERT INTO assignment (organization_id, project_id, task_id, contributor_id, stage, round, status, origin, epoch, leased_at, leased_until,
                        lease_cap_at, reason, active_ms, terms)
SELECT organization_id, project_id, id, %(person)s, 'label', 1, 'submitted', 'claim', 1, now(), now(), now(), '', 0, '{}'
  FROM task WHERE project_id = %(project)s AND claimable ORDER BY rank, id LIMIT %(count)s
"""
PLAN = "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) SELECT take_next(%s, %s, 'label', NULL, NULL, 1000000)"
BUFFERS = re.compile(r"shared hit=(\d+)(?: read=(\d+))?")


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and report; 0."""
    parser = argparse.ArgumentParser(prog="dev.py bench claim", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="10 and 100 thousand tasks, 3 seconds each")
    parser.add_argument("--full", action="store_true", help="also 10 million tasks")
    report.add_arguments(parser)
    options = parser.parse_args(argv)
    sizes = [10_000, 100_000] if options.quick else [10_000, 1_000_000, *([10_000_000] if options.full else [])]
    figures = report.Figures()
    for size in sizes:
        with stage.database():
            with connection.cursor() as cursor:
                cursor.execute(FUNCTIONS)
            _measure(figures, size, 3 if options.quick else 10)
    figures.write(options.json)
    return 0


def _measure(figures: report.Figures, size: int, seconds: int) -> None:
    """All figures of one size of the queue."""
    of = f"{size:,} tasks".replace(",", " ")
    project, spare = work.project("claim", size), work.project("ceiling", max(size, 200_000))
    people = _people(project, PEOPLE + 5)
    claim = f"SELECT bench_claim({project.pk}, :who)"
    ceiling = f"SELECT bench_ceiling({spare.pk}, :who, {_first(spare)})"
    _pages(figures, of, project, people[-5:-2])
    if size * 3 > 100_000:  # enough seats for the rates
        best = _rate(ceiling, people, CONNECTIONS, seconds)
        free = _rate(claim, people, CONNECTIONS, seconds)
        figures.add(f"{of}: ceiling, {CONNECTIONS} connections", best, "1/s")
        figures.add(f"{of}: claims, {CONNECTIONS} connections", free, "1/s")
        figures.add(f"{of}: claims / ceiling", free / best, "", 0.60)
        _pooled(figures, of, project, people, seconds)
        _held(figures, of, project, people, claim, free, seconds)
    _nearly_done(figures, of, project, people[-2], size)


def _people(project: Project, count: int) -> list[int]:
    """Contributors with verdicts for the project."""
    users = [User.objects.create_user(f"claim-{number}@example.org") for number in range(count)]
    rows = Contributor.objects.bulk_create(Contributor(user=user) for user in users)
    keys = [row.pk for row in rows]
    routing.refresh_eligibility(people=keys, projects=[project.pk], stages=[Stage.LABEL])
    return keys


def _first(project: Project) -> int:
    return work.count("SELECT min(id) - 1 FROM task WHERE project_id = %s", [project.pk])


def _rate(statement: str, people: list[int], connections: int, seconds: int, transactions: int = 0) -> float:
    """Transactions per second of so many connections, each of which asks for one of its own people after another."""
    each = (len(people) - 5) // connections
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(f"\\set who {people[0]} + :client_id + {connections} * random(0, {each - 1})\n{statement};\n")
        script.flush()
        span = ["-t", str(transactions)] if transactions else ["-T", str(seconds)]
        command = [_pgbench(), "-n", "-M", "prepared", "-c", str(connections), "-j", "2", *span, "-f", script.name]
        done = subprocess.run([*command, os.environ["DATABASE_URL"]], check=True, capture_output=True, text=True)
    found = re.search(r"tps = ([\d.]+) \(without", done.stdout)
    if not found:
        raise RuntimeError(done.stdout + done.stderr)
    return float(found[1])


def _pgbench() -> str:
    """The pgbench that belongs to the server, else the one on the PATH."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setting FROM pg_config WHERE name = 'BINDIR'")
        beside = Path(cursor.fetchone()[0]) / "pgbench"
    return str(beside) if beside.is_file() else "pgbench"


def _pages(figures: report.Figures, of: str, project: Project, people: list[int]) -> None:
    """Pages of one claim, warm, by three people in turn whose cursors go along: each task is claimed three times, as it has three seats."""
    read = [_buffers(project.pk, person) for _ in range(40) for person in people][30:]
    figures.add(f"{of}: pages per claim, median", statistics.median(read), "", 40, most=True)


def _buffers(project: int, person: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(PLAN, [project, person])
        plan = "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute(
            "UPDATE assignment SET status = 'submitted' WHERE contributor_id = %s AND status = 'leased'", [person]
        )
    hit = BUFFERS.search(plan.split("Planning")[0])
    return sum(int(part or 0) for part in hit.groups()) if hit else 0


def _nearly_done(figures: report.Figures, of: str, project: Project, person: int, size: int) -> None:
    """Somebody who has done 95 % of what is open, and whose cursor knows it after the first claim."""
    with connection.cursor() as cursor:
        cursor.execute(DONE, {"person": person, "project": project.pk, "count": int(size * 0.95)})
        cursor.execute("ANALYZE assignment")
    first, *rest = (_buffers(project.pk, person) for _ in range(21))
    figures.add(f"{of}: pages per claim, 95 % done: the first", first, "")
    figures.add(f"{of}: pages per claim, 95 % done: median after", statistics.median(rest), "", 1_000, most=True)


@contextmanager
def _snapshot() -> Iterator[None]:
    """A transaction that keeps the present state alive, as a long export would."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as direct:
        direct.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        direct.execute("SELECT count(*) FROM queue")
        yield
        direct.rollback()


def _held(
    figures: report.Figures, of: str, project: Project, people: list[int], claim: str, free: float, seconds: int
) -> None:
    with _snapshot():
        _rate(claim, people, CONNECTIONS, seconds, transactions=10_000 // CONNECTIONS)
        held = _rate(claim, people, CONNECTIONS, seconds)
        pages = statistics.median(_buffers(project.pk, people[-1]) for _ in range(20))
    figures.add(f"{of}: claims / free rate, a snapshot held over 10 000 claims", held / free, "", 0.50)
    figures.add(f"{of}: pages per claim then", pages, "")


def _pooled(figures: report.Figures, of: str, project: Project, people: list[int], seconds: int) -> None:
    """Threads of this process, for both sides alike: so many on connections of their own, and many more through a pool of as many."""
    with ConnectionPool(os.environ["DATABASE_URL"], min_size=CONNECTIONS, max_size=CONNECTIONS) as pool:
        rates = {count: _threads(pool, project, people[:count], seconds) for count in (CONNECTIONS, CLIENTS)}
    ratio = rates[CLIENTS] / rates[CONNECTIONS]
    figures.add(f"{of}: {CLIENTS} clients through a pool of {CONNECTIONS} / {CONNECTIONS} clients", ratio, "", 0.80)


def _threads(pool: "ConnectionPool[psycopg.Connection]", project: Project, people: list[int], seconds: int) -> float:
    """Claims per second of one thread per person."""
    until = time.monotonic() + seconds
    counts = [0] * len(people)

    def play(place: int) -> Callable[[], None]:
        def run() -> None:
            while time.monotonic() < until:
                with pool.connection() as one:
                    one.execute("SELECT bench_claim(%s, %s)", (project.pk, people[place]))
                counts[place] += 1

        return run

    threads = [threading.Thread(target=play(place)) for place in range(len(people))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds


if __name__ == "__main__":
    raise SystemExit(main())
