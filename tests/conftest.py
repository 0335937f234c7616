"""Fixtures that many tests share."""

import pytest
from hypothesis import settings

from annotation.domain import events, hints

settings.register_profile("untimed", deadline=None)  # how long an example takes says nothing on a busy machine
settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests call by themselves what a wake-up would lead to; nothing is put on a broker behind their backs."""
    monkeypatch.setattr(events, "_wake", None)
    monkeypatch.setattr(hints, "_sender", None)
