"""Data directories for the launcher, and engines from the environment that these tests run in."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.embedded import engines, identity, places

ENVIRONMENT = Path(sys.prefix)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder with a short name that everybody may enter; pytest's own are private and long."""
    folder = Path(tempfile.mkdtemp(prefix="mh-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def data(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data directory, its engines not named by the environment; whatever ran there is stopped."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    folder = open_folder / "data"
    yield folder
    engines.down(folder, ENVIRONMENT)
    places.remove(folder)


@pytest.fixture
def server(data: Path) -> identity.Identity:
    """Who runs the servers here."""
    return identity.for_servers(data / "postgres")


@pytest.fixture
def shared_folder(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where root's launcher puts what must be reachable."""
    folder = open_folder / "shared"
    monkeypatch.setattr(places, "SHARED", (folder,))
    return folder


def is_root() -> bool:
    """Whether the tests run as root."""
    return os.geteuid() == 0
