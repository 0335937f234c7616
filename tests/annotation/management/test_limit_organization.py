"""The command that limits a customer."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.factories import fresh, make_organization

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("limit_organization", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_it_sets_what_is_named_and_prints_what_holds() -> None:
    organization = make_organization(slug="demo")
    run("--organization", "demo", "--open-tasks", "10", "--spend-day-minor", "500")
    printed = run("--organization", "demo", "--open-tasks", "-1")
    assert printed == ["open_tasks -", "live_tasks -", "spend_day_minor 500"]
    assert fresh(organization).limits == {"spend_day_minor": 500}


def test_it_says_that_there_is_no_such_customer() -> None:
    with pytest.raises(CommandError, match="no organization 'gone'"):
        run("--organization", "gone")
