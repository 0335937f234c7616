"""Fixtures that many tests share."""

import asyncio
import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation
from psycopg import sql
from pytest_django import DjangoDbBlocker

from annotation.domain import events, hints
from deploy.embedded.trials import BROWSERS

# A busy machine is no failure. A machine that only checks tries the same examples each time; people find new ones.
hypothesis.settings.register_profile("house", deadline=None, derandomize=os.environ.get("CI") == "true")
hypothesis.settings.load_profile("house")


def pytest_configure() -> None:
    """Collected static files are looked for in a directory, even if there are none."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first: no process waits for another at the end."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Playwright leaves its loop marked as running in this thread: a test without a browser must not meet it.

    From its first fixture to its last, since connections to the database are kept by the loop. Where this test is the last
    of all, the browser is closed within it: `browser` puts the loop back for that, and none runs afterwards.
    """
    loop = asyncio._get_running_loop()
    if loop is None or "browser" in getattr(item, "fixturenames", ()):
        return (yield)
    asyncio._set_running_loop(None)
    try:
        return (yield)
    finally:
        asyncio._set_running_loop(loop if loop.is_running() else None)


CUT_OFF = """
SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity
 WHERE datname = %s AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """At the end whoever still speaks with the database is cut off and nobody gets in: else it could not be dropped.

    A server's thread may still hold a session, and its pool would open another in place of a lost one.
    """
    yield
    name = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]
        with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(sql.Identifier(name)))
            cursor.execute(CUT_OFF, [name])


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests call by themselves what a wake-up would lead to; nothing is put on a broker behind their backs."""
    monkeypatch.setattr(events, "_wake", None)
    monkeypatch.setattr(hints, "_sender", None)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """A request leaves its reader's language behind in the thread: no test speaks the one before's."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The system's Chromium. Where there is none, a journey is skipped, and with CI=true it fails."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        words = "This journey needs Chromium. On Debian: apt-get install -y chromium fonts-noto-cjk"
        pytest.fail(words) if os.environ.get("CI") == "true" else pytest.skip(words)
    return found
