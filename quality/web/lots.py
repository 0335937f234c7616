"""How the sample of a batch stands: a block that the batch's page fetches."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from annotation.models import Batch
from annotation.web.console import Here, member_view
from quality.domain import lots
from quality.models import Lot


@require_safe
@member_view("batch.read")
def batch_lot(request: HttpRequest, here: Here, project: str, batch: str) -> HttpResponse:
    """The plan, what was looked at, and what it shows with its exact bound."""
    row = Batch.objects.filter(project=here.project, public_id=batch).first()
    if row is None:
        raise Http404
    lot = Lot.objects.filter(batch=row).select_related("project").first()
    return render(request, "quality/_lot.html", _shown(lot) if lot else {"lot": None})


def _shown(lot: Lot) -> dict[str, Any]:
    found = lots.progress(lot)
    wanted = found.size if lot.full else min(lot.n, found.size)
    return {
        "lot": lot,
        "found": found,
        "wanted": wanted,
        "done": min(found.looked, wanted),
        "bound": found.bound if lot.bound is None else lot.bound,
    }
