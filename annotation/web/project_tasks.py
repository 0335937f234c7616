"""Tasks of a project: the list, and one task with its answers, its result and all that happened to it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from annotation.domain import task_changes
from annotation.domain import tasks as acts
from annotation.models import Annotation, Event, Purpose, Task
from annotation.queries import tasks
from annotation.queries.media import with_links
from annotation.queries.schemas import compiled
from annotation.web import silence_words
from annotation.web.console import Here, View, member_view
from annotation.web.estimators import method_words
from annotation.web.event_words import told
from annotation.web.project_frame import offers, project_page
from annotation.web.reasons import WAITS, disagreement_words, exit_words, fault_words
from workforce.domain.refusal import Refusal


@require_safe
@member_view("task.read")
def task_list(request: HttpRequest, here: Here, project: str) -> HttpResponse:
    """The address is the state: status, purpose, batch, q, sort, after, before."""
    assert here.project is not None  # noqa: S101  the address names one
    knows = offers(here, "task.purpose")
    wanted = tasks.Filter(
        status=request.GET.get("status", ""),
        purpose=request.GET.get("purpose", "") if knows else Purpose.WORK.value,
        batch=request.GET.get("batch", ""),
        search=request.GET.get("q", "").strip(),
        sort=request.GET.get("sort", "-created"),
    )
    page = tasks.page(
        project=here.project, wanted=wanted, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    return project_page(
        request,
        here,
        "annotation/tasks.html",
        tab="tasks",
        page=page,
        rows=[{"task": task, "excerpt": tasks.excerpt(task.payload.body)} for task in page.rows],
        columns=_columns(),
        wanted=wanted,
        narrowed=any([wanted.status, wanted.batch, wanted.search, knows and wanted.purpose]),
        statuses=Task.Status.choices,
        knows=knows,
        batches=list(here.project.batches.order_by("-id")[:50]),
    )


def _columns() -> list[dict[str, Any]]:
    return [
        {"key": "task", "title": _("Task")},
        {"key": "status", "title": _("Status")},
        {"key": "answers", "title": _("Answers"), "number": True},
        {"key": "batch", "title": _("Batch")},
        {"key": "created", "title": _("Created"), "sort": "created"},
        {"key": "completed", "title": _("Done")},
    ]


def task_view(action: str) -> Callable[[View], Callable[..., HttpResponseBase]]:
    """As `member_view`, for an address that names a task: `view(request, here, task)`. Gold is not there for those who may not know it."""

    def decorate(view: View) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def wrapped(request: HttpRequest, task: str) -> HttpResponseBase:
            row = Task.objects.select_related("project", "payload", "key", "batch").filter(public_id=task).first()
            if row is None:
                raise Http404

            def known(request: HttpRequest, here: Here, project: str) -> HttpResponseBase:
                if row.purpose != Purpose.WORK and not offers(here, "task.purpose"):
                    raise Http404
                return view(request, here, row)

            return member_view(action)(known)(request, project=row.project.public_id)

        return wrapped

    return decorate


@require_safe
@task_view("task.read")
def task_page(request: HttpRequest, here: Here, task: Task) -> HttpResponse:
    """The payload as contributors see it, every answer by pseudonym, the result, the history."""
    given = tasks.answers(task)
    results = tasks.results(task) if offers(here, "result.read") else []
    history = tasks.events(
        [task.public_id, *(each.public_id for each in given), *(each.assignment.public_id for each in given)]
    )
    schema = compiled(task.project_id, given[0].schema_version if given else task.project.schema_version)
    assert here.project is not None  # noqa: S101  the task's
    return project_page(
        request,
        here,
        "annotation/task.html",
        tab="tasks",
        task=task,
        waits=WAITS.get(task.waits_for),
        answers=[_answer(each) for each in given],
        result=_result(results[0].answers, results[0].confidence, results[0].provenance) if results else None,
        timeline=[told(event) for event in history if _shown(event)],
        setup={
            "schema": schema.document,
            "payload": with_links(schema, task.payload.body, task.organization_id),
            "answers": [_value(each) for each in given],
            "result": {name: part.get("value") for name, part in results[0].answers.items()} if results else None,
        },
        may_cancel=offers(here, "task.cancel") and task.status in acts.LIVE,
        may_explain=offers(here, "scheduler.explain"),
        may_reopen=offers(here, "task.reopen")
        and task.status == Task.Status.COMPLETED
        and task.purpose == Purpose.WORK,
        may_plant=offers(here, "gold.plant") and task.purpose == Purpose.WORK,
        tasks_address=reverse("project_tasks", args=[here.project.public_id]),
    )


def _answer(row: Annotation) -> dict[str, Any]:
    """An answer for the list beside the task."""
    return {
        "id": row.public_id,
        "pseudonym": row.pseudonym or "",  # type: ignore[attr-defined]  # annotated by the query
        "status": row.status,
        "status_name": _("Set aside") if row.redone else row.get_status_display(),
        "exit": exit_words(row.exit, row.answer.get("exit", {}).get("reason", "")) if row.exit else "",
        "round": row.assignment.round,
        "at": row.submitted_at,
        "seconds": row.active_ms / 1000 or None,
        "faults": fault_words((row.decision or {}).get("reasons", [])),
        "note": silence_words.kept(row) or (row.decision or {}).get("note", ""),
    }


def _value(row: Annotation) -> dict[str, Any]:
    return {"id": row.public_id, "value": row.answer.get("value") or row.answer.get("partial") or {}}


def _result(answers: dict[str, Any], confidence: float | None, provenance: dict[str, Any]) -> dict[str, Any]:
    """The result for the list: per question how sure, and how it came about."""
    parts = [
        {
            "question": name,
            "confidence": part.get("confidence"),
            "method": method_words(part.get("method", "")),
            "uncalibrated": part.get("confidence") is not None
            and not part.get("calibrated")
            and part.get("method") != "review",
            "n": part.get("n"),
        }
        for name, part in answers.items()
    ]
    differ = disagreement_words(provenance.get("disagreement", ""))
    return {"parts": parts, "confidence": confidence, "provenance": provenance, "differ": differ}


def _shown(event: Event) -> bool:
    return event.type not in {"task.collected", "task.more_wanted"}


@require_POST
@task_view("task.cancel")
def task_cancel(request: HttpRequest, here: Here, task: Task) -> HttpResponse:
    """No new answers; what has begun runs out and is paid."""
    try:
        acts.cancel(task_id=task.pk, by=here.actor, reason="customer")
    except Refusal as refusal:
        messages.error(request, f"{refusal.message} {refusal.remedy}")
    else:
        messages.success(request, _("The task is canceled."))
    return redirect("task", task=task.public_id)


@require_POST
@task_view("task.reopen")
def task_reopen(request: HttpRequest, here: Here, task: Task) -> HttpResponse:
    """New answers by other people; the old result stays beside the new one."""
    try:
        task_changes.reopen(task_id=task.pk, by=here.actor, reason="customer")
    except Refusal as refusal:
        messages.error(request, f"{refusal.message} {refusal.remedy}")
    else:
        messages.success(request, _("The task is open again, for people who have not had it."))
    return redirect("task", task=task.public_id)
