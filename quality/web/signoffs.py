"""The sign-off sheet of a batch: what its reviews have shown, on one page to be printed, and the signatures under it."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from annotation.models import Batch
from annotation.web.console import Here, add_refusal, member_view
from annotation.web.project_frame import address, offers, project_page
from quality.domain import signoffs
from quality.domain.signoffs import Sheet
from quality.models import SignOff
from quality.web import figures, tables
from quality.web.words import DECISIONS
from workforce.domain.refusal import Refusal
from workforce.templatetags.ui import percent

LENGTH = 2000


class SignForm(forms.Form):
    """The sentence of a signature."""

    words = forms.CharField(
        label=gettext_lazy("What you have looked at, and what you conclude"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LENGTH,
    )


@require_safe
@member_view("batch.read")
def signoff(request: HttpRequest, here: Here, project: str, batch: str) -> HttpResponse:
    """The sheet as it is now."""
    return _page(request, here, _batch(here, batch), SignForm())


@require_POST
@member_view("batch.sign")
def signoff_sign(request: HttpRequest, here: Here, project: str, batch: str) -> HttpResponse:
    """Sign it; a refusal stands above the form."""
    row, form = _batch(here, batch), SignForm(request.POST)
    if form.is_valid():
        try:
            signoffs.sign(batch=row, user=here.user, words=form.cleaned_data["words"], by=here.actor)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            return redirect(address(row.project, f"batches/{row.public_id}/sign-off/"))
    return _page(request, here, row, form, status=422)


@require_safe
@member_view("batch.read")
def signoff_csv(request: HttpRequest, here: Here, project: str, batch: str) -> HttpResponse:
    """One figure a line, then one line per signature; shares 0..1."""
    row = _batch(here, batch)
    return tables.csv_file("sign-off.csv", ("what", "of", "value", "low", "high"), _lines(row, signoffs.sheet(row)))


def _lines(row: Batch, sheet: Sheet) -> Iterable[Sequence[object]]:
    yield ["tasks", "", sheet.work.tasks, "", ""]
    yield ["results", "", sheet.work.completed, "", ""]
    yield ["reviewed_tasks", "", sheet.reviewed, "", ""]
    yield from (["decisions", decision, n, "", ""] for decision, n in sheet.decisions.items())
    yield ["open_reviews", "", sheet.open_reviews, "", ""]
    yield ["open_appeals", "", sheet.appeals, "", ""]
    yield ["sample_looked_at", "", sheet.looked, "", ""]
    yield ["sample_wrong", "", sheet.wrong, "", ""]
    yield ["wrong_at_most", "", round(sheet.bound, 4), "", ""]
    yield ["still_wrong_at_most", "", round(sheet.left, 4), "", ""]
    for name, share in sheet.agreement.items():
        yield ["agreement", name, round(share.mean, 4), round(share.low, 4), round(share.high, 4)]
    for each in _signed(row):
        yield ["signed", f"{each.name} {each.signed_at.isoformat()}", each.words, "", ""]


def _page(request: HttpRequest, here: Here, row: Batch, form: SignForm, status: int = 200) -> HttpResponse:
    sheet = signoffs.sheet(row)
    return project_page(
        request,
        here,
        "quality/signoff.html",
        tab="batches",
        status=status,
        batch=row,
        sheet=sheet,
        decisions=[(str(DECISIONS.get(decision, decision)), n) for decision, n in sheet.decisions.items()],
        bound=percent(sheet.bound, 1),
        left=percent(sheet.left, 1),
        agreement=_agreement(row, sheet),
        signatures=[{"row": each, "changed": each.sheet_sha256 != sheet.sha256} for each in _signed(row)],
        may_sign=offers(here, "batch.sign"),
        waits=_waits(sheet),
        form=form,
    )


def _signed(row: Batch) -> QuerySet[SignOff]:
    """The signatures, the first one first."""
    return SignOff.objects.filter(batch=row).order_by("id")


def _waits(sheet: Sheet) -> str:
    """Why it cannot be signed yet, in words; empty if it can."""
    if sheet.open_reviews:
        return _("Reviews still wait: %(n)d. Sign when they are decided.") % {"n": sheet.open_reviews}
    if sheet.work.live or not sheet.work.tasks:
        return _("The batch is not done yet. Sign when every task has ended.")
    return ""


def _agreement(row: Batch, sheet: Sheet) -> list[dict[str, Any]]:
    titles = figures.titles(figures.asked(row.project))
    return [{"title": titles.get(name, name), **figures.drawn(share)} for name, share in sheet.agreement.items()]


def _batch(here: Here, public_id: str) -> Batch:
    row = Batch.objects.filter(project=here.project, public_id=public_id).select_related("project").first()
    if row is None:
        raise Http404
    return row
