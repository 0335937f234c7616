"""The command that makes a key for scripts."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from annotation.domain.customers import key_of
from annotation.permissions import PRESETS
from tests.factories import make_organization

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("create_api_key", *arguments, stdout=out)
    return out.getvalue()


def test_it_prints_the_key_alone():
    make_organization(slug="demo")
    printed = run("--organization", "demo", "--mode", "test")
    key = key_of(printed.strip())
    assert printed.count("\n") == 1
    assert (key.mode, key.scopes, key.organization.slug) == ("test", list(PRESETS["full"]), "demo")


def test_scopes_name_and_days_are_taken():
    make_organization(slug="demo")
    printed = run(
        "--organization", "demo", "--mode", "live", "--scopes", "read", "tasks:write", "--name", "CI", "--days", "2"
    )
    key = key_of(printed.strip())
    assert key.name == "CI"
    assert "tasks:write" in key.scopes


def test_it_says_what_is_wrong():
    with pytest.raises(CommandError, match="There is none yet"):
        run("--organization", "demo", "--mode", "live")
    make_organization(slug="demo")
    with pytest.raises(CommandError, match=r"no organization 'dmeo'. Known: demo"):
        run("--organization", "dmeo", "--mode", "live")
    with pytest.raises(CommandError, match="at least one scope"):
        run("--organization", "demo", "--mode", "live", "--scopes", "everything")
    with pytest.raises(CommandError, match="for a day at least"):
        run("--organization", "demo", "--mode", "live", "--days", "0")
