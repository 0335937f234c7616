"""Journeys: a real browser (Chromium by Playwright) against a real server in this process (uvicorn in a thread, the tests' database)."""

import asyncio
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module, reload
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from django.db import connections
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.factories import signed_in
from workforce.models import User

WAIT_MS = 30_000  # on a busy machine; nothing waits longer than it must
AXE = Path(__file__).parents[1] / "vendor" / "axe-core@4.14.1" / "axe.min.js"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
)
# axe measures contrast against what it can see, so what fades in must have arrived; text over pictures and gradients is left to people.
AXE_RUN = """async (rules) => {
    const moving = () => document.getAnimations().filter(
        ({ playState, effect }) => playState === "running" && effect.getComputedTiming().endTime !== Infinity);
    while (moving().length) await Promise.allSettled(moving().map(({ finished }) => finished));
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const found = await axe.run(document, { runOnly: rules.length ? rules : tags, resultTypes: ["violations"], preload: false });
    return found.violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(" | ").slice(0, 600)}`);
}"""
THEME = """async (theme) => {
    document.documentElement.dataset.theme = theme;
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
}"""


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    """One for all journeys of a process."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
        "true"  # Playwright keeps a loop in this thread; the rows are made in it too
    )
    expect.set_options(timeout=WAIT_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path, args=list(ARGUMENTS))
        loop = asyncio._get_running_loop()
        yield chromium
        asyncio._set_running_loop(loop)  # the last test of all may be one that was not to meet it
        chromium.close()


class Counted:
    """An ASGI application that knows how many requests it is answering."""

    def __init__(self, application: Any) -> None:
        self.application = application
        self.busy = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        counts = scope["type"] == "http"
        self.busy += counts
        try:
            await self.application(scope, receive, send)
        finally:
            self.busy -= counts

    def settle(self) -> None:
        """Wait until every request is answered: one that runs on while the tables are emptied would lock them in a circle."""
        until = time.monotonic() + WAIT_MS / 1000
        while self.busy and time.monotonic() < until:
            time.sleep(0.01)


@dataclass(frozen=True, slots=True)
class Site:
    """The product, websockets and all, at an address."""

    address: str
    application: Counted


@pytest.fixture(scope="session")
def served(django_db_setup: None) -> Iterator[Site]:
    """One server for all journeys of a process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with override_settings(
        WHITENOISE_USE_FINDERS=True,
        WHITENOISE_AUTOREFRESH=True,
        WHITENOISE_MAX_AGE=3600,
        ALLOWED_HOSTS=["localhost", "testserver"],
    ):
        for module in ("config.wsgi", "config.asgi"):  # with the settings above
            application = reload(import_module(module)).application
        counted = Counted(application)
        config = uvicorn.Config(counted, host="127.0.0.1", port=port, log_level="error", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield Site(f"http://localhost:{port}", counted)
        server.should_exit = True
        thread.join(10)
    connections["default"].close_pool()  # type: ignore[attr-defined]


@pytest.fixture
def site(served: Site) -> Iterator[str]:
    """The address of the product, for one journey: it ends with the server's last answer."""
    yield served.address
    served.application.settle()


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """`open_page(user, "/path/", **context)`: a browser of their own for each call. What the pages complain of fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "integrity" in message.text:
            complaints.append(message.text)

    def opened(user: User | None, path: str = "/", **options: Any) -> Page:
        context = browser.new_context(
            base_url=site, **{"viewport": {"width": 1440, "height": 900}, "locale": "en", **options}
        )
        context.set_default_timeout(WAIT_MS)
        contexts.append(context)
        if user is not None:
            key = signed_in(user).cookies["session"].value
            context.add_cookies([{"name": "session", "value": key, "url": site}])
        context.on("console", heard)
        context.on("weberror", lambda error: complaints.append(f"{error.error.name}: {error.error.message}"))
        page = context.new_page()
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not complaints


def stands(page: Page) -> None:
    """Wait until a task is on screen and leased: keys pressed from here on answer it, and no other."""
    expect(page.locator(".ws")).to_have_attribute("data-state", "working")
    expect(page.locator("[data-ws=lease]")).to_be_visible()


def axe(page: Page, *rules: str) -> list[str]:
    """What axe finds wrong with the page as it is now; by these of its rules, or by all."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(AXE_RUN, rules)
    return found


def sound(page: Page) -> None:
    """Nothing for axe to find, in light and in dark, once the colours have settled."""
    page.wait_for_load_state()
    page.emulate_media(reduced_motion="reduce")
    for theme in ("light", "dark", "auto"):
        page.evaluate(THEME, theme)
        assert theme == "auto" or axe(page) == [], theme
