"""Fixtures that many tests share."""

import pytest

from annotation.domain import events, hints


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests call by themselves what a wake-up would lead to; nothing is put on a broker behind their backs."""
    monkeypatch.setattr(events, "_wake", None)
    monkeypatch.setattr(hints, "_sender", None)
