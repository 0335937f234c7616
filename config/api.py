"""The customer's API under one roof: the endpoints of both floors, and the one table refusal -> status."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework import exceptions

from annotation.api import refusals
from workforce.domain.refusal import Refusal

STATUS = {
    "invalid_request": 400,
    "bad_cursor": 400,
    "unauthenticated": 401,
    "budget_exhausted": 402,
    "scope_missing": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "wrong_state": 409,
    "task_started": 409,
    "too_late": 409,
    "too_late_to_reject": 409,
    "too_many_rejections": 409,
    "not_ready": 409,
    "wrong_row": 409,
    "name_taken": 409,
    "unique_id_taken": 409,
    "idempotency_in_progress": 409,
    "quote_expired": 409,
    "quote_mismatch": 409,
    "deadline_infeasible": 409,
    "events_expired": 410,
    "version_mismatch": 412,
    "payload_too_large": 413,
    "unsupported_media_type": 415,
    "validation_failed": 422,
    "schema_invalid": 422,
    "unknown_preset": 422,
    "reason_missing": 422,
    "idempotency_key_reused": 422,
    "url_refused": 422,
    "precondition_required": 428,
    "quota_exceeded": 429,
    "internal": 500,
    "unavailable": 503,
}
RETRY_AFTER_S = {"idempotency_in_progress": 1, "unavailable": 2}


class MethodNotAllowed(Refusal):
    """The address is right, the method is not."""

    code = "method_not_allowed"
    message = _("This address has no such method.")


class UnsupportedMediaType(Refusal):
    """The body is in a form that this address does not read."""

    code = "unsupported_media_type"
    message = _("The body is in a form that this address does not read.")
    remedy = _("Send application/json, unless the documentation says otherwise.")


class Invalid(Refusal):
    """Members of the body are missing or of the wrong kind."""

    code = "validation_failed"
    message = _("The body does not fit what this address takes.")
    remedy = _("Look at the marked places.")


class Unavailable(Refusal):
    """The database does not answer in time."""

    code = "unavailable"
    message = _("The server is busy.")
    remedy = _("Send it again in a moment.")


class Internal(Refusal):
    """A fault of ours."""

    code = "internal"
    message = _("Something broke on our side.")
    remedy = _("Send it again; if it stays, tell us the request_id.")


def exception_handler(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """Every refusal as problem+json; what nobody has foreseen goes to `server_error`."""
    refusal = as_refusal(error)
    return problem(context["request"]._request, refusal) if refusal else None  # noqa: SLF001  one answer for DRF and Django


def as_refusal(error: Exception) -> Refusal | None:
    """The refusal that an exception stands for."""
    if isinstance(error, Refusal):
        return error
    for kind, make in FOREIGN:
        if isinstance(error, kind):
            found: Refusal = make(error)
            return found
    return None


def _invalid(error: Any) -> Refusal:
    return Invalid(errors=list(_flat(error.detail, "")))


def _flat(detail: Any, pointer: str) -> Iterator[dict[str, str]]:
    """What serializers found, with JSON Pointers."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _flat(inner, pointer if name == "non_field_errors" else f"{pointer}/{name}")
    elif isinstance(detail, list):
        for place, inner in enumerate(detail):
            yield from _flat(inner, f"{pointer}/{place}" if isinstance(inner, dict | list) else pointer)
    else:
        yield {"pointer": pointer, "code": getattr(detail, "code", "invalid"), "detail": str(detail)}


FOREIGN: tuple[tuple[type[Exception], Any], ...] = (
    (exceptions.ValidationError, _invalid),
    (exceptions.ParseError, lambda _: refusals.InvalidRequest(parameter="body")),
    (exceptions.MethodNotAllowed, lambda _: MethodNotAllowed()),
    (exceptions.UnsupportedMediaType, lambda _: UnsupportedMediaType()),
    (exceptions.NotFound, lambda _: refusals.NotFound()),
    (Http404, lambda _: refusals.NotFound()),
    (RequestDataTooBig, lambda _: refusals.PayloadTooLarge(limit=settings.DATA_UPLOAD_MAX_MEMORY_SIZE)),
    (OperationalError, lambda _: Unavailable()),
)


def problem(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """RFC 9457."""
    params = dict(refusal.params)
    found = params.pop("problems", None)
    errors = params.pop("errors", None) if found is None else list(map(_error, found))
    body = {
        "type": f"{settings.BASE_URL}/problems/{refusal.code}",
        "title": str(refusal.message),
        "status": STATUS.get(refusal.code, 409),
        "detail": f"{refusal.message} {refusal.remedy}".strip(),
        "instance": request.path,
        "code": refusal.code,
        "request_id": getattr(request, "request_id", ""),
        "errors": errors or [],
        **params,
    }
    headers = {"Retry-After": str(RETRY_AFTER_S[refusal.code])} if refusal.code in RETRY_AFTER_S else {}
    if refusal.code == "unauthenticated":
        headers["WWW-Authenticate"] = 'Bearer realm="manyhands"'
    if "etag" in params:
        headers["ETag"] = params["etag"]
    return JsonResponse(body, status=body["status"], content_type="application/problem+json", headers=headers)


def _error(found: Any) -> dict[str, str]:
    return {"pointer": found.path, "code": found.code, "detail": found.message}


@csrf_exempt
def not_found(request: HttpRequest) -> HttpResponse:
    """No such address."""
    return problem(request, refusals.NotFound())


urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("annotation.api.urls")),
    path("", include("quality.api.urls")),
    path("openapi.json", SpectacularJSONAPIView.as_view(), name="openapi"),
    re_path("", not_found),
]
