"""The stage: a database of its own beside the product's, real server processes, and a meter for what they cost."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString
from urllib.error import URLError

import psycopg
from django.db import connection, connections

ROOT = Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")
NAME = re.compile(r"(?<=/)[A-Za-z0-9_]+(?=\?|$)")  # the database's name in its address


@contextmanager
def database(suffix: str = "bench", *, kept: bool = False, keep: Callable[[], bool] = lambda: False) -> Iterator[None]:
    """An empty, migrated database beside the product's, which Django and every process started from here use.

    kept: it is there already, as an earlier run has left it. keep: asked at the end, whether to leave it.
    """
    base = os.environ["DATABASE_URL"]
    product = connection.settings_dict["NAME"]
    name = f"{product}_{suffix}"
    try:
        if not kept:
            _administer(base, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}"')
        os.environ["DATABASE_URL"] = NAME.sub(name, base, count=1)
        _use(name)
        if not kept:
            subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, check=True)
        yield
    finally:
        os.environ["DATABASE_URL"] = base
        _use(product)
        if not keep():
            _administer(base, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _use(name: str) -> None:
    """Point Django at a database, as its test runner does."""
    connection.close()
    connections["default"].close_pool()  # type: ignore[attr-defined]  # of PostgreSQL alone
    connection.settings_dict["NAME"] = name


def _administer(address: str, *statements: LiteralString) -> None:
    with psycopg.connect(address, autocommit=True) as direct:
        for statement in statements:
            direct.execute(statement)


@contextmanager
def web(port: int, *, processes: int = 2, threads: int = 4, pool: int = 3) -> Iterator[subprocess.Popen[bytes]]:
    """The production entry point on `port`: granian, WSGI, each process with a pool of its own."""
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--workers", str(processes)),
        *("--blocking-threads", str(threads), "--no-ws", "--log-level", "warning", "config.wsgi:application"),
    ]
    environment = {**os.environ, "MANYHANDS_POOL": str(pool), "MANYHANDS_BASE_URL": f"http://127.0.0.1:{port}"}
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        wait_until_ready(f"http://127.0.0.1:{port}/readyz")
        yield server
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(20)


@contextmanager
def worker() -> Iterator[subprocess.Popen[bytes]]:
    """Celery, without beat: what the sweeps would do, whoever measures does by themselves."""
    words = (
        "-A config.celery worker -Q default,urgent,outgoing -c 2 --without-gossip --without-mingle --without-heartbeat"
    )
    command = [sys.executable, "-W", "ignore", "-m", "celery", "--quiet", *words.split(), "-n", "bench@localhost"]
    environment = {**os.environ, "MANYHANDS_POOL": "0", "MANYHANDS_LOG_LEVEL": "WARNING"}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def wait_until_ready(address: str, patience_s: float = 180) -> None:
    """Ask until it answers 200. Raises TimeoutError."""
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=5) as reply:
                if reply.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.1)
    raise TimeoutError(address)


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds since the processes began."""

    server_s: float
    database_s: float

    def since(self, before: "Cost") -> "Cost":
        """What was added."""
        return Cost(self.server_s - before.server_s, self.database_s - before.database_s)


class Meter:
    """CPU of a server with its children, and of PostgreSQL with every process it has or had."""

    def __init__(self, server_pid: int) -> None:
        self._server = server_pid
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self._postmaster = int(_stat(cursor.fetchone()[0])[1])  # its parent

    def read(self) -> Cost:
        """CPU so far."""
        return Cost(_family(self._server), _family(self._postmaster))


def peak_mb(parent: int) -> float:
    """The most memory that any child of a process has held so far."""
    return max(_peak_kb(pid) for pid in _children(parent)) / 1024


def _peak_kb(pid: int) -> int:
    found = re.search(r"^VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    return int(found[1]) if found else 0


def _children(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(FileNotFoundError, ProcessLookupError):
            if int(_stat(int(entry.name))[1]) == parent:
                found.append(int(entry.name))
    return found


def _stat(pid: int) -> list[str]:
    """Fields of /proc/<pid>/stat from the state on: state, parent, … 11 utime, 12 stime, 13 cutime, 14 cstime."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _family(parent: int) -> float:
    """CPU seconds of a process, its living children, and the children it has buried."""
    total = sum(map(int, _stat(parent)[11:15]))
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = _stat(int(entry.name))
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == parent:
            total += sum(map(int, fields[11:15]))
    return total / TICKS
