"""The keys page: shown once, replaced, revoked."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from annotation.domain import customers
from annotation.models import ApiKey, Role
from tests.factories import make_member, make_organization, signed_in
from workforce.domain.actor import SYSTEM

pytestmark = pytest.mark.django_db
PLAIN = re.compile(r"(?:live|test)_[A-Z2-7]{20}_[A-Za-z0-9]{40}")


@pytest.fixture
def organization():
    return make_organization()


@pytest.fixture
def client(organization):
    return signed_in(make_member(organization, Role.ADMIN).user)


def test_a_new_key_is_shown_once_with_a_first_request(client, organization):
    form = {"name": "Robot", "mode": "live", "preset": "submit", "days": "30"}
    answer = client.post("/keys/new/", form)
    (plain,) = set(PLAIN.findall(answer.content.decode()))
    key = customers.key_of(plain)
    assert (key.organization, key.name, key.mode) == (organization, "Robot", "live")
    assert key.expires_at - timezone.now() <= timedelta(days=30)
    assert f"Authorization: Bearer {plain}" in answer.content.decode().replace("&quot;", '"')
    assert "no-store" in answer.headers["Cache-Control"]
    assert not PLAIN.search(client.get("/keys/").content.decode())


def test_scopes_one_by_one(client):
    form = {"name": "Robot", "mode": "test", "preset": "custom", "days": "30"}
    answer = client.post("/keys/new/", form)
    assert answer.status_code == 422
    assert "Choose at least one scope" in answer.content.decode()
    client.post("/keys/new/", {**form, "scopes": ["tasks:read", "events:read"]})
    assert ApiKey.objects.get().scopes == ["tasks:read", "events:read"]
    assert "2 scopes" in client.get("/keys/").content.decode()


def test_a_key_is_replaced_and_revoked(client, organization):
    key, plain = customers.issue_key(organization=organization, mode="test", name="Robot", scopes=["read"], by=SYSTEM)
    assert "Replace Robot" in client.get(reverse("key_rotate", args=[key.public_id])).content.decode()
    answer = client.post(reverse("key_rotate", args=[key.public_id]), {"overlap_s": "0"})
    (successor,) = set(PLAIN.findall(answer.content.decode()))
    assert customers.key_of(plain) is None
    again = client.post(reverse("key_rotate", args=[key.public_id]), {"overlap_s": "0"}, follow=True)
    assert "has been revoked or has expired" in again.content.decode()
    answer = client.post(reverse("key_revoke", args=[customers.key_of(successor).public_id]), follow=True)
    assert "is revoked" in answer.content.decode()
    assert customers.key_of(successor) is None
    assert "Robot" in client.get("/keys/?show=all").content.decode().partition("<tbody>")[2]
    assert "No keys yet" in client.get("/keys/").content.decode()


def test_foreign_keys_are_not_there(client):
    key, _ = customers.issue_key(organization=make_organization(), mode="test", name="K", scopes=["read"], by=SYSTEM)
    assert client.post(reverse("key_revoke", args=[key.public_id])).status_code == 404
    assert client.post(reverse("key_rotate", args=[key.public_id])).status_code == 404
