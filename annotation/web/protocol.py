"""What the workspace and the review desk share: who is calling, JSON in and out, and the one table refusal -> status."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workforce.domain.refusal import Refusal
from workforce.queries import SignedIn, signed_in

STATUS = {
    "lease_lost": 409,
    "offer_lapsed": 409,
    "already_submitted": 409,
    "already_used": 409,
    "already_decided": 409,
    "stale_schema": 409,
    "open_work": 409,
    "not_together": 409,
    "guideline_unread": 409,
    "wrong_state": 409,
    "too_late_to_reject": 409,
    "draft_conflict": 412,
    "validation_failed": 422,
    "reason_missing": 422,
    "nothing_chosen": 422,
    "nothing_differs": 422,
    "invalid_request": 400,
    "nothing_to_label": 200,
}
NO_WORK = "nothing_to_label"


class BadRequest(Refusal):
    """The request is not what this address expects."""

    code = "invalid_request"
    message = gettext_lazy("The request could not be read.")
    remedy = gettext_lazy("Reload the page.")


def refused(refusal: Refusal, status: int | None = None) -> JsonResponse:
    """A refusal as the page expects it: code, words, remedy and the refusal's own members."""
    body = {"code": refusal.code, "message": str(refusal.message), "remedy": str(refusal.remedy), **_params(refusal)}
    return JsonResponse(body, status=status or STATUS.get(refusal.code, 403))


def _params(refusal: Refusal) -> dict[str, Any]:
    problems = refusal.params.get("problems")
    if problems is None:
        return refusal.params
    return {
        "problems": [{"path": problem.path, "code": problem.code, "message": problem.message} for problem in problems]
    }


View = Callable[Concatenate[HttpRequest, SignedIn, ...], HttpResponse]


def contributor_view(view: View) -> Callable[..., HttpResponse]:
    """A view of the hot path: one statement says who calls; refusals become JSON; anonymous callers get 401.

    Cookie and CSRF are checked by the middleware as everywhere; only the user's row is not loaded again. A page names in `X-Contributor`
    whose work it holds: it is never sent in another person's name.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        who = signed_in(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
        if who is None:
            return JsonResponse(
                {"code": "sign_in", "message": _("Please sign in again."), "remedy": _("Your work is kept.")},
                status=401,
            )
        if request.headers.get("X-Contributor") not in (None, "", who.contributor):
            return JsonResponse(
                {
                    "code": "other_person",
                    "message": _("Somebody else is signed in now."),
                    "remedy": _("Reload the page."),
                },
                status=401,
            )
        if who.contributor_id is None:
            return JsonResponse(
                {"code": "no_contributor", "message": _("This account is not set up for work yet."), "remedy": ""},
                status=403,
            )
        try:
            return view(request, who, *args, **kwargs)
        except Refusal as refusal:
            return refused(refusal)
        except OperationalError:
            body = {
                "code": "unavailable",
                "message": _("The server is busy."),
                "remedy": _("Your work is kept and sent again."),
            }
            return JsonResponse(body, status=503, headers={"Retry-After": "2"})

    return wrapped


def read_json(request: HttpRequest) -> dict[str, Any]:
    """The body as an object. Raises BadRequest."""
    try:
        body = json.loads(request.body or b"{}")
    except (ValueError, RequestDataTooBig) as error:
        raise BadRequest from error
    if not isinstance(body, dict):
        raise BadRequest
    return body


def whole_number(body: dict[str, Any], name: str, default: int | None = None) -> int:
    """An integer member. Raises BadRequest."""
    value = body.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not -(2**53) < value < 2**53:
        raise BadRequest(member=name)
    return value
