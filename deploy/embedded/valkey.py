"""One Valkey server over a Unix socket. It keeps nothing on disk: it wakes things up and decides nothing."""

import contextlib
import socket
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded import processes
from deploy.embedded.identity import Identity
from deploy.embedded.trouble import Trouble

START_SECONDS = 15


@dataclass(frozen=True)
class Valkey:
    """A server: its program, the folder of its socket, its user."""

    program: Path
    run: Path
    server: Identity

    @property
    def url(self) -> str:
        """The address as redis-py reads it."""
        return f"unix://{self.socket}?db=0"

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return self.run / "valkey.sock"

    def answers(self) -> bool:
        """Whether it is there, by asking it."""
        return self._ask("PING").startswith("+PONG")

    def start(self) -> None:
        """Start it if it does not answer. Raises Trouble with its last words."""
        if self.answers():
            return
        done = self.server.run([str(self.program), *self._options()])
        if not processes.wait(self.answers, START_SECONDS):
            raise Trouble(f"Valkey did not start. It said:\n{(done.stdout + done.stderr + self._log_tail()).strip()}")

    def stop(self) -> None:
        """Stop it; nothing is kept."""
        if self.answers():
            self._ask("SHUTDOWN NOSAVE")
            processes.wait(lambda: not self.answers(), 5)

    def _options(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "save": "",
            "appendonly": "no",
            "dir": str(self.run),
            "daemonize": "yes",
            "pidfile": str(self.run / "valkey.pid"),
            "logfile": str(self.run / "valkey.log"),
        }
        return [word for name, value in options.items() for word in (f"--{name}", value)]

    def _ask(self, command: str) -> str:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            connection.connect(str(self.socket))
            connection.sendall(f"{command}\r\n".encode())
            return connection.recv(64).decode(errors="replace")
        return ""

    def _log_tail(self) -> str:
        with contextlib.suppress(OSError):
            return "\n".join((self.run / "valkey.log").read_text(errors="replace").splitlines()[-6:])
        return ""
