"""`dev.py bench faults`: kill -9 in the middle of work, again and again: web, worker, Valkey, PostgreSQL.

People answer over HTTP meanwhile and note every answer that was confirmed to them. At the end each of these answers must be there, once,
byte for byte; every invariant must hold; and judgement must catch up, within a minute on a machine with nothing else to do. Engines and
data are its own.
"""

import argparse
import contextlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psycopg

from benchmarks import report, stage
from deploy.embedded import engines

PORT = 8172
TASKS_PER_KILL = 60
CATCH_UP_S = 60.0
NEVER_S = 240.0  # who has not caught up by then will not
EVERYBODY_WORKS = 60  # answers, before the first kill
CELERY = (
    "-A config.celery worker -B -Q default,urgent,outgoing -c 2 --without-gossip --without-mingle --without-heartbeat"
)


class House:
    """All processes of an installation in a folder of its own, each of which can be killed and started again."""

    def __init__(self, data: Path, port: int) -> None:
        named = {name: os.environ.pop(name, None) for name in ("DATABASE_URL", "REDIS_URL")}
        self.engines = engines.of(data, Path(sys.prefix))
        os.environ.update({name: value for name, value in named.items() if value is not None})
        if self.engines.postgres is None or self.engines.valkey is None:
            raise SystemExit("The engines could not be found.")
        self.postgres, self.valkey = self.engines.postgres, self.engines.valkey
        self.address = f"http://127.0.0.1:{port}"
        self._environment = {
            **os.environ, **self.engines.addresses(), "MANYHANDS_DATA_DIR": str(data), "MANYHANDS_BASE_URL": self.address,
            "MANYHANDS_MODE": "test", "MANYHANDS_LOG_LEVEL": "CRITICAL",
        }  # fmt: skip
        granian = f"-m granian --interface wsgi --workers 2 --blocking-threads 4 --no-ws --port {port} config.wsgi:application"
        self._commands = {
            "web": (granian, "3"),
            "worker": (f"-W ignore -m celery --quiet {CELERY} -s {data / 'beat'} -n faults@localhost", "0"),
        }
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def manage(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command of manage.py; what it printed."""
        command = [sys.executable, "-W", "ignore", "manage.py", *words]
        return subprocess.run(
            command, cwd=stage.ROOT, env=self._environment, check=check, stdout=subprocess.PIPE, text=True
        )

    def people(self, project: str, record: Path, pace_s: float) -> subprocess.Popen[bytes]:
        """Six people at work, who note what was confirmed to them; each thinks for `pace_s` about an answer."""
        words = (
            f"manage.py simulate --project {project} --contributors 6 --pace {pace_s} --acknowledged {record}".split()
        )
        return subprocess.Popen(
            [sys.executable, *words], cwd=stage.ROOT, env=self._environment, stdout=subprocess.DEVNULL
        )

    def start(self, name: str) -> None:
        """Start what was killed."""
        if name in self._commands:
            words, pool = self._commands[name]
            environment = {**self._environment, "MANYHANDS_POOL": pool}
            self._processes[name] = subprocess.Popen(
                [sys.executable, *words.split()], cwd=stage.ROOT, env=environment, start_new_session=True,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        else:
            self.engines.start()

    def kill(self, name: str) -> None:
        """kill -9, with all children of a process of ours; of PostgreSQL the postmaster."""
        if name in self._processes:
            os.killpg(self._processes[name].pid, signal.SIGKILL)
            self._processes[name].wait()
        elif name == "postgres":
            os.kill(self.postgres.pid() or self._nobody(), signal.SIGKILL)
            _until(lambda: self.postgres.pid() is None, 10)
        else:
            os.kill(int((self.valkey.run / "valkey.pid").read_text()), signal.SIGKILL)
            _until(lambda: not self.valkey.answers(), 10)

    @staticmethod
    def _nobody() -> int:
        raise SystemExit("PostgreSQL is not there.")

    def stop(self) -> None:
        """End everything."""
        for process in self._processes.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.engines.stop()

    def count(self, statement: "psycopg.abc.Query") -> int:
        """The number that a statement selects."""
        with psycopg.connect(self.postgres.url) as direct:
            row = direct.execute(statement).fetchone()
            return int(row[0]) if row else 0


@contextlib.contextmanager
def house(port: int) -> Iterator[House]:
    """A fresh installation, up and running; gone at the end."""
    data = Path(tempfile.mkdtemp(prefix="manyhands-faults-"))
    data.chmod(0o711)
    found = House(data, port)
    try:
        found.engines.start()
        found.manage("migrate", "-v0")
        for name in ("web", "worker"):
            found.start(name)
        stage.wait_until_ready(f"{found.address}/readyz")
        yield found
    finally:
        found.stop()
        shutil.rmtree(data, ignore_errors=True)


def main(argv: Sequence[str] | None = None) -> int:
    """Kill, wait, look; 1 if something was lost or is wrong."""
    parser = argparse.ArgumentParser(prog="dev.py bench faults", description=__doc__)
    parser.add_argument("--kills", type=int, help="how many (default 200; 20 with --quick)")
    parser.add_argument("--quick", action="store_true", help="20 kills")
    parser.add_argument("--seed", default="faults", help="the same seed, the same order of kills")
    parser.add_argument(
        "--pace", type=float, default=0.0, metavar="S", help="seconds of thought per answer (default 0)"
    )
    parser.add_argument("--port", type=int, default=PORT)
    report.add_arguments(parser)
    options = parser.parse_args(argv)
    kills = options.kills or (20 if options.quick else 200)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that nothing is left running
    figures = report.Figures()
    with house(options.port) as found:
        sound = _play(found, kills, options.pace, random.Random(options.seed), figures)
    figures.write(options.json)
    return 0 if sound else 1


def _play(found: House, kills: int, pace_s: float, chance: random.Random, figures: report.Figures) -> bool:
    """The kills, and what is left afterwards; whether nothing was lost."""
    make = f"from benchmarks import work; print(work.project('faults', {kills * TASKS_PER_KILL}).public_id)"
    project = found.manage("shell", "-v0", "-c", make).stdout.split()[-1]
    record = Path(tempfile.mkstemp(suffix=".jsonl")[1])
    people = found.people(project, record, pace_s)
    try:
        return _kill(found, kills, chance, figures, people, record)
    finally:
        people.kill()
        record.unlink()


def _kill(
    found: House,
    kills: int,
    chance: random.Random,
    figures: report.Figures,
    people: subprocess.Popen[bytes],
    record: Path,
) -> bool:
    _until(lambda: record.read_bytes().count(b"\n") >= EVERYBODY_WORKS, 120)
    back: dict[str, list[float]] = {name: [] for name in ("web", "worker", "valkey", "postgres")}
    for _ in range(kills):
        time.sleep(chance.uniform(0.2, 1.2))
        if people.poll() is not None:
            raise SystemExit("The simulated people have ended: the kills prove nothing any more.")
        name = chance.choice(list(back))
        found.kill(name)
        started = time.monotonic()
        found.start(name)
        stage.wait_until_ready(f"{found.address}/readyz")
        back[name].append(time.monotonic() - started)
        print(f"killed {name:<8}  back after {back[name][-1]:.1f} s", flush=True)
    caught_up = _caught_up(found)
    people.send_signal(signal.SIGINT)
    people.wait(30)
    verdict = found.manage("verify", "--acknowledged", str(record), check=False)
    lines = record.read_text(encoding="utf-8").splitlines()
    print(verdict.stdout)
    for name, seconds in back.items():
        figures.add(f"kills of {name}", len(seconds), "")
        figures.add(f"back after a kill of {name}, longest", max(seconds, default=0), "s")
    figures.add("kills", kills, "", kills)
    figures.add("answers confirmed to people", len(lines), "", 1)
    figures.add("confirmed answers lost or changed", _violations("I1", verdict.stdout), "", 0, most=True)
    figures.add("invariants violated", len(re.findall("VIOLATED", verdict.stdout)), "", 0, most=True)
    figures.add("judgement has caught up after", caught_up, "s", CATCH_UP_S, most=True)
    return verdict.returncode == 0 and bool(lines) and caught_up < NEVER_S


BEHIND = """
SELECT (SELECT count(*) FROM event WHERE seq IS NULL AND created_at < %(at)s) +
       (SELECT count(*) FROM task WHERE status = 'deciding' AND NOT EXISTS (
            SELECT 1 FROM annotation n WHERE n.task_id = task.id AND n.submitted_at >= %(at)s))
"""


def _caught_up(found: House) -> float:
    """Seconds until everything that happened before now is numbered and judged, while work goes on."""
    started = time.monotonic()
    at = found.count("SELECT extract(epoch FROM now())::bigint")
    statement = BEHIND.replace("%(at)s", f"to_timestamp({at})").encode()
    _until(lambda: found.count(statement) == 0, NEVER_S)
    return time.monotonic() - started


def _until(holds: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not holds() and time.monotonic() < until:
        time.sleep(0.2)


def _violations(code: str, printed: str) -> int:
    found = re.search(rf"^{code} +VIOLATED by (\d+)", printed, re.MULTILINE)
    return int(found[1]) if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
