"""The demo: refuses before it starts anything, comes up, is found by other commands, and leaves nothing behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from deploy.embedded import children, demo, environment, processes
from deploy.embedded.trouble import Trouble

needs_environment = pytest.mark.skipif(
    not environment._satisfied(environment.RUN), reason="no .venv yet: `dev.py test` makes it"
)


@pytest.fixture
def port() -> int:
    """A port that nobody has now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environ() -> dict[str, str]:
    """What a person's shell has, without what the test run has set."""
    ours = ("MANYHANDS_", "DATABASE_URL", "REDIS_URL", "DJANGO_", "PYTEST_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def dev(*words: str, data: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(environment.ROOT / "dev.py"), *words, "--data-dir", str(data)]
    return subprocess.run(command, env=environ(), capture_output=True, text=True, check=False, timeout=120)


def demo_of(data: Path, port: int) -> subprocess.Popen[bytes]:
    """A demo that is ready: `demo.json` is written when `/readyz` has answered 200."""
    words = ["demo", "--no-seed", "--no-browser", "--port", str(port), "--data-dir", str(data)]
    (data / "demo.json").unlink(missing_ok=True)  # as the last one left it
    process = subprocess.Popen(
        [sys.executable, str(environment.ROOT / "dev.py"), *words], stdout=subprocess.DEVNULL, env=environ()
    )
    assert processes.wait(lambda: (data / "demo.json").is_file() or process.poll() is not None, 120)
    assert process.poll() is None
    return process


def nothing_runs(data: Path, port: int) -> bool:
    with socket.socket() as probe:
        free = probe.connect_ex(("127.0.0.1", port)) != 0
    return free and not processes.within((data / "postgres").resolve())


def test_a_taken_port_is_said_before_anything_starts(data: Path, port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(Trouble, match=f"Port {port} cannot be used"):
            demo._check_port(port)


def test_a_second_demo_of_the_same_data_is_refused(data: Path) -> None:
    data.mkdir()
    with demo._only_one(data):
        assert demo._demo_pid(data) == os.getpid()
        with pytest.raises(Trouble, match="runs already"), demo._only_one(data):
            pass
    assert demo._demo_pid(data) is None


def test_leftovers_are_ended_and_strangers_with_their_number_are_not(data: Path) -> None:
    data.mkdir()
    ours, stranger = (subprocess.Popen(["sleep", "60"], start_new_session=True) for _ in range(2))
    # Popen returns when the new program is loaded, and the kernel notes its words a moment later
    assert processes.wait(lambda: processes.command_line(ours.pid) == "sleep 60", 5)
    note = [{"pid": ours.pid, "command": "sleep 60"}, {"pid": stranger.pid, "command": "python3 -m web"}]
    (data / "processes.json").write_text(json.dumps(note))
    children.end_leftovers(data)
    assert ours.wait(5) == -signal.SIGTERM
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_down_of_nothing_is_no_error(data: Path) -> None:
    assert demo.down(data) is False
    assert not data.exists()


@needs_environment
@pytest.mark.faults
@pytest.mark.timeout(600)
@pytest.mark.long
def test_it_comes_up_serves_other_commands_goes_and_comes_again(data: Path, port: int) -> None:
    address = f"http://localhost:{port}"
    process = demo_of(data, port)
    try:
        assert json.loads((data / "demo.json").read_text())["address"] == address
        asked = "from django.conf import settings; print(settings.BASE_URL)"
        assert dev("manage", "shell", "-v0", "-c", asked, data=data).stdout == f"{address}\n"
        assert urllib.request.urlopen(f"{address}/readyz").status == 200
    finally:
        process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0
    assert nothing_runs(data, port)

    killed = demo_of(data, port)
    killed.kill()
    killed.wait()
    assert not nothing_runs(data, port)
    dev("down", data=data)
    assert nothing_runs(data, port)


@needs_environment
def test_manage_passes_on_the_exit_code_and_keeps_standard_output_clean(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = dev("manage", "shell", "-v0", "-c", "import sys; print('key'); sys.exit(7)", data=data)
    assert (done.returncode, done.stdout) == (7, "key\n")


@needs_environment
def test_commands_on_files_alone_start_nothing(data: Path, tmp_path: Path) -> None:
    labels = tmp_path / "labels.csv"
    labels.write_text("task,worker,label\nt,a,yes\n")
    done = dev("manage", "replay", str(labels), data=data)
    assert (done.returncode, done.stdout) == (0, "task,label,confidence,used\nt,yes,1.000000,1\n")
    assert not data.exists()


def test_every_command_explains_itself(data: Path) -> None:
    for words in (["demo", "--help"], ["test", "--help"], ["manage"], ["bench"], ["down", "--help"]):
        shown = dev(*words, data=data)
        assert shown.returncode == 0
        assert f"python3 dev.py {words[0]}" in shown.stdout
    assert dev("down", "everything", data=data).returncode == 2
    assert "There is no benchmark" in dev("bench", "nothing", data=data).stderr
