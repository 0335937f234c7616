"""One PostgreSQL server over a Unix socket: made, started, found again, stopped."""

import contextlib
import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded import processes, programs
from deploy.embedded.identity import Identity
from deploy.embedded.trouble import Trouble

DATABASE = "manyhands"
START_SECONDS = 120  # recovery after a crash replays the log
ORPHANS_SECONDS = 30  # backends of a killed postmaster hold its shared memory until they notice
STILL_HELD = ("still in use", "already exists", "already in use")
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "dynamic_shared_memory_type": "mmap",  # /dev/shm may be 64 MB
    "max_connections": "100",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "log_checkpoints": "off",
}
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Postgres:
    """A server: its programs, its files, the folder of its socket, its user. `throwaway` trades safety for speed."""

    programs: Path
    cluster: Path
    run: Path
    server: Identity
    throwaway: bool = False

    @property
    def url(self) -> str:
        """The address as Django reads it."""
        return f"postgresql://postgres@/{DATABASE}?host={self.run}"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.cluster / "postgres.log"

    def pid(self) -> int | None:
        """The number of the running postmaster; None if the pid file is missing, stale, or names another process."""
        pid = self._noted_pid()
        return pid if pid and self._is_ours(pid) else None

    def start(self) -> None:
        """Make the cluster if there is none, and start the server if it does not run. Raises Trouble with its last words."""
        if not (self.cluster / "PG_VERSION").is_file():
            self._create()
        if self.pid():
            return
        deadline = time.monotonic() + ORPHANS_SECONDS
        while not self._start_once():
            if time.monotonic() > deadline or not any(words in self._last_words() for words in STILL_HELD):
                raise Trouble(f"PostgreSQL did not start. It said:\n{self._last_words()}\nAll of it: {self.log}")
            time.sleep(0.3)

    def stop(self) -> None:
        """Stop the server; what it has committed stays."""
        for mode in ("fast", "immediate"):
            if self.pid():
                self._control("stop", "-m", mode, "-w", "-t", "30")

    def _start_once(self) -> bool:
        self._clear_leftovers()
        self._write_settings()
        self._control("start", "-w", "-t", str(START_SECONDS), "-l", str(self.log))
        return self.pid() is not None

    def _control(self, act: str, *options: str) -> None:
        self.server.run([str(self.programs / "pg_ctl"), act, "-s", "-D", str(self.cluster), *options])

    def _create(self) -> None:
        """Initialise beside the final name and rename: a cluster with that name is a whole one."""
        for half in self.cluster.parent.glob(f"{self.cluster.name}.new-*"):
            shutil.rmtree(half, ignore_errors=True)
        self.cluster.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        new = self.cluster.with_name(f"{self.cluster.name}.new-{secrets.token_hex(4)}")
        new.mkdir()
        self.server.own(new)
        self._init(new)
        new.rename(self.cluster)

    def _init(self, folder: Path) -> None:
        """Fill a folder: superuser `postgres`, UTF-8, the locale that is the same everywhere, our database."""
        builtin = (programs.postgres_version(self.programs, self.server) or 0) >= 17
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if builtin else []
        made = self.server.run(
            [
                str(self.programs / "initdb"),
                "-D",
                str(folder),
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--no-sync",
            ]
            + (locale or ["--locale=C.UTF-8"])
        )
        if made.returncode:
            raise Trouble(f"PostgreSQL could not make its files in {folder}:\n{made.stderr.strip()}")
        with (folder / "postgresql.conf").open("a") as conf:
            conf.write("\ninclude 'manyhands.conf'\n")
        (folder / "manyhands.conf").touch()
        single = [str(self.programs / "postgres"), "--single", "-D", str(folder), "postgres"]
        self.server.run(single, text=f"CREATE DATABASE {DATABASE} TEMPLATE template0;\n")

    def _write_settings(self) -> None:
        """Our settings, written anew at each start: the socket's place may have changed."""
        settings = SETTINGS | {"unix_socket_directories": str(self.run)} | (THROWAWAY if self.throwaway else {})
        lines = [f"{name} = '{value}'\n" for name, value in settings.items()]
        path = self.cluster / "manyhands.conf"
        path.write_text("".join(lines))
        path.chmod(0o644)

    def _clear_leftovers(self) -> None:
        """Remove what a dead server left that would refuse a new one.

        The pid file is the server's own guard against orphans, so it goes only if its number was given to a stranger
        and no process works in the cluster any more.
        """
        pid = self._noted_pid()
        if pid and processes.alive(pid) and not self._is_ours(pid):
            processes.wait(lambda: not processes.within(self.cluster), ORPHANS_SECONDS)
            (self.cluster / "postmaster.pid").unlink(missing_ok=True)
        for socket in self.run.glob(".s.PGSQL.*"):
            socket.unlink(missing_ok=True)

    def _noted_pid(self) -> int | None:
        with contextlib.suppress(OSError, ValueError, IndexError):
            return int((self.cluster / "postmaster.pid").read_text().splitlines()[0])
        return None

    def _is_ours(self, pid: int) -> bool:
        words = processes.command_line(pid)
        return "postgres" in words and str(self.cluster) in words

    def _last_words(self) -> str:
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-6:])
        except OSError:
            return "(nothing)"
