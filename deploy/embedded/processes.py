"""Processes by number: who they are, whether they live, how they are ended."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

PROC = Path("/proc")


def command_line(pid: int) -> str:
    """The words a process was started with, joined by spaces; empty for a dead or unknown one."""
    if not PROC.is_dir():
        return subprocess.run(
            ["ps", "-o", "args=", "-p", str(pid)], check=False, capture_output=True, text=True
        ).stdout.strip()
    try:
        return (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


def alive(pid: int) -> bool:
    """Whether a process with this number exists, whoever it is."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def within(folder: Path) -> list[int]:
    """The processes whose working directory is this folder, as that of every PostgreSQL process is its cluster."""
    found = []
    for entry in PROC.glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (entry / "cwd").readlink() == folder:
                found.append(int(entry.name))
    return found


def wait(until: Callable[[], bool], seconds: float, every: float = 0.05) -> bool:
    """Ask again and again; False if it did not become true in time."""
    deadline = time.monotonic() + seconds
    while not until():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True


def signal_group(pid: int, number: signal.Signals) -> None:
    """Send a signal to a process that leads a group, and to the group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def end_group(pid: int, command: str, seconds: float) -> None:
    """End a leftover group gently, then by force. Does nothing if the number now belongs to another command."""
    if command_line(pid) != command:
        return
    signal_group(pid, signal.SIGTERM)
    if not wait(lambda: command_line(pid) != command, seconds):
        signal_group(pid, signal.SIGKILL)
        wait(lambda: command_line(pid) != command, 5)
