"""Data of a project: upload a file, see what would become of it, import it, and follow it to its end."""

import json
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotation.domain import imports, uploads
from annotation.domain.intake import Added
from annotation.formats.uploads import UnreadableFileError
from annotation.models import Batch, ImportJob, ImportRow, Project
from annotation.web.console import Here, member_view
from annotation.web.project_frame import address, project_page
from workforce.domain.refusal import Refusal

PAGE = 30
SHOWN = 50
BATCHES = 50


@require_http_methods(["GET", "HEAD", "POST"])
@member_view("task.add")
def data(request: HttpRequest, here: Here, project: str) -> HttpResponse:
    """The imports so far, and the form for the next file."""
    row = _project(here)
    problem = ""
    if request.method == "POST":
        upload = request.FILES.get("file")
        if not isinstance(upload, UploadedFile):
            problem = _("Choose a file first.")
        else:
            try:
                job = uploads.receive(
                    project=row,
                    name=upload.name or "",
                    content=upload,
                    by=here.actor,
                    created_by=here.user,
                    batch=_batches(row).filter(public_id=request.POST.get("batch", "")).first(),
                )
            except Refusal as refusal:
                problem = f"{refusal.message} {refusal.remedy}"
            else:
                return redirect(address(row, f"data/{job.public_id}/"))
    rows, following = _page(request, row)
    return project_page(
        request,
        here,
        "annotation/data.html",
        tab="data",
        status=422 if problem else 200,
        problem=problem,
        rows=rows,
        following=following,
        columns=_columns(),
        fields=_fields(row),
        example=_example(row),
        batches=list(_batches(row)[:BATCHES]),
        into=request.POST.get("batch") or request.GET.get("batch", ""),
    )


def _batches(project: Project) -> QuerySet[Batch]:
    """Those that take tasks, the newest first."""
    return Batch.objects.filter(project=project).exclude(status=Batch.Status.CANCELED).order_by("-pk")


def _page(request: HttpRequest, project: Project) -> tuple[list[ImportJob], str]:
    """A page of the project's imports, newest first, and the cursor of the next."""
    jobs = ImportJob.objects.filter(project=project).select_related("created_by").order_by("-pk")
    after = jobs.filter(public_id=request.GET.get("after", "")).first()
    found = list((jobs.filter(pk__lt=after.pk) if after else jobs)[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].public_id if len(found) > PAGE else ""


def _columns() -> list[dict[str, Any]]:
    return [
        {"key": "source", "title": _("File")},
        {"key": "status", "title": _("Status")},
        {"key": "created", "title": _("Added"), "number": True},
        {"key": "existing", "title": _("Known already"), "number": True},
        {"key": "failed", "title": _("Refused"), "number": True},
        {"key": "at", "title": _("Started")},
    ]


def _fields(project: Project) -> list[str]:
    body = project.schemas.values_list("body", flat=True).get(number=project.schema_version)
    return [field["name"] for field in body["fields"]]


def _example(project: Project) -> str:
    """A line of the file as it might look."""
    return json.dumps({"payload": dict.fromkeys(_fields(project), "…"), "unique_id": "my-1"}, ensure_ascii=False)


@require_safe
@member_view("task.add")
def one(request: HttpRequest, here: Here, project: str, job: str) -> HttpResponse:
    """One import: before it is started what would become of its first rows, then how far it is; only that part for htmx."""
    found = _job(here, job)
    looked = _looked(found, here) if _is_waiting(found) else {}
    context = {"job": found, "rows": _failed(found)[:SHOWN], "waiting": _is_waiting(found), **looked}
    context |= {"project": here.project, "running": found.status == "open" and found.total_rows is not None}
    if request.headers.get("HX-Request"):
        return render(request, "annotation/_import.html", context)
    return project_page(request, here, "annotation/import.html", tab="data", **context)


def _looked(job: ImportJob, here: Here) -> dict[str, Any]:
    """The first rows of a file that waits to be imported."""
    try:
        tried = uploads.look(job=job, by=here.actor)
        with uploads.opened(job) as upload:
            unknown = upload.unknown_columns()
    except (UnreadableFileError, FileNotFoundError) as error:
        return {"problem": str(error)}
    bad = [_words(each) for each in tried if each.error]
    return {"looked_at": len(tried), "good": len(tried) - len(bad), "bad": bad[:SHOWN], "unknown": unknown}


def _words(added: Added) -> dict[str, Any]:
    """A refused row in words."""
    errors = (added.error or {}).get("errors")
    said = (
        [f"{each['pointer']} {each['detail']}".strip() for each in errors] if errors else [_("Its unique_id is taken.")]
    )
    return {"row": added.row + 1, "unique_id": added.unique_id, "errors": said}


@require_POST
@member_view("task.add")
def start(request: HttpRequest, here: Here, project: str, job: str) -> HttpResponse:
    """Import the file."""
    return _acted(request, here, job, lambda found: uploads.start(job=found, by=here.actor))


@require_POST
@member_view("task.add")
def discard(request: HttpRequest, here: Here, project: str, job: str) -> HttpResponse:
    """Do not import the file, or what is left of it."""
    return _acted(request, here, job, lambda found: uploads.discard(job=found, by=here.actor))


def _acted(request: HttpRequest, here: Here, job: str, act: Any) -> HttpResponse:
    found = _job(here, job)
    try:
        act(found)
    except Refusal as refusal:
        messages.error(request, f"{refusal.message} {refusal.remedy}")
    except (UnreadableFileError, FileNotFoundError) as error:
        messages.error(request, str(error))
    return redirect(address(_project(here), f"data/{found.public_id}/"))


@require_safe
@member_view("task.add")
def failed(request: HttpRequest, here: Here, project: str, job: str) -> HttpResponseBase:
    """The refused rows with their reasons, as JSON lines."""
    found = _job(here, job)
    headers = {"Content-Disposition": f'attachment; filename="{found.public_id}-refused.jsonl"'}
    return StreamingHttpResponse(_lines(found), content_type="application/x-ndjson", headers=headers)


def _lines(job: ImportJob) -> Iterator[bytes]:
    after = -1
    while chunk := list(_failed(job).filter(row__gt=after)[: imports.CHUNK]):
        lines = ({"row": each.row + 1, "unique_id": each.unique_id or None, **(each.error or {})} for each in chunk)
        yield "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()
        after = chunk[-1].row


def _failed(job: ImportJob) -> QuerySet[ImportRow]:
    return ImportRow.objects.filter(job=job, error__isnull=False).order_by("row")


def _is_waiting(job: ImportJob) -> bool:
    """Uploaded and not started. Jobs of the API have no file."""
    return job.status == ImportJob.Status.OPEN and job.total_rows is None and bool(job.storage_key)


def _project(here: Here) -> Project:
    assert here.project is not None  # noqa: S101  the address names one
    return here.project


def _job(here: Here, job: str) -> ImportJob:
    rows = ImportJob.objects.select_related("project__organization", "created_by")
    found = rows.filter(project=here.project, public_id=job).first()
    if found is None:
        raise Http404
    return found
