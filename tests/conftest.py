"""Fixtures that many tests share."""

from pathlib import Path

import pytest
from django.conf import settings

from annotation.domain import events, hints


def pytest_configure() -> None:
    """Collected static files are looked for in a directory, even if there are none."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests call by themselves what a wake-up would lead to; nothing is put on a broker behind their backs."""
    monkeypatch.setattr(events, "_wake", None)
    monkeypatch.setattr(hints, "_sender", None)
