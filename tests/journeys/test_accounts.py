"""Accounts in a real browser: from the start page to the first work, second factors, passkeys, a forgotten password."""

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

import pytest
from allauth.mfa.totp.internal.auth import hotp_value
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import Page, expect

from annotation import subscriptions
from annotation.models import Annotation
from tests.factories import (
    grant_skill,
    make_answer,
    make_contributor,
    make_project,
    make_tasks,
    make_user,
)
from tests.journeys.conftest import sound
from workforce.domain import pay
from workforce.domain.standing import notify
from workforce.models import Contributor, User

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

Open = Callable[..., Page]
PASSWORD = "a-long-passphrase"


@pytest.fixture(autouse=True)
def _no_limits() -> None:
    """Rate limits and used codes are kept in the cache: each test begins afresh."""
    cache.clear()


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).click()


def leave(page: Page, name: str, role: Literal["button", "link"] = "button") -> None:
    """Press what leads to another page, and wait until that page stands: what follows must not meet the old one, or none."""
    with page.expect_navigation():
        page.locator("main").get_by_role(role, name=name, exact=True).click()


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    leave(page, "Sign in")


def sign_out(page: Page) -> None:
    page.goto(reverse("account_logout"))
    leave(page, "Sign out")
    expect(page).to_have_url(re.compile("/$"))


def current_code(secret: str) -> str:
    """What an authenticator app shows now."""
    cache.clear()  # a code counts once; the tests sign in twice within its half minute
    return f"{hotp_value(secret, int(time.time()) // 30):06}"


def member(email: str = "ann@example.org") -> Contributor:
    return make_contributor(user=make_user(email, password=PASSWORD, name="Ann"))


def test_from_the_start_page_to_the_first_work(open_page: Open) -> None:
    make_tasks(make_project(name="Tones", description="How does it sound?"), 2)
    page = open_page(None, "/", timezone_id="Asia/Shanghai")
    sound(page)
    leave(page, "Begin to work", "link")
    sound(page)
    page.get_by_label("E-mail").fill("new@example.org")
    page.get_by_label("Password").fill("12345678")
    leave(page, "Make the account")
    expect(page.get_by_text("This password is too common.")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    leave(page, "Make the account")
    expect(page.get_by_role("heading", name="Enter the code")).to_be_visible()
    sound(page)
    page.get_by_label("Code").fill("AAAA-AAAA")
    leave(page, "Confirm")
    expect(page.get_by_text("Incorrect code.")).to_be_visible()
    code = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", mail.outbox[-1].body)
    assert code
    page.get_by_label("Code").fill(code[0])
    leave(page, "Confirm")
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
    assert User.objects.get().time_zone == "Asia/Shanghai"
    expect(page.locator("main").get_by_label("Language", exact=True).first).to_have_value("en")
    press(page, "Another language")
    page.locator("main").get_by_label("Language", exact=True).last.select_option("de")
    page.get_by_label("Country").select_option(label="Germany")
    sound(page)
    leave(page, "To your work")
    expect(page.get_by_role("heading", name="Tones")).to_be_visible()
    expect(page.get_by_text("Nothing of yours was checked yet.")).to_be_visible()
    sound(page)
    contributor = Contributor.objects.get()
    assert contributor.country == "DE"
    assert dict(contributor.languages.values_list("tag", "level")) == {"en": 5, "de": 3}
    leave(page, "Start: Tones", "link")
    expect(page).to_have_url(re.compile("/workspace/"))


def test_an_authenticator_app_and_recovery_codes(open_page: Open) -> None:
    member()
    page = open_page(None, reverse("account_login"))
    sound(page)
    sign_in(page, "ann@example.org")
    page.goto(reverse("mfa_index"))
    sound(page)
    leave(page, "Set up", "link")
    sound(page)  # is it you?
    page.get_by_label("Password").fill(PASSWORD)
    leave(page, "Confirm")
    sound(page)
    secret = page.locator(".steps code").inner_text()
    page.get_by_label("Code from the app").fill(current_code(secret))
    leave(page, "Turn on")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    sound(page)
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.path().read_text().split() == codes

    for second in (lambda: current_code(secret), lambda: codes[0]):
        sign_out(page)
        page.goto(reverse("account_login"))
        sign_in(page, "ann@example.org")
        expect(page.get_by_role("heading", name="The second step")).to_be_visible()
        sound(page)
        page.get_by_label("Code").fill(second())
        leave(page, "Sign in")
        expect(page).to_have_url(re.compile(reverse("home")))

    page.goto(reverse("mfa_index"))
    expect(page.get_by_text("9 codes are left.")).to_be_visible()
    sound(page)


def with_authenticator(page: Page) -> None:
    """A device that holds passkeys and knows its owner by fingerprint."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": device})


def test_a_passkey_signs_in_alone_and_can_be_renamed_and_removed(open_page: Open) -> None:
    member()
    page = open_page(None, reverse("account_login"))
    with_authenticator(page)
    press(page, "Sign in with a passkey")
    expect(page.get_by_text("The device did not confirm.")).to_be_visible()  # it holds none yet
    sign_in(page, "ann@example.org")
    expect(page).to_have_url(re.compile(reverse("home")))
    page.goto(reverse("mfa_add_webauthn"))
    page.get_by_label("Password").fill(PASSWORD)
    leave(page, "Confirm")
    sound(page)
    page.get_by_role("textbox", name="Name").fill("Laptop")
    page.get_by_label("Sign in with it alone, without the password").check()
    leave(page, "Add")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert "key was added" in mail.outbox[-1].body or mail.outbox[-2].body

    sign_out(page)
    page.goto(reverse("account_login"))
    press(page, "Sign in with a passkey")
    expect(page).to_have_url(re.compile(reverse("home")))

    page.goto(reverse("mfa_list_webauthn"))
    sound(page)
    leave(page, "Rename", "link")
    leave(page, "Use a security key", "link")  # is it you?
    sound(page)
    leave(page, "Use a passkey or security key")
    page.get_by_role("textbox", name="Name").fill("Old laptop")
    leave(page, "Save")
    expect(page.get_by_text("Old laptop")).to_be_visible()
    leave(page, "Remove…", "link")
    sound(page)
    leave(page, "Remove")
    expect(page.get_by_text("No keys yet")).to_be_visible()
    sound(page)


def test_a_forgotten_password(open_page: Open) -> None:
    member()
    page = open_page(None, reverse("account_login"))
    leave(page, "Forgot your password?", "link")
    sound(page)
    page.get_by_label("E-mail").fill("ann@example.org")
    leave(page, "Send the link")
    expect(page.get_by_role("heading", name="Check your mail")).to_be_visible()
    sound(page)
    link = re.search(r"http://\S+/password/reset/key/\S+", mail.outbox[-1].body)
    assert link
    page.goto(link[0])
    sound(page)
    page.get_by_label("New password", exact=True).fill("another-passphrase")
    page.get_by_label("New password, once more").fill("another-passphrase")
    leave(page, "Set the password")
    expect(page).to_have_url(re.compile(reverse("home")))
    page.goto(link[0])
    expect(page.get_by_role("heading", name="This link no longer works")).to_be_visible()
    sign_out(page)
    page.goto(reverse("account_login"))
    sign_in(page, "ann@example.org", "another-passphrase")
    expect(page).to_have_url(re.compile(reverse("home")))


def test_devices_address_and_password(open_page: Open) -> None:
    person = member()
    page, other = open_page(None, reverse("account_login")), open_page(person.user, reverse("home"))
    sign_in(page, "ann@example.org")
    expect(page).to_have_url(re.compile(reverse("home")))
    page.goto(reverse("usersessions_list"))
    sound(page)
    press(page, "Sign out everywhere else")
    page.get_by_role("button", name="Sign out the others").click()
    expect(page.get_by_text("Every other device is signed out.")).to_be_visible()
    other.goto(reverse("profile"))
    expect(other.get_by_role("heading", name="Sign in")).to_be_visible()

    page.goto(reverse("account_email"))
    sound(page)
    page.get_by_label("New address").fill("new@example.org")
    leave(page, "Send the code")
    page.get_by_label("Password").fill(PASSWORD)
    leave(page, "Confirm")
    expect(page.get_by_label("Code")).to_be_visible()
    code = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", mail.outbox[-1].body)
    assert code
    page.get_by_label("Code").fill(code[0])
    leave(page, "Confirm")
    expect(page.get_by_label("Code")).to_have_count(0)
    page.goto(reverse("account_email"))
    expect(page.get_by_text("new@example.org", exact=True)).to_be_visible()

    page.goto(reverse("account_change_password"))
    sound(page)
    page.get_by_label("Current password").fill(PASSWORD)
    page.get_by_label("New password", exact=True).fill("another-passphrase")
    page.get_by_label("New password, once more").fill("another-passphrase")
    leave(page, "Change the password")
    expect(page.get_by_text("Your password is changed.")).to_be_visible()


def busy(person: Contributor) -> None:
    """Projects, answers, earnings in every state, notices and a skill."""
    project = make_project(name="Tones", description="How does it sound?")
    tasks = make_tasks(project, 5)
    for task in tasks[:3]:
        make_answer(task, person, {"tone": "good"})
    Annotation.objects.update(active_ms=30_000)
    keys = [f"assignment:{key}" for key in person.assignments.order_by("pk").values_list("public_id", flat=True)]
    pay.credit(source_keys=keys[:1])
    pay.reverse(source_keys=keys[1:2], reason="rejected")
    make_tasks(later := make_project(name="Französisch"), 1)
    later.queues.update(requirements={"languages": [{"tag": "fr", "level": 4}]})
    grant_skill(person, "careful reading", value=80)
    about = {
        "project": project.public_id,
        "project_name": "Tones",
        "reasons": ["wrong"],
        "note": "Look again.",
        "comments": [],
    }
    both = {"questions": ["tone"], "yours": {"tone": "bad"}, "accepted": {"tone": "mixed"}}
    notify(contributor_id=person.pk, code="answer_corrected", source_key="1", params={**about, **both})
    notify(contributor_id=person.pk, code="work_returned", source_key="2", params={**about, "hours": 48})


@pytest.mark.parametrize("width", [1440, 390])
def test_the_contributors_pages_are_sound(open_page: Open, width: int) -> None:
    person = member()
    busy(person)
    page = open_page(person.user, reverse("home"), viewport={"width": width, "height": 844})
    expect(page.get_by_text("Nothing of yours was checked yet.")).to_be_visible()
    sound(page)
    for name in ("earnings", "inbox", "profile"):
        page.goto(reverse(name))
        expect(page.locator("html[data-ready]")).to_be_attached()
        sound(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


def test_the_inbox_shows_answers_in_words_and_the_bell_rings_by_itself(open_page: Open) -> None:
    person = member()
    busy(person)
    page = open_page(person.user, reverse("inbox"))
    row = page.get_by_role("row", name="What is the tone? Bad Mixed")
    expect(row).to_be_visible()
    leave(page, "Mark all as read")
    expect(page.get_by_role("link", name="Inbox: 0 unread")).to_be_visible()
    page.goto(reverse("earnings"))
    expect(page.get_by_role("link", name="Inbox: 0 unread")).to_be_visible()
    notify(contributor_id=person.pk, code="answer_rejected", source_key="3", params={"project_name": "Tones"})
    with ThreadPoolExecutor(1) as other:  # Playwright's loop runs in this thread
        other.submit(subscriptions.send, [(f"contributor.{person.public_id}", {"kind": "feedback"})]).result()
    expect(page.get_by_role("link", name="Inbox: 1 unread")).to_be_visible()
