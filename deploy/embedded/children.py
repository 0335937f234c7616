"""The processes of a running demo: started, their logs merged, watched, ended; found again after a kill -9."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from deploy.embedded import processes
from deploy.embedded.environment import ROOT

COLOURS = {"web": 36, "worker": 35, "beat": 34, "people": 32}
WIDTH = max(len(name) for name in COLOURS)
GENTLE_SECONDS = 12  # a worker's soft shutdown takes up to 10


@dataclass
class Child:
    """One process and its name in the logs."""

    name: str
    command: list[str]
    process: subprocess.Popen[str]
    output: threading.Thread
    reported: bool = False

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self.process.poll()


class Children:
    """All of them. A note in the data directory lets the next start, or `down`, end what a kill -9 left behind."""

    def __init__(self, data: Path, environment: Mapping[str, str]) -> None:
        self._note = data / "processes.json"
        self._environment = dict(environment)
        self.running: list[Child] = []

    def start(self, name: str, command: list[str], **more: str) -> Child:
        """Start a process in a session of its own, so that Ctrl-C at the terminal reaches only us."""
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**self._environment, **more},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        output = threading.Thread(target=_merge, args=(name, process.stdout), daemon=True)
        output.start()
        child = Child(name, command, process, output)
        self.running.append(child)
        self._write_note()
        return child

    def dead(self) -> list[Child]:
        """Those that ended since this was last asked."""
        ended = [child for child in self.running if not child.reported and child.exit_code is not None]
        for child in ended:
            child.reported = True
        return ended

    def stop(self) -> None:
        """End all of them, gently and together; after a while by force."""
        for child in self.running:
            if child.exit_code is None:
                processes.signal_group(child.process.pid, signal.SIGTERM)
        processes.wait(lambda: all(child.exit_code is not None for child in self.running), GENTLE_SECONDS)
        for child in self.running:
            processes.signal_group(child.process.pid, signal.SIGKILL)
            child.process.wait()
            child.output.join(GENTLE_SECONDS)
        self._note.unlink(missing_ok=True)

    def _write_note(self) -> None:
        rows = [{"pid": child.process.pid, "command": " ".join(child.command)} for child in self.running]
        self._note.write_text(json.dumps(rows))


def end_leftovers(data: Path) -> None:
    """End what an earlier demo of this data directory left running."""
    note = data / "processes.json"
    if note.is_file():
        for row in json.loads(note.read_text() or "[]"):
            processes.end_group(row["pid"], row["command"], GENTLE_SECONDS)
        note.unlink()


def _merge(name: str, lines: TextIO) -> None:
    """Copy a process's lines to our output, each with its name before it."""
    coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    head = f"\x1b[{COLOURS[name]}m{name:>{WIDTH}}\x1b[0m" if coloured else f"{name:>{WIDTH}}"
    with lines:
        for line in lines:
            if line.strip():
                print(f"{head} | {line.rstrip()}", flush=True)
