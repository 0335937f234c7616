"""Secrets at rest: sealed with a key that comes from the installation's own, so that a copy of the database opens nothing by itself."""

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

SECOND_FACTOR = "second factor"


def seal(text: str, *, of: str) -> str:
    """What is stored of a secret. of: what kind of secret it is; each kind has a key of its own."""
    return _box(of).encrypt(text.encode()).decode()


def unseal(sealed: str, *, of: str) -> str:
    """The secret. Raises InvalidToken where neither the key of the installation nor one before it has sealed it."""
    return _box(of).decrypt(sealed.encode()).decode()


def _box(of: str) -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"{of}:{key}".encode()).digest())) for key in keys]
    )
