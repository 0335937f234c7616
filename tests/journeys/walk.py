"""Look at a page as a demanding visitor would: narrow and wide, light and dark, in Chinese, and at where its links lead."""

from collections import Counter
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from django.urls import Resolver404, resolve, reverse
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, ViewportSize

from tests.journeys.conftest import THEME, WAIT_MS, axe

WIDE: ViewportSize = {"width": 1440, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}
# Themes differ in colours only, sizes in what stands where: what a page is made of is judged once.
LOOKS: list[tuple[ViewportSize, str, tuple[str, ...]]] = [
    (WIDE, "light", ()),
    (NARROW, "dark", ("color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size")),
]
MOST = 3  # links of a page to one route that are followed: rows of a list are alike
READY = """() => document.documentElement.matches("[data-ready]")
    && !document.querySelector(".ws:is([data-state=loading], [data-state=changing]), .desk[data-state=loading]")
    && [...document.images].every(({ complete, loading }) => complete || loading === "lazy")"""
# Elements that reach over the right edge, unless something around them scrolls or clips.
TOO_WIDE = """() => {
    if (document.documentElement.scrollWidth <= innerWidth) return [];
    const kept = (element) => {
        for (let each = element.parentElement; each && each !== document.body; each = each.parentElement)
            if (getComputedStyle(each).overflowX !== "visible") return true;
        return false;
    };
    const reaches = (element) => element.getBoundingClientRect().right > innerWidth + 1 && !kept(element);
    const over = [...document.body.querySelectorAll("*")].filter(reaches).slice(-3);
    return [`${document.documentElement.scrollWidth} px wide`, ...over.map(({ outerHTML }) => outerHTML.slice(0, 200))];
}"""
LINKS = "() => [...document.querySelectorAll('a[href]')].map((link) => link.getAttribute('href'))"
FORMS = """() => [...document.querySelectorAll('form[action], [formaction], [hx-get], [hx-post]')].flatMap((each) =>
    ['action', 'formaction', 'hx-get', 'hx-post'].map((name) => each.getAttribute(name)).filter(Boolean))"""
ANCHOR = "(id) => document.getElementById(id) !== null"


class Walker:
    """One browser; a window in English and one in Chinese for each person. `faults` says what is wrong with a page."""

    def __init__(self, browser: Browser, site: str, people: dict[str, tuple[str, str]]) -> None:
        """`people`: {name: (e-mail, password)}; anybody else is a visitor."""
        self._browser, self._site, self._people = browser, site, people
        self._windows: dict[str, tuple[BrowserContext, BrowserContext]] = {}
        self._known: dict[tuple[str, str], int] = {}

    def close(self) -> None:
        for context in (each for pair in self._windows.values() for each in pair):
            context.close()

    def faults(self, person: str, path: str, *, may_be_missing: bool = False) -> list[str]:
        """Everything that is wrong with the page, in both languages; nothing for what answers and is no page.

        `may_be_missing`: a page that says that there is nothing here is in order, and must be sound itself.
        """
        english, chinese = self._windows_of(person)
        answer = english.request.get(path)
        if answer.status != 200 and not (may_be_missing and answer.status == 404):
            return [f"status {answer.status}"]
        if "text/html" not in answer.headers["content-type"] or "<!doctype" not in answer.text()[:200].lower():
            return []
        return self._drawn(person, english, path) + self._in_chinese(chinese, path)

    # --- Windows -------------------------------------------------------------------------------------------------
    def _windows_of(self, person: str) -> tuple[BrowserContext, BrowserContext]:
        if person not in self._windows:
            english = self._window(locale="en")
            if person in self._people:
                self._sign_in(english, *self._people[person])
            chinese = self._window(locale="zh-CN", viewport=NARROW, storage_state=english.storage_state())
            chinese.add_cookies([{"name": "language", "value": "zh-hans", "url": self._site}])
            self._windows[person] = english, chinese
        return self._windows[person]

    def _window(self, **options: Any) -> BrowserContext:
        context = self._browser.new_context(base_url=self._site, reduced_motion="reduce", **options)
        context.set_default_timeout(WAIT_MS)
        return context

    @staticmethod
    def _sign_in(context: BrowserContext, email: str, password: str) -> None:
        page = context.new_page()
        page.goto(reverse("account_login"))
        page.locator("#id_login").fill(email)
        page.locator("#id_password").fill(password)
        page.locator("#id_password").press("Enter")
        page.wait_for_url(lambda address: "/accounts/login/" not in address)
        page.close()

    # --- One page ------------------------------------------------------------------------------------------------
    def _drawn(self, person: str, context: BrowserContext, path: str) -> list[str]:
        page = context.new_page()
        found = listened(page)
        settled(page, path)
        for size, theme, rules in LOOKS:
            page.set_viewport_size(size)
            page.evaluate(THEME, theme)
            found += [f"{size['width']} px, {theme}: {fault}" for fault in axe(page, *rules)]
        found += [f"{NARROW['width']} px: {fault}" for fault in page.evaluate(TOO_WIDE)]
        found += self._dead_links(person, context, page) + lost_forms(page)
        page.close(run_before_unload=False)
        return found

    @staticmethod
    def _in_chinese(context: BrowserContext, path: str) -> list[str]:
        page = context.new_page()
        found = listened(page)
        settled(page, path)
        found += page.evaluate(TOO_WIDE)
        page.close()
        return [f"Chinese: {fault}" for fault in found]

    def _dead_links(self, person: str, context: BrowserContext, page: Page) -> list[str]:
        dead, followed = [], Counter[str]()
        for href in dict.fromkeys(page.evaluate(LINKS)):
            target, anchor = urldefrag(urljoin(page.url, href))
            if href.startswith("#"):
                dead += [] if page.evaluate(ANCHOR, anchor) else [f"no such place on the page: {href}"]
            elif target.startswith(self._site):
                route = route_of(target)
                followed[route] += 1
                if followed[route] <= MOST and (status := self._status(person, context, target)) >= 400:
                    dead.append(f"dead link ({status}): {href}")
        return dead

    def _status(self, person: str, context: BrowserContext, address: str) -> int:
        key = (person, address)
        if key not in self._known:
            self._known[key] = context.request.get(address).status
        return self._known[key]


def listened(page: Page) -> list[str]:
    """What the page complains of from now on, as it happens."""
    found: list[str] = []

    def answered(response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            found.append(f"request failed ({response.status}): {response.url}")

    def said(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):  # see `answered`
            found.append(f"console: {message.text}")

    page.on("console", said)
    page.on("pageerror", lambda error: found.append(f"{error.name}: {error.message}"))
    page.on("requestfailed", lambda request: found.append(f"request failed ({request.failure}): {request.url}"))
    page.on("response", answered)
    return found


def settled(page: Page, path: str) -> None:
    """Open the page and wait until it stands."""
    page.goto(path)
    page.wait_for_function(READY)


def route_of(address: str) -> str:
    """The address pattern that answers there; nothing if none does."""
    try:
        return resolve(urlsplit(address).path).route
    except Resolver404:
        return ""


def lost_forms(page: Page) -> list[str]:
    """Forms and fragments whose address is none of ours."""
    addresses = dict.fromkeys(page.evaluate(FORMS))
    return [f"leads nowhere: {each}" for each in addresses if not route_of(urljoin(page.url, each))]
