"""Who calls: `Authorization: Bearer KEY`, or Basic with the key as user name and no password."""

import base64
import binascii
from typing import cast

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from annotation.api.refusals import Unauthenticated
from annotation.domain.customers import key_of
from annotation.models import ApiKey


class KeyAuthentication(BaseAuthentication):
    """`request.auth` is the ApiKey. Raises Unauthenticated."""

    def authenticate(self, request: Request) -> tuple[None, ApiKey]:
        """The key of the header."""
        key = key_of(_plain(request.headers.get("Authorization", "")))
        if key is None:
            raise Unauthenticated
        return None, key


def caller_of(request: Request) -> ApiKey:
    """The key of a request that has passed."""
    return cast("ApiKey", request.auth)


def _plain(header: str) -> str:
    scheme, _, given = header.partition(" ")
    if scheme.lower() == "bearer":
        return given.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        user, _, password = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return "" if password else user


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How OpenAPI calls it."""

    target_class = KeyAuthentication
    name = "key"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """A bearer token."""
        return {"type": "http", "scheme": "bearer", "bearerFormat": "live_… or test_…"}
