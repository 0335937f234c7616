"""What the views of the API share: the key and its right, the objects it may see, repeated requests, versions."""

import hashlib
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ClassVar, TypeVar

from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from annotation.api.auth import KeyAuthentication, caller_of
from annotation.api.refusals import (
    InvalidRequest,
    NotFound,
    PayloadTooLarge,
    PreconditionRequired,
    ScopeMissing,
    StaleVersion,
)
from annotation.domain import idempotency
from annotation.models import ApiKey, Organization, Project
from annotation.permissions import SCOPES, key_may
from workforce.domain.actor import Actor

Row = TypeVar("Row", bound=Model)
KEPT_HEADERS = ("Location", "ETag")
MOVING = {"accuracy", "forecast", "held_minor", "waits_for"}  # members that no change is meant for


class KeyView(APIView):
    """`rights`: the action that each method needs. A key without a scope for it is refused before anything is looked up."""

    authentication_classes = (KeyAuthentication,)
    rights: ClassVar[Mapping[str, str]]
    request: Request

    @property
    def key(self) -> ApiKey:
        """Who calls."""
        return caller_of(self.request)

    @property
    def organization(self) -> Organization:
        """For whom."""
        return self.key.organization

    @property
    def actor(self) -> Actor:
        """Who the acts are done by."""
        return Actor("key", self.key.public_id)

    def check_permissions(self, request: Request) -> None:
        """Raises ScopeMissing."""
        action = self.rights.get(request.method or "")
        if action is not None and not key_may(caller_of(request), action):
            raise ScopeMissing(scope=scope_of(action))

    def mine(self, rows: QuerySet[Row], mode: str = "mode") -> QuerySet[Row]:
        """Those of the key's organization and mode; `mode`: the way to the mode from the row."""
        return rows.filter(organization=self.key.organization_id, **{mode: self.key.mode})

    def one(self, rows: QuerySet[Row], public_id: str) -> Row:
        """The row of this id. Raises NotFound."""
        row = rows.filter(public_id=public_id).first()
        if row is None:
            raise NotFound
        return row

    def project(self, public_id: str) -> Project:
        """The project of the address. Raises NotFound."""
        return self.one(self.mine(Project.objects.select_related("organization")), public_id)

    def given(self, serializer: type[BaseSerializer[Any]]) -> dict[str, Any]:
        """The checked body, without members that are null. Raises ValidationError, InvalidRequest."""
        checked = serializer(data=body_of(self.request))
        checked.is_valid(raise_exception=True)
        return {name: value for name, value in checked.validated_data.items() if value is not None}


def scope_of(action: str) -> str:
    """A scope that grants the action."""
    return next(scope for scope, actions in SCOPES.items() if action in actions)


def body_of(request: Request) -> dict[str, Any]:
    """The body as an object; none is an empty one. Raises InvalidRequest."""
    body = request.data if request.body else {}
    if not isinstance(body, dict):
        raise InvalidRequest(parameter="body")
    return body


Handler = Callable[..., Any]


def idempotent(handler: Handler) -> Handler:
    """A POST that may be repeated with the same `Idempotency-Key`: one effect, and the first answer again."""

    @wraps(handler)
    def wrapped(view: KeyView, request: Request, **kwargs: Any) -> Any:
        name = request.headers.get("Idempotency-Key")
        if name is None:
            return handler(view, request, **kwargs)
        if not 0 < len(name) <= idempotency.LONGEST or "\x00" in name:
            raise InvalidRequest(parameter="Idempotency-Key")
        with transaction.atomic():
            fingerprint = _fingerprint(request)
            kept = idempotency.recall(key=view.key, name=name, fingerprint=fingerprint)
            if kept:
                headers = {**kept.headers, "Idempotent-Replayed": "true"}
                return HttpResponse(kept.body, status=kept.status, content_type="application/json", headers=headers)
            answer: Response = handler(view, request, **kwargs)
            idempotency.keep(
                key=view.key,
                name=name,
                fingerprint=fingerprint,
                status=answer.status_code,
                body=rendered(answer.data),
                headers={header: answer[header] for header in KEPT_HEADERS if header in answer},
            )
        return answer

    return wrapped


def _fingerprint(request: Request) -> str:
    try:
        body = hashlib.sha256(request.body).hexdigest()
    except RequestDataTooBig as error:
        raise PayloadTooLarge from error
    return hashlib.sha256(f"{request.method} {request.path} {body}".encode()).hexdigest()


def rendered(data: Any) -> str:
    """As the answer is sent."""
    return JSONRenderer().render(data).decode()


def etag_of(data: Mapping[str, Any]) -> str:
    """`"<version>"` of what has one, else a digest of the representation without what moves by itself."""
    version = data.get("version")
    still = {name: value for name, value in data.items() if name not in MOVING}
    return f'"{version or hashlib.sha256(rendered(still).encode()).hexdigest()[:20]}"'


def tagged(request: Request, data: Mapping[str, Any], status: int = 200, location: str = "") -> Response:
    """One resource with its ETag; 304 if the caller has it already."""
    etag = etag_of(data)
    headers = {"ETag": etag, **({"Location": location} if location else {})}
    known = request.method == "GET" and request.headers.get("If-None-Match") == etag
    if known and not MOVING & data.keys():
        return Response(status=304, headers=headers)
    return Response(data, status=status, headers=headers)


def match(request: Request, data: Mapping[str, Any]) -> None:
    """The change is meant for what stands. Raises PreconditionRequired, StaleVersion."""
    given, etag = request.headers.get("If-Match"), etag_of(data)
    if given is None:
        raise PreconditionRequired
    if given not in {"*", etag}:
        raise StaleVersion(etag=etag)
