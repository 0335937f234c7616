"""The demo: the whole product on this machine, in one terminal."""

import contextlib
import fcntl
import hashlib
import json
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.embedded import engines, environment, processes, program
from deploy.embedded.children import Children, end_leftovers
from deploy.embedded.engines import Engines
from deploy.embedded.trouble import Trouble, say

READY_SECONDS = 90
SETTLED_SECONDS = 20  # a process that ends sooner after the start did not come up
STOP_SECONDS = 60
SEEDED = ("organization", "projects", "logins")
WORKER = "default,urgent,outgoing"


@dataclass(frozen=True)
class Wishes:
    """The options of `dev.py demo`."""

    data: Path
    port: int = 8000
    seed: bool = True
    simulate: int = 0
    browser: bool = True

    @property
    def address(self) -> str:
        """Where the browser goes: passkeys need the name `localhost`."""
        return f"http://localhost:{self.port}"


def run(wishes: Wishes) -> int:
    """Bring everything up, say where it is, watch it until Ctrl-C. Raises Trouble if something does not come up."""
    python = environment.ready(environment.RUN)
    wishes.data.mkdir(parents=True, exist_ok=True)
    with _only_one(wishes.data):
        end_leftovers(wishes.data)
        _check_port(wishes.port)
        before = program.noted(wishes.data)
        (wishes.data / "demo.json").unlink(missing_ok=True)
        say("Starting PostgreSQL and Valkey ...")
        with engines.up(wishes.data, environment.FOLDER) as running:
            variables = program.variables(wishes.data, running, address=wishes.address)
            seeded = _prepare(wishes, python, variables) or {name: before[name] for name in SEEDED if name in before}
            return _serve(wishes, python, variables, running, seeded)


def _prepare(wishes: Wishes, python: Path, variables: dict[str, str]) -> dict[str, Any]:
    """Database, static files, sample data; what was seeded: the logins, the projects' ids."""
    say("Preparing the database and the static files ...")
    collected, fingerprint = wishes.data / "static.stamp", _static_fingerprint()
    steps = [["migrate", "-v0"]]
    if not collected.is_file() or collected.read_text() != fingerprint:
        steps.append(["collectstatic", "--noinput", "--clear", "-v0"])
    with ThreadPoolExecutor() as pool:
        for done in [pool.submit(program.step, python, words, variables) for words in steps]:
            done.result()
    collected.write_text(fingerprint)
    if not wishes.seed:
        return {}
    say("Filling in the sample projects ...")
    seeded = wishes.data / "seed.json"
    program.step(python, ["seed_demo", "--json", str(seeded)], variables)
    found: dict[str, Any] = json.loads(seeded.read_text())
    seeded.unlink()
    return found


def _static_fingerprint() -> str:
    """Changes when a static file of ours or a package's may have: collecting them takes seconds."""
    digest = hashlib.sha256((environment.ROOT / environment.RUN).read_bytes())
    for path in sorted((environment.ROOT / "static").rglob("*")):
        digest.update(f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _serve(wishes: Wishes, python: Path, variables: dict[str, str], running: Engines, seeded: dict[str, Any]) -> int:
    children = Children(wishes.data, variables)
    try:
        _start(children, wishes, python)
        _wait_until_ready(children, wishes)
        _announce(wishes, seeded)
        if wishes.simulate:
            people = ["manage.py", "simulate", "--demo", "--contributors", str(wishes.simulate)]
            children.start("people", [str(python), *people], MANYHANDS_POOL="0")
        _watch(children, running)
    except KeyboardInterrupt:
        say("\nStopping ...")
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        children.stop()
    return 0


def _start(children: Children, wishes: Wishes, python: Path) -> None:
    """Web with websockets, worker, beat. Their command lines name the data directory, so that they are known again."""
    web = ["uvicorn", "config.asgi:application", "--host", "127.0.0.1", "--port", str(wishes.port), "--lifespan", "off"]
    children.start(
        "web",
        [str(python), "-m", *web, "--timeout-graceful-shutdown", "5", "--log-level", "warning"],
        MANYHANDS_POOL="8",
    )
    celery = [str(python), "-W", "ignore::UserWarning", "-m", "celery", "--quiet", "-A", "config.celery"]
    worker = ["worker", "-Q", WORKER, "-c", "2", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    name = f"demo-{wishes.port}@localhost"
    children.start("worker", [*celery, *worker, "-n", name], MANYHANDS_POOL="0")
    pid_file = wishes.data / "beat.pid"
    pid_file.unlink(missing_ok=True)  # ours is the only one: the lock of the demo says so
    children.start("beat", [*celery, "beat", "--pidfile", str(pid_file)], MANYHANDS_POOL="0")


def _wait_until_ready(children: Children, wishes: Wishes) -> None:
    """Wait for `/readyz`. Raises Trouble if a process ends first, or it takes too long."""
    deadline = time.monotonic() + READY_SECONDS
    answer = ""
    while time.monotonic() < deadline:
        _refuse_dead(children, "did not come up")
        with contextlib.suppress(OSError):
            answer = _ready_answer(wishes.port)
            if not answer:
                return
        time.sleep(0.1)
    raise Trouble(f"The web server is not ready after {READY_SECONDS} s. {answer}".strip())


def _ready_answer(port: int) -> str:
    """Empty if the server is ready, else what it says. Raises OSError if nobody answers."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # no company's proxy between us
    try:
        with opener.open(f"http://127.0.0.1:{port}/readyz", timeout=5):
            return ""
    except urllib.error.HTTPError as error:
        with error:
            return error.read().decode(errors="replace")


def _watch(children: Children, running: Engines) -> None:
    """Until Ctrl-C: bring a dead engine back, report a dead process. Raises Trouble once the web server is dead."""
    settled = time.monotonic() + SETTLED_SECONDS
    while True:
        time.sleep(0.5)
        for name in running.start():
            say(f"{name} had ended; it runs again.")
        if time.monotonic() < settled:
            _refuse_dead(children, "did not come up")
        for child in children.dead():
            if child.name == "web":
                raise Trouble(f"The web server ended (exit code {child.exit_code}).")
            say(f"The {child.name} process ended (exit code {child.exit_code}); the rest goes on without it.")


def _refuse_dead(children: Children, how: str) -> None:
    for child in children.dead():
        raise Trouble(f"The {child.name} process {how} (exit code {child.exit_code}); its last words are above.")


def _announce(wishes: Wishes, seeded: dict[str, Any]) -> None:
    """Write `demo.json`, print the same for people, open the browser."""
    note: dict[str, Any] = {
        "address": wishes.address,
        "logins": [],
        **seeded,
        "mail": str(wishes.data / "mail"),
        "data_dir": str(wishes.data),
        "pid": os.getpid(),
    }
    path = wishes.data / "demo.json"
    path.with_suffix(".new").write_text(json.dumps(note, indent=2) + "\n")
    path.with_suffix(".new").rename(path)
    print(_notice(wishes, note["logins"]), flush=True)
    if wishes.browser and (sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        webbrowser.open(wishes.address)


def _notice(wishes: Wishes, logins: list[dict[str, str]]) -> str:
    width = max((len(login["email"]) for login in logins), default=0)
    rows = [f"    {login['email']:<{width}}  {login['password']}  {login['role']}" for login in logins]
    heading = ["", "  Log in as one of", *rows] if rows else []
    return "\n".join(
        [
            "",
            f"  Manyhands is at {wishes.address}",
            *heading,
            "",
            f"  Mails go to {wishes.data / 'mail'}",
            "  Ctrl-C stops it.",
            "",
        ]
    )


@contextlib.contextmanager
def _only_one(data: Path) -> Iterator[None]:
    """Hold the lock that says a demo of this data directory runs, with our number in it. Raises Trouble if one does."""
    with (data / "demo.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            address = program.noted(data).get("address", "")
            raise Trouble(
                f"The demo of {data} runs already{address and f', at {address}'}. `python3 dev.py down` stops it."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
        lock.truncate(0)


def _check_port(port: int) -> None:
    """Raise Trouble if another program has the port, before anything is started."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Trouble(
                f"Port {port} cannot be used: {error.strerror}. Choose another: python3 dev.py demo --port {port + 1}"
            ) from None


def down(data: Path) -> bool:
    """Stop the demo of a data directory and its engines; False if nothing ran there."""
    if not (data / "engines.lock").is_file():
        return False
    was_running = _end_demo(data)
    end_leftovers(data)
    engines.down(data, environment.FOLDER)
    return was_running


def _end_demo(data: Path) -> bool:
    """Ask the demo to stop, and make it if it does not."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        pid = _demo_pid(data)
        if not pid:
            return number is signal.SIGKILL
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        processes.wait(lambda: not _demo_pid(data), STOP_SECONDS)
    return True


def _demo_pid(data: Path) -> int | None:
    """The number of the process that holds the demo's lock; None if nobody does."""
    with (data / "demo.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            return int(lock.read() or 0) or None
    return None
