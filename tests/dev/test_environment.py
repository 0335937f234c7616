"""The Python environment is made once, from the lock, and what goes wrong is said in words."""

import importlib.util
import io
from pathlib import Path

import pytest

from deploy.embedded import environment
from deploy.embedded.trouble import Trouble

UNKNOWN = "manyhands-is-no-package==1.0 --hash=sha256:" + "0" * 64 + "\n"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with empty locks, a PATH without uv, and no way to the package index."""
    for name in (environment.RUN, environment.DEVELOP):
        (tmp_path / name).write_text("")
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "FOLDER", tmp_path / ".venv")
    monkeypatch.setattr(environment, "PYTHON", tmp_path / ".venv/bin/python")
    monkeypatch.setattr(environment, "STAMP", tmp_path / ".venv/manyhands.stamp")
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    return tmp_path


def stamped(root: Path, *locks: str) -> None:
    """An environment as an earlier command left it."""
    (root / ".venv/bin").mkdir(parents=True)
    (root / ".venv/bin/python").touch()
    (root / ".venv/manyhands.stamp").write_text("\n".join(environment._hash(lock) for lock in locks))


def test_a_warm_environment_is_left_alone(root: Path) -> None:
    stamped(root, environment.RUN)
    assert environment.ready(environment.RUN) == root / ".venv/bin/python"


def test_one_for_development_serves_the_demo_too(root: Path) -> None:
    (root / environment.DEVELOP).write_text("# more\n")
    stamped(root, environment.RUN, environment.DEVELOP)
    environment.ready(environment.RUN)
    assert environment._satisfied(environment.DEVELOP)


def test_a_changed_lock_or_a_lost_interpreter_is_noticed(root: Path) -> None:
    stamped(root, environment.RUN)
    (root / environment.RUN).write_text("# changed\n")
    assert not environment._satisfied(environment.RUN)
    (root / environment.RUN).write_text("")
    assert environment._satisfied(environment.RUN)
    (root / ".venv/bin/python").unlink()
    (root / ".venv/bin/python").symlink_to(root / "gone")
    assert not environment._satisfied(environment.RUN)


def test_where_uv_fails_pip_goes_on_and_what_it_cannot_have_is_named(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "bin").mkdir()
    (root / "bin/uv").write_text("#!/bin/sh\necho no way through >&2\nexit 2\n")
    (root / "bin/uv").chmod(0o755)
    monkeypatch.setenv("PATH", f"{root / 'bin'}:/usr/bin:/bin")
    assert environment.ready(environment.RUN).exists()
    assert "no way through" in capsys.readouterr().err
    (root / environment.RUN).write_text(UNKNOWN)
    with pytest.raises(
        Trouble, match=r"(?s)pip could not install what requirements.lock names.*manyhands-is-no-package"
    ):
        environment.ready(environment.RUN)
    assert not environment._satisfied(environment.RUN)


def test_without_venv_the_one_line_that_helps_is_said(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(Trouble, match=r"apt-get install -y python3\.\d+-venv"):
        environment.ready(environment.RUN)


def test_the_locks_name_no_host_and_agree() -> None:
    run, develop = (Path(environment.ROOT / name).read_text() for name in (environment.RUN, environment.DEVELOP))
    pins = {line.split()[0] for line in run.splitlines() if "==" in line and not line.startswith(" ")}
    assert pins <= {line.split()[0] for line in develop.splitlines() if "==" in line}
    assert "://" not in run + develop
    assert "redis==7" in run or "redis==6" in run
