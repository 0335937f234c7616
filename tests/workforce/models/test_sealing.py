"""Secrets at rest."""

from importlib import import_module

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.fernet import InvalidToken
from django.apps import apps

from tests.factories import make_user
from workforce.models.sealing import seal, unseal

migration = import_module("workforce.migrations.0005_sealed_factors")


def test_what_is_stored_is_not_the_secret_and_leads_to_it():
    sealed = seal("a secret", of="webhook")
    assert "secret" not in sealed
    assert unseal(sealed, of="webhook") == "a secret"


def test_each_kind_has_a_key_of_its_own():
    with pytest.raises(InvalidToken):
        unseal(seal("a secret", of="webhook"), of="second factor")


def test_a_new_key_opens_what_the_old_one_has_sealed(settings):
    sealed = seal("a secret", of="webhook")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"
    assert unseal(sealed, of="webhook") == "a secret"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(InvalidToken):
        unseal(sealed, of="webhook")


@pytest.mark.django_db
def test_second_factors_are_sealed():
    user, secret = make_user(), generate_totp_secret()
    TOTP.activate(user, secret)
    codes = RecoveryCodes.activate(user).get_unused_codes()
    app, recovery = Authenticator.objects.order_by("type").values_list("data", flat=True)[::-1]
    assert secret not in str(app)
    assert unseal(app["secret"], of="second factor") == secret
    assert not any(code in str(recovery) for code in codes)
    assert RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes() == codes


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("totp", {"secret": "JBSWY3DPEHPK3PXP"}),
        ("recovery_codes", {"seed": "f00", "used_mask": 3}),
        ("recovery_codes", {"migrated_codes": ["12345678", "23456789"]}),
    ],
)
def test_those_that_were_there_are_sealed_and_can_be_opened_again(kind, data):
    row = Authenticator.objects.create(user=make_user(), type=kind, data=data)
    migration.sealed(apps, None)
    row.refresh_from_db()
    assert row.data.keys() == data.keys()
    assert not any(str(value) in str(row.data) for value in data.values() if value != 3)
    migration.unsealed(apps, None)
    row.refresh_from_db()
    assert row.data == data
