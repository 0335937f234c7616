"""What happened leads to hints for the pages that show it."""

import time
from typing import Any

import pytest

from annotation import subscriptions
from annotation.domain.outbox import Drained
from tests.factories import make_project

pytestmark = pytest.mark.django_db


def test_who_works_in_a_project_hears_of_its_guideline_and_pauses(monkeypatch):
    project, sent = make_project(), list[tuple[str, dict[str, Any]]]()
    monkeypatch.setattr(subscriptions, "send", sent.extend)

    subscriptions.hint_projects([
        Drained("guideline.published", "", project.pk, ""),
        Drained("project.paused", "", project.pk, ""),
        Drained("annotation.submitted", "", project.pk, ""),
    ])  # fmt: skip

    key = project.public_id
    assert [(group, message["kind"]) for group, message in sent] == [
        (f"workers.{key}", "guideline_changed"),
        (f"workers.{key}", "project_paused"),
        (f"project.{key}", "progress"),
        (f"reviewers.{key}", "queue"),
    ]


def test_the_bell_rings_at_once_then_rarely_and_once_more_after_the_last_commit(monkeypatch):
    monkeypatch.setattr(subscriptions, "PAUSE_S", 0.2)
    rung: list[float] = []
    bell = subscriptions.Bell(lambda: rung.append(time.monotonic()))

    bell()
    wait_for(lambda: len(rung) == 1)
    for _ in range(50):
        bell()
    last = time.monotonic()
    wait_for(lambda: len(rung) == 2)

    assert rung[1] >= last
    assert rung[1] - rung[0] >= 0.2
    time.sleep(0.3)
    assert len(rung) == 2


def wait_for(what, patience_s=10):
    until = time.monotonic() + patience_s
    while not what():
        assert time.monotonic() < until
        time.sleep(0.005)
