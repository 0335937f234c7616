"""`dev.py bench labeling-loop`: people who take the next task and answer it, over HTTP, against two web processes.

Measured per round (so many people, so many tasks in the project): answers per second, CPU of server and database per answer, how long
the next task takes to come, and what must not happen: errors, and tasks with more seats taken than wanted.
"""

import argparse
import asyncio
import random
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks import report, stage, work
from quality.management.crowd.browser import Browser

PORT = 8171
PEOPLE = (1, 16, 64)
EMPTY = 2_000
OVER_ASSIGNED = """
SELECT count(*) FROM task t WHERE project_id = %s AND (seats_taken > seats OR (
    SELECT count(*) FROM assignment a WHERE a.task_id = t.id AND a.status IN ('offered', 'leased', 'submitted')) > seats)
"""


@dataclass(slots=True)
class Tally:
    """What the people of one round saw. Times in milliseconds."""

    answers: int = 0
    errors: int = 0
    next_ms: list[float] = field(default_factory=list)
    submit_ms: list[float] = field(default_factory=list)


def main(argv: Sequence[str] | None = None) -> int:
    """Play every round and report; 0."""
    parser = argparse.ArgumentParser(prog="dev.py bench labeling-loop", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="10 thousand tasks only, 4 seconds a round")
    parser.add_argument("--full", action="store_true", help="also 10 million tasks")
    report.add_arguments(parser)
    options = parser.parse_args(argv)
    sizes = [10_000] if options.quick else [10_000, 1_000_000, *([10_000_000] if options.full else [])]
    figures = report.Figures()
    with stage.database():
        for size in sizes:
            _play(size, 4 if options.quick else 15, figures)
    figures.write(options.json)
    return 0


def _play(size: int, seconds: float, figures: report.Figures) -> None:
    """Rounds with 1, 16 and 64 people in a new project of `size` tasks."""
    project = work.project(f"loop {size}", size)
    with stage.web(PORT) as server:
        meter = stage.Meter(server.pid)
        _note_empty(figures, meter)
        for count in PEOPLE:
            cookies = work.people(count)
            asyncio.run(_round(project.public_id, cookies, 1.0))  # warm: plans, pools, verdicts
            before, started = meter.read(), time.monotonic()
            tally = asyncio.run(_round(project.public_id, cookies, seconds))
            passed, cost = time.monotonic() - started, meter.read().since(before)
            over = work.count(OVER_ASSIGNED, [project.pk])
            _note(figures, f"{size:,} tasks, {count} people".replace(",", " ", 1), tally, passed, cost, over)


def _note_empty(figures: report.Figures, meter: stage.Meter) -> None:
    """What a request costs that does nothing: by it machines can be compared."""

    async def ask() -> None:
        browser = Browser(f"http://127.0.0.1:{PORT}")
        for _ in range(EMPTY):
            await browser.get("/livez")
        await browser.close()

    asyncio.run(ask())
    before = meter.read()
    asyncio.run(ask())
    figures.add("an empty request: CPU of web", meter.read().since(before).server_s * 1000 / EMPTY, "ms")


async def _round(project: str, cookies: list[dict[str, str]], seconds: float) -> Tally:
    """Everybody works for so many seconds."""
    tally, until = Tally(), time.monotonic() + seconds
    await asyncio.gather(*(_work(project, mine, until, tally) for mine in cookies))
    return tally


async def _work(project: str, cookies: dict[str, str], until: float, tally: Tally) -> None:
    browser = Browser(f"http://127.0.0.1:{PORT}", cookies=cookies)
    while time.monotonic() < until:
        asked = time.monotonic()
        taken = await browser.send(f"/workspace/{project}/take", {})
        given = time.monotonic()
        lease = taken.json()
        if "assignment" not in lease:
            tally.errors += 1
            continue
        value = {"tone": random.choice(("good", "bad", "mixed"))}
        body = {"epoch": lease["epoch"], "client_key": str(uuid.uuid4()), "answer": {"value": value}, "active_ms": 4000}
        done = await browser.send(f"/workspace/a/{lease['assignment']}/submit", body)
        if done.status != 201:
            tally.errors += 1
            continue
        tally.answers += 1
        tally.next_ms.append((given - asked) * 1000)
        tally.submit_ms.append((time.monotonic() - given) * 1000)
    await browser.close()


def _note(figures: report.Figures, of: str, tally: Tally, passed: float, cost: stage.Cost, over: int) -> None:
    """The figures of one round. The goals are for 10 thousand tasks and 64 people where they do not hold for every round."""
    answers = max(tally.answers, 1)
    total = (cost.server_s + cost.database_s) * 1000 / answers
    figures.add(f"{of}: answers per second", tally.answers / passed, "1/s", 400 if of.endswith("64 people") else None)
    figures.add(f"{of}: CPU per answer", total, "ms", 4, most=True)
    figures.add(f"{of}: of which web", cost.server_s * 1000 / answers, "ms")
    figures.add(f"{of}: of which PostgreSQL", cost.database_s * 1000 / answers, "ms")
    figures.add(f"{of}: next task, median", report.quantile(tally.next_ms, 0.5), "ms")
    figures.add(f"{of}: next task, 95th percentile", report.quantile(tally.next_ms, 0.95), "ms", 100, most=True)
    figures.add(f"{of}: submit, 95th percentile", report.quantile(tally.submit_ms, 0.95), "ms")
    figures.add(f"{of}: over-assigned tasks", over, "", 0, most=True)
    figures.add(f"{of}: errors", tally.errors, "", 0, most=True)


if __name__ == "__main__":
    raise SystemExit(main())
