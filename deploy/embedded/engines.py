"""Both engines of a data directory, shared by every command that works with it.

Each command holds a shared lock while it uses them; the last one to leave stops them. Locks die with their process, so
after a kill -9 the next command finds things as they are.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from deploy.embedded import identity, places, programs
from deploy.embedded.postgres import Postgres
from deploy.embedded.valkey import Valkey


@dataclass(frozen=True)
class Engines:
    """The servers that this data directory runs by itself; None where the environment names another."""

    postgres: Postgres | None
    valkey: Valkey | None

    def start(self) -> list[str]:
        """Start what does not run; the names of what was started. Raises Trouble."""
        started = []
        if self.postgres and not self.postgres.pid():
            self.postgres.start()
            started.append("PostgreSQL")
        if self.valkey and not self.valkey.answers():
            self.valkey.start()
            started.append("Valkey")
        return started

    def stop(self) -> None:
        """Stop both."""
        if self.valkey:
            self.valkey.stop()
        if self.postgres:
            self.postgres.stop()

    def addresses(self) -> dict[str, str]:
        """What the environment of every program gets."""
        return {
            **({"DATABASE_URL": self.postgres.url} if self.postgres else {}),
            **({"REDIS_URL": self.valkey.url} if self.valkey else {}),
        }


def of(data: Path, environment: Path, *, throwaway: bool = False) -> Engines:
    """The engines of a data directory, found but not started."""
    wants_postgres, wants_valkey = "DATABASE_URL" not in os.environ, "REDIS_URL" not in os.environ
    if not wants_postgres and not wants_valkey:
        return Engines(None, None)
    server = identity.for_servers(data / "postgres")
    place = places.arrange(data, server)
    site = programs.reachable(programs.packages(environment), server)
    return Engines(
        Postgres(programs.postgres(site, server, place.cluster), place.cluster, place.run, server, throwaway)
        if wants_postgres
        else None,
        Valkey(programs.valkey(site, server), place.run, server) if wants_valkey else None,
    )


@contextlib.contextmanager
def up(data: Path, environment: Path, *, throwaway: bool = False) -> Iterator[Engines]:
    """Have both engines for as long as the block runs. Raises Trouble if one does not come up."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / "engines.lock").open("a") as gate, (data / "engines.users").open("a") as users:
        with locked(gate):
            engines = of(data, environment, throwaway=throwaway)
            fcntl.flock(users, fcntl.LOCK_SH)
            engines.start()
        try:
            yield engines
        finally:
            with locked(gate):
                if _nobody_else(users):
                    engines.stop()


def down(data: Path, environment: Path) -> None:
    """Stop the engines of a data directory, whoever uses them."""
    if (data / "engines.lock").is_file():
        with (data / "engines.lock").open("a") as gate, locked(gate):
            of(data, environment).stop()


@contextlib.contextmanager
def locked(file: TextIO) -> Iterator[None]:
    """Hold the one lock of a file."""
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)


def _nobody_else(users: TextIO) -> bool:
    """Whether ours is the only shared lock: then, and only then, it can be made exclusive."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
