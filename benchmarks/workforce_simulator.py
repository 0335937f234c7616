"""`dev.py bench workforce-simulator`: a simulated day of people and customers, by the product and by two simpler ways of giving out work.

The product's own acts on real PostgreSQL under a simulated clock: intake, dispatcher, leases, answers, judgement. The same people with the
same answers and the same customers for first-come-first-served and for random choice. The same seed gives the same events.
"""

import argparse
import json
import multiprocessing
import signal
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import asdict
from datetime import datetime
from functools import partial
from pathlib import Path

from django.db import connection

from benchmarks import stage
from benchmarks.simulator import clock, house, measures, table, world
from benchmarks.simulator.engine import Engine
from benchmarks.simulator.measures import Measures
from benchmarks.simulator.policies import POLICIES

AT_ONCE = 2
SESSION = "SET synchronous_commit = off; SET statement_timeout = 0"


def main(argv: Sequence[str] | None = None) -> int:
    """Play the day by each policy, print the table; 1 if the product does not keep its word."""
    parser = argparse.ArgumentParser(prog="dev.py bench workforce-simulator", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="20 thousand tasks, 200 people, 40 projects")
    parser.add_argument("--seed", type=int, default=1, help="the same seed, the same day (default: 1)")
    parser.add_argument(
        "--load", type=float, default=1.1, help="work posted, in shares of what the people can do (default: 1.1)"
    )
    parser.add_argument("--policies", default=",".join(POLICIES), help=f"of {', '.join(POLICIES)} (default: all)")
    parser.add_argument("--log", type=Path, metavar="FOLDER", help="write every event there, a file per policy")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    options = parser.parse_args(argv)
    size = world.QUICK if options.quick else world.FULL
    chosen = options.policies.split(",")
    if unknown := set(chosen) - set(POLICIES):
        parser.error(f"There is no policy {', '.join(sorted(unknown))}.")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    days = _play_all(chosen, partial(play, drawn=world.draw(size, options.seed, options.load), folder=options.log))
    if options.json is not None:
        options.json.write_text(json.dumps([asdict(day) for day in days], indent=1) + "\n", encoding="utf-8")
    print(table.markdown(days))
    broken = table.broken(days)
    print("\n".join(f"MISSED: {words}" for words in broken) or "Every goal is reached.")
    return 1 if broken else 0


def _play_all(policies: Sequence[str], one: Callable[[str], Measures]) -> list[Measures]:
    """A process for each, a few at a time; none is left running if this one is stopped."""
    with ProcessPoolExecutor(AT_ONCE, multiprocessing.get_context("spawn")) as pool:
        try:
            return list(pool.map(one, policies))
        except BaseException:
            for child in multiprocessing.active_children():
                child.terminate()
            raise


def play(policy: str, drawn: world.World, folder: Path | None) -> Measures:
    """The day by one policy, in a database of its own."""
    began = time.monotonic()
    noted = (folder / f"{policy}.log").open("w", encoding="utf-8") if folder else nullcontext()

    def progress(at: datetime) -> None:
        print(f"{policy:<8} {at:%H:%M} {time.monotonic() - began:6.0f} s", file=sys.stderr, flush=True)

    with stage.database(f"simulator_{policy}"), clock.installed(world.START) as now, noted as log:
        with connection.cursor() as cursor:
            cursor.execute(SESSION)
        rooms = house.build(drawn)
        engine = Engine(drawn, rooms, POLICIES[policy](drawn, rooms), now, log=log, progress=progress)
        engine.run()
        return measures.of(engine, time.monotonic() - began)


if __name__ == "__main__":
    raise SystemExit(main())
