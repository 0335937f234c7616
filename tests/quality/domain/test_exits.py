"""Exits: when they end a task, when a reviewer looks, who is paid."""

import pytest

from annotation.models import Annotation
from quality.domain import exits
from quality.domain.exits import Exit
from tests.factories import make_answer, make_contributor, make_project, make_tasks
from workforce.domain.actor import SYSTEM
from workforce.models import Earning

pytestmark = pytest.mark.django_db


def of(*kinds: str) -> list[Exit]:
    return [Exit(number, kind) for number, kind in enumerate(kinds)]


@pytest.mark.parametrize(
    ("kinds", "broken", "cause"),
    [
        ((), False, ""),
        (("broken",), False, ""),
        (("broken", "broken"), True, ""),
        (("cannot_judge", "cannot_judge"), False, ""),
        (("cannot_judge",) * 3, False, "exit"),
        (("unsafe",), False, "unsafe"),
        (("broken", "cannot_judge", "unsafe"), False, "unsafe"),
    ],
)
def test_what_follows_from_exits(kinds, broken, cause):
    assert exits.broken(of(*kinds)) is broken
    assert exits.to_be_reviewed(of(*kinds)) == cause


def given(*kinds: str) -> list[Annotation]:
    (task,) = make_tasks(make_project())
    return [make_answer(task, make_contributor(), exit_=kind) for kind in kinds]


@pytest.mark.parametrize(
    ("kinds", "confirmed", "paid"),
    [
        (("broken",), "", [False]),
        (("broken", "broken"), "", [True, True]),
        (("broken", "cannot_judge"), "", [False, False]),
        (("broken", "cannot_judge"), "cannot_judge", [False, True]),
        (("unsafe",), "", [True]),
    ],
)
def test_confirmed_exits_are_paid_and_the_rest_set_aside(kinds, confirmed, paid):
    rows = given(*kinds)

    exits.close(exits={rows[0].task_id: [Exit(row.pk, row.exit) for row in rows]}, by=SYSTEM, confirmed=confirmed)

    for row, was_paid in zip(rows, paid, strict=True):
        row.refresh_from_db()
        assert row.status == ("accepted" if was_paid else "superseded")
        earning = Earning.objects.get(source_key=f"assignment:{row.assignment.public_id}")
        assert earning.status == ("available" if was_paid else "reversed")
        assert earning.reason == ("" if was_paid else "exit_not_confirmed")
