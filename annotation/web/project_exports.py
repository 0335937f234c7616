"""Results of a project as files: JSON lines or CSV, streamed while they are read."""

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from annotation.models import Batch, Project, Result
from annotation.queries import exports
from annotation.web.console import Here, member_view
from annotation.web.project_frame import project_page

WRITERS = {"jsonl": (exports.jsonl, "application/x-ndjson"), "csv": (exports.csv, "text/csv; charset=utf-8")}


class ExportForm(forms.Form):
    """What to export."""

    format = forms.ChoiceField(
        label=_("Format"),
        choices=[("jsonl", _("JSON lines: everything, one object per result")), ("csv", _("CSV: for spreadsheets"))],
        widget=forms.RadioSelect,
        initial="jsonl",
    )
    batch = forms.ModelChoiceField(
        label=_("Batch"), queryset=Batch.objects.none(), to_field_name="public_id", required=False, empty_label=_("All")
    )
    since = forms.DateTimeField(
        label=_("Done since"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    until = forms.DateTimeField(
        label=_("Done before"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    payload = forms.BooleanField(label=_("With the data of the tasks"), required=False, initial=True)
    annotations = forms.BooleanField(
        label=_("With every single answer"), help_text=_("In JSON lines only."), required=False
    )

    def __init__(self, project: Project, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.fields["batch"].queryset = project.batches.order_by("name")  # type: ignore[attr-defined]


@require_safe
@member_view("export.request")
def exports_page(request: HttpRequest, here: Here, project: str) -> HttpResponse:
    """Choose and download."""
    assert here.project is not None  # noqa: S101  the address names one
    form = ExportForm(here.project)
    known = Result.objects.filter(project=here.project).exists()
    return project_page(request, here, "annotation/exports.html", tab="exports", form=form, known=known)


@require_safe
@member_view("export.request")
def download(request: HttpRequest, here: Here, project: str) -> HttpResponseBase:
    """The file."""
    assert here.project is not None  # noqa: S101  the address names one
    form = ExportForm(here.project, request.GET)
    if not form.is_valid():
        return project_page(request, here, "annotation/exports.html", tab="exports", form=form, known=True, status=422)
    chosen = form.cleaned_data
    write, mime = WRITERS[chosen["format"]]
    include = frozenset(name for name in (exports.PAYLOAD, exports.ANNOTATIONS) if chosen[name])
    wanted = exports.Wanted(
        project=here.project,
        include=include,
        batch=chosen["batch"].pk if chosen["batch"] else None,
        since=chosen["since"],
        until=chosen["until"],
    )
    name = f"{slugify(here.project.name) or here.project.public_id}.{chosen['format']}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(write(wanted), content_type=mime, headers=headers)
