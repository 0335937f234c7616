"""`dev.py bench workforce-simulator`: a simulated day of people and customers, by the product and by two simpler ways of giving out work.

The product's own acts on real PostgreSQL under a simulated clock: intake, dispatcher, leases, answers, judgement. The same people with the
same answers and the same customers for first-come-first-served and for random choice. The same seed gives the same events.

The full day takes a slow machine hours per policy. With `--keep` a run that is stopped (Ctrl-C) is gone on with by the next one; with
`--beside` the figures of policies that were played before stand in the table, too.
"""

import argparse
import gc
import multiprocessing
import os
import pickle
import signal
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from multiprocessing.synchronize import Event
from pathlib import Path

from django.db import connection

from benchmarks import stage
from benchmarks.simulator import clock, house, measures, record, table, world
from benchmarks.simulator.clock import Clock
from benchmarks.simulator.engine import Engine
from benchmarks.simulator.measures import Measures
from benchmarks.simulator.policies import POLICIES

AT_ONCE = 2
SESSION = "SET synchronous_commit = off; SET statement_timeout = 0"
# The same statements millions of times by one connection: prepared, and planned once, they take two thirds of the time.
PREPARED = {"server_side_binding": True, "prepare_threshold": 2}
MOST_PREPARED = 500
STOPS = (signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True, slots=True)
class Run:
    """What is played. keep: where days are kept, finished or not. log: where events are noted, a file per policy."""

    drawn: world.World
    keep: Path | None = None
    log: Path | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A day in its file: `engine` as long as it is not over, then `measures`."""

    drawn: world.World
    spent_s: float = 0.0
    engine: Engine | None = None
    measures: Measures | None = None


def main(argv: Sequence[str] | None = None) -> int:
    """Play the day by each policy, print the table; 1 if the product does not keep its word, 2 if it was stopped."""
    parser = argparse.ArgumentParser(prog="dev.py bench workforce-simulator", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="20 thousand tasks, 200 people, 40 projects")
    parser.add_argument("--seed", type=int, default=1, help="the same seed, the same day (default: 1)")
    parser.add_argument(
        "--load", type=float, default=1.1, help="work posted, in shares of what the people can do (default: 1.1)"
    )
    parser.add_argument("--policies", default=",".join(POLICIES), help=f"of {', '.join(POLICIES)} (default: all)")
    parser.add_argument("--at-once", type=int, default=AT_ONCE, help=f"policies at a time (default: {AT_ONCE})")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep days there, to go on with them when stopped")
    parser.add_argument("--log", type=Path, metavar="FOLDER", help="write every event there, a file per policy")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures of the table there as well")
    parser.add_argument(
        "--beside", type=Path, metavar="FILE", help="with the other policies' figures of an earlier --json"
    )
    options = parser.parse_args(argv)
    size = world.QUICK if options.quick else world.FULL
    chosen = options.policies.split(",")
    if unknown := set(chosen) - set(POLICIES):
        parser.error(f"There is no policy {', '.join(sorted(unknown))}.")
    run = Run(world.draw(size, options.seed, options.load), options.keep, options.log)
    before = record.read(options.beside, run.drawn) if options.beside else []
    days = _play_all(chosen, partial(play, run=run), options.at_once)
    if days is None:
        print("Stopped." if options.keep is None else f"Stopped. The same command goes on with {options.keep}.")
        return 2
    days = sorted(
        [*days, *(day for day in before if day.policy not in chosen)], key=lambda day: list(POLICIES).index(day.policy)
    )
    if options.json is not None:
        record.write(options.json, run.drawn, days)
    print(table.markdown(days))
    broken = table.broken(days)
    print("\n".join(f"MISSED: {words}" for words in broken) or "Every goal is reached.")
    return 1 if broken else 0


def _play_all(policies: Sequence[str], one: Callable[[str], Measures | None], at_once: int) -> list[Measures] | None:
    """A process for each, a few at a time. None if stopped, when all of them have stopped as well."""
    context = multiprocessing.get_context("spawn")
    over = context.Event()
    with ProcessPoolExecutor(at_once, context, _hear, (over,)) as pool:
        running = [pool.submit(one, policy) for policy in policies]

        def stop(*_: object) -> None:
            over.set()

        for each in STOPS:
            signal.signal(each, stop)
        days = [future.result() for future in running]
    done = [day for day in days if day is not None]
    return done if len(done) == len(days) else None


_over: Event | None = None  # of this process's pool: days end where they are


def _hear(over: Event) -> None:
    """Signals are for the one that waits for all: it says when it is over."""
    global _over  # noqa: PLW0603  what a pool hands to its processes
    _over = over
    for each in STOPS:
        signal.signal(each, signal.SIG_IGN)


def _is_over() -> bool:
    return _over is not None and _over.is_set()


def play(policy: str, run: Run) -> Measures | None:
    """The day by one policy, in a database of its own; None if it was stopped before its end."""
    if _is_over():
        return None
    file = run.keep / f"{policy}.day" if run.keep else None
    day = _kept(file, run.drawn)
    if day.measures is not None:
        return day.measures
    if file is not None:
        file.unlink(missing_ok=True)  # the database goes on from here: what is in the file will not be true of it again
    began = time.monotonic() - day.spent_s
    connection.settings_dict["OPTIONS"] |= PREPARED
    with stage.database(f"simulator_{policy}", kept=day.engine is not None, keep=lambda: bool(file and file.exists())):
        engine = day.engine or _begin(run.drawn, policy)
        measured = _play(engine, policy, run, began)
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            kept = Kept(run.drawn, time.monotonic() - began, None if measured else engine, measured)
            file.write_bytes(pickle.dumps(kept))
    return measured


def _kept(file: Path | None, drawn: world.World) -> Kept:
    """The day in its file, if it is one of this world; else a new one."""
    if file is None or not file.exists():
        return Kept(drawn)
    kept: Kept = pickle.loads(file.read_bytes())  # written by nobody but this program
    if kept.drawn != drawn:
        raise SystemExit(f"{file} is of another day. Give its size, seed and load, or another folder.")
    return kept


def _begin(drawn: world.World, policy: str) -> Engine:
    """The beginning of the day, in an empty database."""
    clock.install()
    now = Clock(world.START)
    with clock.ticking(now):
        rooms = house.build(drawn)
    return Engine(drawn, rooms, POLICIES[policy](drawn, rooms), now)


def _play(engine: Engine, policy: str, run: Run, began: float) -> Measures | None:
    """To the end of the day, unless the engine is stopped."""

    def progress(at: datetime) -> None:
        print(f"{policy:<8} {at:%H:%M} {time.monotonic() - began:6.0f} s", file=sys.stderr, flush=True)

    with connection.cursor() as cursor:
        cursor.execute(SESSION)
    connection.connection.prepared_max = MOST_PREPARED
    _share_core(list(POLICIES).index(policy))
    gc.collect()
    gc.freeze()  # the world stays as it is: no need to walk through it again and again
    noted = (run.log / f"{policy}.log").open("a", encoding="utf-8") if run.log else nullcontext()
    with clock.ticking(engine.clock), noted as log:
        engine.run(log=log, progress=progress, over=_is_over)
        return None if engine.stopped else measures.of(engine, time.monotonic() - began)


def _share_core(number: int) -> None:
    """Keep this process and its connection's on one core: they take turns, and need not wake each other. A quarter faster."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if len(cores) > 1:
        with suppress(OSError):  # the server is elsewhere, or somebody else's
            os.sched_setaffinity(connection.connection.info.backend_pid, {cores[number % len(cores)]})
            os.sched_setaffinity(0, {cores[number % len(cores)]})


if __name__ == "__main__":
    raise SystemExit(main())
