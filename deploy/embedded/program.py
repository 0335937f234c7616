"""How programs of the product are started: their environment, the demo's address, Django's commands."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from deploy.embedded.engines import Engines
from deploy.embedded.environment import ROOT
from deploy.embedded.trouble import Trouble


def variables(data: Path, engines: Engines, *, mode: str = "demo", address: str = "") -> dict[str, str]:
    """The environment of every program; what the person has set wins."""
    ours = {
        "MANYHANDS_MODE": mode,
        "MANYHANDS_BASE_URL": address or noted(data).get("address", "http://localhost:8000"),
        "PYTHONUNBUFFERED": "1",
    }
    return {**ours, **os.environ, **engines.addresses(), "MANYHANDS_DATA_DIR": str(data)}


def noted(data: Path) -> dict[str, Any]:
    """What the last demo of this data directory wrote into `demo.json`; empty if there was none."""
    with contextlib.suppress(OSError, ValueError):
        found = json.loads((data / "demo.json").read_text())
        return found if isinstance(found, dict) else {}
    return {}


def step(python: Path, words: list[str], environment: dict[str, str]) -> None:
    """Run a command of `manage.py` that must succeed. Raises Trouble with its last words."""
    done = subprocess.run(
        [str(python), "manage.py", *words],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise Trouble(f"`manage.py {' '.join(words)}` failed:\n{(done.stdout + done.stderr).strip()[-2000:]}")


def hand_over(command: list[str], environment: dict[str, str], cwd: Path | None = None) -> int:
    """Run a command in our place: its input and output are ours; its exit code, as a shell counts."""
    process = subprocess.Popen(command, cwd=cwd, env=environment)

    def pass_on(number: int, _frame: object) -> None:
        if number != signal.SIGINT or not sys.stdin.isatty():  # the terminal has sent Ctrl-C to the command already
            process.send_signal(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, pass_on)
    code = process.wait()
    return code if code >= 0 else 128 - code
