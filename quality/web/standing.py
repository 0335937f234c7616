"""One's own standing: a block that the contributor's home fetches."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from quality.queries.restrictions import of_person
from quality.queries.standing import standing_of
from workforce.models import Contributor


@require_safe
@login_required
def standing(request: HttpRequest) -> HttpResponse:
    """Project by project, with the interval in words."""
    contributor = get_object_or_404(Contributor, user_id=request.user.pk)
    context = {"rows": standing_of(contributor), "restricted": of_person(contributor, timezone.now())}
    return render(request, "quality/_standing.html", context)
