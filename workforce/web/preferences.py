"""The switches in the top bar: language and theme, with or without an account, with or without scripts."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from workforce.domain.actor import Actor
from workforce.domain.preferences import UnknownPreference, known, prefer
from workforce.models import User

FIELDS = {"language": "locale", "theme": "theme", "time_zone": "time_zone"}
COOKIES = {"locale": settings.LANGUAGE_COOKIE_NAME, "theme": "theme"}
YEAR_S = 365 * 24 * 3600


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep what was chosen in a cookie and with the person, and go back; 204 for a script."""
    chosen = {field: request.POST[name] for name, field in FIELDS.items() if request.POST.get(name)}
    try:
        if isinstance(request.user, User):
            prefer(user=request.user, preferences=chosen, by=Actor("member", request.user.public_id))
        else:
            known(chosen)
    except UnknownPreference as refusal:
        return HttpResponseBadRequest(str(refusal.message))
    silent = request.headers.get("X-Requested-With") == "fetch"
    response: HttpResponse = HttpResponse(status=204) if silent else HttpResponseRedirect(_back(request))
    remember(response, chosen)
    return response


def remember(response: HttpResponse, chosen: dict[str, str]) -> None:
    """Put `locale` and `theme` into the cookies that pages are drawn by."""
    for field, cookie in COOKIES.items():
        if field in chosen:
            response.set_cookie(cookie, chosen[field], max_age=YEAR_S, samesite="Lax", secure=settings.SECURE)


def _back(request: HttpRequest) -> str:
    """The page that was left, if it is one of ours."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else "/"
