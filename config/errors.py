"""The last resort: a page for what no view answered."""

import sys

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from config.api import Internal, Unavailable, problem

AGAIN = {"Retry-After": "2"}


def server_error(request: HttpRequest) -> HttpResponse:
    """500, with the id under which the log has the cause; JSON for programs. 503 if only the database did not answer in time."""
    if isinstance(sys.exception(), OperationalError):
        return _busy(request)
    request_id = getattr(request, "request_id", "")
    if request.path.startswith("/api/"):
        return problem(request, Internal())
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"code": "internal_error", "request_id": request_id}, status=500)
    return HttpResponse(render_to_string("500.html", {"request_id": request_id}), status=500)


def _busy(request: HttpRequest) -> HttpResponse:
    """503: no connection was free, or a statement took too long. Nothing was changed, and it may be sent again."""
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"code": Unavailable.code, "message": Unavailable.message}, status=503, headers=AGAIN)
    return HttpResponse(render_to_string("503.html"), status=503, headers=AGAIN)
