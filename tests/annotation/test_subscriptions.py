"""What happened leads to hints for the pages that show it."""

from typing import Any

import pytest

from annotation import subscriptions
from annotation.domain.outbox import Drained
from tests.factories import make_project

pytestmark = pytest.mark.django_db


def test_who_works_in_a_project_hears_of_its_guideline_and_pauses(monkeypatch):
    project, sent = make_project(), list[tuple[str, dict[str, Any]]]()
    monkeypatch.setattr(subscriptions, "send", lambda group, message: sent.append((group, message)))

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
