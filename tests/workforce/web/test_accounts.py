"""Accounts: every page of allauth that can be reached is one of ours, and signing up leads to work."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret, hotp_value, yield_hotp_counters_from_time
from allauth.urls import urlpatterns
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.template import Template
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from tests.factories import make_contributor, make_user, signed_in
from workforce.models import Contributor, User
from workforce.models.sealing import SECOND_FACTOR, seal

pytestmark = pytest.mark.django_db
OURS = str(settings.BASE_DIR / "templates")


@pytest.fixture(autouse=True)
def _no_limits() -> None:
    """Rate limits are counted in the cache: each test begins afresh."""
    cache.clear()


def names(patterns: list[Any]) -> set[str]:
    """The names of every address below some patterns."""
    found: set[str] = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found |= names(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            found.add(str(pattern.name))
    return found


# What each address answers to somebody signed out and to somebody signed in: a page of ours, or where it leads.
ADDRESSES: dict[str, list[object]] = {
    "account_login": [],
    "account_logout": [],
    "account_inactive": [],
    "account_signup": [],
    "account_reauthenticate": [],
    "account_email": [],
    "account_email_verification_sent": [],
    "account_change_password": [],
    "account_set_password": [],
    "account_reset_password": [],
    "account_reset_password_done": [],
    "account_reset_password_from_key": ["abc", "set-password"],
    "account_reset_password_from_key_done": [],
    "account_confirm_login_code": [],
    "mfa_index": [],
    "mfa_authenticate": [],
    "mfa_reauthenticate": [],
    "mfa_activate_totp": [],
    "mfa_deactivate_totp": [],
    "mfa_view_recovery_codes": [],
    "mfa_generate_recovery_codes": [],
    "mfa_download_recovery_codes": [],
    "mfa_list_webauthn": [],
    "mfa_add_webauthn": [],
    "mfa_reauthenticate_webauthn": [],
    "mfa_remove_webauthn": [1],
    "mfa_edit_webauthn": [1],
    "mfa_login_webauthn": [],
    "usersessions_list": [],
}


def drawn_by(answer: Any) -> list[Template]:
    """The page templates behind an answer, without includes and Django's own widgets."""
    return [template for template in answer.templates if template.origin and "allauth" in str(template.origin.name)]


def test_every_address_of_allauth_is_known():
    assert names(urlpatterns) == set(ADDRESSES)


@pytest.mark.parametrize("name", sorted(ADDRESSES))
@pytest.mark.parametrize("known", [False, True], ids=["signed out", "signed in"])
def test_no_page_is_drawn_by_a_template_that_is_not_ours(name, known):
    client = signed_in(make_user()) if known else Client()
    answer = client.get(reverse(name, args=ADDRESSES[name]))
    assert answer.status_code in {200, 302, 404, 405}
    assert drawn_by(answer) == []


def code_of(address: str) -> str:
    """The code in the newest mail to an address."""
    body = next(message.body for message in reversed(mail.outbox) if address in message.to)
    found = re.search(r"^\s*([A-Z0-9]{4}-[A-Z0-9]{4})\s*$", body, re.MULTILINE)
    assert found, body
    return found[1]


def test_signing_up_confirms_the_address_keeps_what_the_browser_knows_and_leads_to_the_first_step(client):
    client.cookies["theme"] = "dark"
    answer = client.post(
        reverse("account_signup"),
        {"email": "New@Example.org", "password1": "a-long-passphrase", "time_zone": "Asia/Shanghai"},
        headers={"accept-language": "zh-CN"},
    )
    assert answer.url == reverse("account_email_verification_sent")
    page = client.get(answer.url)
    assert drawn_by(page) == []
    assert b"new@example.org" in page.content
    answer = client.post(answer.url, {"code": code_of("new@example.org")})
    user = User.objects.get()
    assert (user.locale, user.time_zone, user.theme) == ("zh-hans", "Asia/Shanghai", "dark")
    assert client.get(answer.url).url == reverse("start")
    assert client.get(reverse("home")).url == reverse("start")
    assert not Contributor.objects.exists()


def test_an_unknown_time_zone_is_utc(client):
    client.post(
        reverse("account_signup"),
        {"email": "a@example.org", "password1": "a-long-passphrase", "time_zone": "Mars/Base"},
    )
    assert User.objects.get().time_zone == "UTC"


def test_a_wrong_code_confirms_nothing(client):
    client.post(reverse("account_signup"), {"email": "a@example.org", "password1": "a-long-passphrase"})
    page = client.post(reverse("account_email_verification_sent"), {"code": "WRONG1"})
    assert page.status_code == 200
    assert not User.objects.get().emailaddress_set.get().verified


def test_signing_in_goes_where_the_person_was_going_in_their_language_and_theme(client):
    make_user("a@example.org", locale="zh-hans", theme="dark")
    answer = client.post(
        reverse("account_login"), {"login": "a@example.org", "password": "password", "next": "/earnings/"}
    )
    assert answer.url == "/earnings/"
    assert client.cookies["language"].value == "zh-hans"
    assert client.cookies["theme"].value == "dark"


def test_the_second_step_asks_for_a_code(client):
    user = make_contributor(user=make_user("a@example.org")).user
    secret = generate_totp_secret()
    Authenticator.objects.create(
        user=user, type=Authenticator.Type.TOTP, data={"secret": seal(secret, of=SECOND_FACTOR)}
    )
    answer = client.post(reverse("account_login"), {"login": "a@example.org", "password": "password"})
    assert answer.url == reverse("mfa_authenticate")
    page = client.get(answer.url)
    assert drawn_by(page) == []
    assert "_auth_user_id" not in client.session
    code = next(f"{hotp_value(secret, counter):06}" for counter in yield_hotp_counters_from_time())
    assert client.post(answer.url, {"code": code}).status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_new_password_by_mail(client):
    user = make_user("a@example.org")
    client.post(reverse("account_reset_password"), {"email": "a@example.org"})
    link = re.search(r"https?://\S+/password/reset/key/\S+", mail.outbox[-1].body)
    assert link
    page = client.get(link[0].split("testserver", 1)[1], follow=True)
    assert drawn_by(page) == []
    form = {"password1": "another-passphrase", "password2": "another-passphrase"}
    assert client.post(page.redirect_chain[-1][0], form).url == "/"
    user.refresh_from_db()
    assert user.check_password("another-passphrase")
    assert "was reset" in mail.outbox[-1].body


def test_nobody_learns_whether_an_address_has_an_account(client):
    make_user("a@example.org")
    known = client.post(reverse("account_reset_password"), {"email": "a@example.org"})
    unknown = client.post(reverse("account_reset_password"), {"email": "b@example.org"})
    assert known.url == unknown.url
    answer = client.post(reverse("account_signup"), {"email": "a@example.org", "password1": "a-long-passphrase"})
    assert answer.url == reverse("account_email_verification_sent")
    assert [message.subject for message in mail.outbox[-2:]] == [
        "No account with this address",
        "You already have an account",
    ]


def test_many_failures_are_slowed_down_with_a_page_of_ours(client):
    make_user("a@example.org")
    for _ in range(6):
        page = client.post(reverse("account_login"), {"login": "a@example.org", "password": "wrong"})
    assert b"Too many" in page.content


def test_a_device_is_signed_out_and_only_ones_own():
    user = make_user()
    here, there = signed_in(user), signed_in(user)
    other = UserSession.objects.create(user=make_user(), ip="127.0.0.1", session_key="x")
    row = UserSession.objects.get(session_key=there.session.session_key)
    mine = UserSession.objects.get(session_key=here.session.session_key)
    assert here.post(reverse("session_end", args=[other.pk])).status_code == 404
    here.post(reverse("session_end", args=[mine.pk]))
    assert here.get(reverse("usersessions_list")).status_code == 200
    here.post(reverse("session_end", args=[row.pk]))
    assert there.get(reverse("usersessions_list")).status_code == 302


def test_changing_the_address_asks_who_it_is_and_then_for_the_code(client):
    make_user("a@example.org")
    client.post(reverse("account_login"), {"login": "a@example.org", "password": "password"})
    again = client.post(reverse("account_email"), {"action_add": "", "email": "b@example.org"})
    assert reverse("account_reauthenticate") in again.url
    answer = client.post(again.url, {"password": "password"})
    assert answer.url == reverse("account_email_verification_sent")
    client.post(answer.url, {"code": code_of("b@example.org")})
    user = User.objects.get()
    assert user.email == "b@example.org"
    assert any("was changed from a@example.org to b@example.org" in message.body for message in mail.outbox)
