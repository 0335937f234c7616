"""Calls of the API for tests."""

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

from annotation.domain.customers import issue_key
from annotation.models import Organization
from workforce.domain.actor import SYSTEM


class Caller:
    """A program with a key; answers come back as they are, `data` of JSON ones decoded."""

    def __init__(self, organization: Organization, *scopes: str, mode: str = "live") -> None:
        self.organization = organization
        key, self.plain = issue_key(
            organization=organization, mode=mode, name="test", scopes=scopes or ("full",), by=SYSTEM
        )
        self.key = key

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        data = body if isinstance(body, bytes | str) else "" if body is None else json.dumps(body)
        return Client().generic(
            method,
            f"/api/v1/{path}",
            data,
            headers.pop("content_type", "application/json"),
            headers={
                "Authorization": f"Bearer {self.plain}",
                **{_name(each): value for each, value in headers.items()},
            },
        )

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self("POST", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> HttpResponse:
        return self("PATCH", path, body, **headers)


def _name(name: str) -> str:
    return name.replace("_", "-")
