"""How true forecasts have been."""

from datetime import timedelta

import pytest
from django.utils import timezone

from annotation.domain import batches
from annotation.models import Forecast
from tests.factories import make_member, make_project, signed_in
from workforce.domain.actor import SYSTEM

pytestmark = pytest.mark.django_db


def test_shares_are_shown_with_their_interval_and_number() -> None:
    project, now = make_project(), timezone.now()
    client = signed_in(make_member(project.organization).user)
    assert "No batch has ended yet" in client.get("/forecasts/").content.decode()
    for number in range(4):
        shown = {name: now + timedelta(hours=number - 2) for name in ("p50_at", "p80_at", "p95_at")}
        Forecast.objects.create(
            batch=batches.create(project=project, name=str(number), by=SYSTEM), step=6, made_at=now - timedelta(days=1),
            basis="history", tasks=1, answers=1, wanted=1, need_s=1, people=1, made_s=[1, 2, 3], ended_at=now, **shown,
        )  # fmt: skip
    page = client.get("/forecasts/").content.decode()
    rows = client.get("/forecasts/").context["rows"]
    assert [row["n"] for row in rows] == [0, 4, 0, 0]
    assert rows[1]["shares"][0]["share"] == 0.5
    assert "15% – 85%" in page
