"""Keys: shown once, found in constant time, rotated, revoked."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from annotation.domain import customers
from annotation.models import ApiKey, Event, Organization
from tests.factories import fresh, make_organization
from workforce.domain.actor import SYSTEM

pytestmark = pytest.mark.django_db


def issued(organization: Organization | None = None, **fields: object) -> tuple[ApiKey, str]:
    values = {"mode": "live", "name": "Robot", "scopes": ["full"], "by": SYSTEM, **fields}
    return customers.issue_key(organization=organization or make_organization(), **values)


def types(key: ApiKey) -> list[str]:
    return list(Event.objects.filter(subject=key.public_id).order_by("subject_seq").values_list("type", flat=True))


def test_a_key_is_written_as_the_api_says_and_kept_as_a_hash():
    key, plain = issued(mode="test", scopes=["submit", "exports:write"])
    assert re.fullmatch(r"test_[A-Z2-7]{20}_[A-Za-z0-9]{40}", plain)
    assert plain.rpartition("_")[2] not in key.secret_sha256
    assert key.scopes == ["tasks:write", "results:read", "exports:write", "quotes:write", "events:read"]
    assert timedelta(days=364) < key.expires_at - timezone.now() <= timedelta(days=365)
    event = Event.objects.get(subject=key.public_id)
    assert (event.type, event.mode) == ("key.created", "test")
    assert plain.rpartition("_")[2] not in str(event.data)


@pytest.mark.parametrize("scopes", [[], ["no:such"], ["work:write"], ["full", "work:write"]])
def test_scopes_must_be_known(scopes):
    with pytest.raises(customers.UnknownScope):
        issued(scopes=scopes)


@pytest.mark.parametrize("days", [0, -1, 3000])
def test_a_key_ends_in_good_time(days):
    with pytest.raises(customers.BadExpiry):
        issued(expires_in=timedelta(days=days))


def test_a_key_is_found_by_its_text_alone(django_assert_num_queries):
    key, plain = issued()
    assert customers.key_of(plain) == key
    with django_assert_num_queries(1):  # used a moment ago: nothing is written
        found = customers.key_of(plain)
        assert found.organization.pk == key.organization_id
    with django_assert_num_queries(0):
        assert customers.key_of("live_nonsense") is None
    assert customers.key_of(plain[:-1] + ("a" if plain[-1] != "a" else "b")) is None
    assert customers.key_of(plain.replace("live_", "test_")) is None
    assert customers.key_of(f"live_{'A' * 20}_{'a' * 40}") is None


def test_use_is_noted_once_a_minute():
    key, plain = issued()
    assert key.last_used_at is None
    customers.key_of(plain)
    first = fresh(key).last_used_at
    customers.key_of(plain)
    assert fresh(key).last_used_at == first
    ApiKey.objects.update(last_used_at=first - timedelta(seconds=61))
    customers.key_of(plain)
    assert fresh(key).last_used_at > first - timedelta(seconds=61)


def test_dead_keys_are_nobody():
    key, plain = issued()
    ApiKey.objects.update(expires_at=timezone.now())
    assert customers.key_of(plain) is None
    key, plain = issued()
    for _ in range(2):
        customers.revoke_key(key=key, by=SYSTEM)
    assert customers.key_of(plain) is None
    assert types(key) == ["key.created", "key.revoked"]


def test_rotation_overlaps():
    old, old_plain = issued(scopes=["read"])
    new, plain = customers.rotate_key(key=old, overlap_s=3600, by=SYSTEM)
    assert customers.key_of(plain) == new
    assert customers.key_of(old_plain) == old
    assert (new.name, new.mode, new.scopes) == (old.name, old.mode, old.scopes)
    assert fresh(old).expires_at < timezone.now() + timedelta(seconds=3601)
    customers.rotate_key(key=new, overlap_s=0, by=SYSTEM)
    assert customers.key_of(plain) is None
    with pytest.raises(customers.KeyEnded):
        customers.rotate_key(key=new, overlap_s=0, by=SYSTEM)
    assert types(old) == ["key.created", "key.rotated"]
