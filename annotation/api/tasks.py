"""Tasks, one at a time, and lists of them."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from annotation.api.base import KeyView, body_of, idempotent, match, tagged
from annotation.api.docs import ProblemError, operation
from annotation.api.pages import moment, page
from annotation.api.refusals import InvalidRequest
from annotation.api.shapes import TASK_STATUSES, TaskShape
from annotation.domain import intake, task_changes
from annotation.domain.inputs import MOST_TAGS, TAG_LENGTH, UNIQUE_ID_LENGTH
from annotation.models import Purpose, ServiceClass, Task

MOST_TRIED = 100
FILTERS = [
    OpenApiParameter("status", OpenApiTypes.STR, enum=list(TASK_STATUSES), many=True),
    OpenApiParameter("batch", OpenApiTypes.STR, many=True),
    OpenApiParameter("unique_id", OpenApiTypes.STR, many=True),
    OpenApiParameter("tags", OpenApiTypes.STR, many=True),
    *(
        OpenApiParameter(f"{what}_{when}", OpenApiTypes.DATETIME)
        for what in ("created", "completed")
        for when in ("after", "before")
    ),
]
INSIDE = {"in_progress": (Task.Status.COLLECTING, Task.Status.DECIDING)}


class TaskInput(serializers.Serializer[Any]):
    """A task as it is sent. Deadline, priority and seats default to those of its batch and project."""

    payload = serializers.DictField(help_text="field: value")
    unique_id = serializers.CharField(required=False, max_length=UNIQUE_ID_LENGTH)
    batch = serializers.CharField(required=False)
    priority = serializers.IntegerField(required=False, min_value=0, max_value=100)
    service_class = serializers.ChoiceField(ServiceClass.values, required=False)
    deadline = serializers.DateTimeField(required=False)
    quality = serializers.DictField(required=False, help_text="overlap {min, max}")
    requirements = serializers.DictField(
        required=False, help_text="skills [{skill, value}], languages [{tag, level}], sensitive"
    )
    tags = serializers.ListField(child=serializers.CharField(max_length=TAG_LENGTH), required=False, max_length=20)
    metadata = serializers.DictField(required=False)


class TaskChanges(serializers.Serializer[Any]):
    """What of a task may be changed; `unique_id: null` frees it, `deadline: null` takes it away."""

    priority = serializers.IntegerField(required=False, min_value=0, max_value=100)
    deadline = serializers.DateTimeField(required=False, allow_null=True)
    tags = serializers.ListField(
        child=serializers.CharField(max_length=TAG_LENGTH), required=False, max_length=MOST_TAGS
    )
    metadata = serializers.DictField(required=False)
    unique_id = serializers.CharField(required=False, allow_null=True, max_length=UNIQUE_ID_LENGTH)


class CancelInput(serializers.Serializer[Any]):
    """How to cancel."""

    started = serializers.ChoiceField(["pay", "refuse"], default="pay", help_text="What of work that was begun.")
    free_unique_id = serializers.BooleanField(default=False)
    reason = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=500)


class ReopenInput(serializers.Serializer[Any]):
    """Why a result is withdrawn."""

    reason = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=500)


class RowVerdict(serializers.Serializer[Any]):
    """What would become of a row."""

    ok = serializers.BooleanField()
    errors = ProblemError(many=True)  # type: ignore[assignment]  # not Serializer.errors


class Verdicts(serializers.Serializer[Any]):
    """One per row, in their order."""

    rows = RowVerdict(many=True)


def tasks_of(view: KeyView) -> QuerySet[Task]:
    """The tasks that a key may see. Those with known answers are seen as gold only."""
    rows = Task.objects.select_related("project", "batch", "queue", "payload", "key").filter(purpose=Purpose.WORK)
    return view.mine(rows, "project__mode")


def filtered(request: Request, rows: QuerySet[Task]) -> QuerySet[Task]:
    """Only those that the query string asks for. Raises InvalidRequest."""
    query = request.query_params
    for name, look_up in LOOK_UPS.items():
        if values := query.getlist(name):
            rows = rows.filter(look_up(values))
    for name, value in query.items():
        if name.startswith("metadata."):
            rows = rows.filter(payload__metadata__contains={name.removeprefix("metadata."): value})
    for name, field in TIMES.items():
        if at := moment(request, name):
            rows = rows.filter(**{field: at})
    return rows


TIMES = {
    f"{what}_{when}": f"{what}_at__{test}"
    for what in ("created", "completed")
    for when, test in (("after", "gte"), ("before", "lt"))
}


def _status(values: list[str]) -> Q:
    if not set(values) <= set(TASK_STATUSES):
        raise InvalidRequest(parameter="status")
    return Task.of_status(*(inside for value in values for inside in INSIDE.get(value, (value,))))


def _tags(values: list[str]) -> Q:
    return Q(payload__tags__overlap=values)


LOOK_UPS: dict[str, Callable[[list[str]], Q]] = {
    "status": _status,
    "batch": lambda values: Q(batch__public_id__in=values),
    "unique_id": lambda values: Q(key__unique_id__in=values),
    "tags": _tags,
}


class AllTasksView(KeyView):
    """Tasks of all projects."""

    rights = {"GET": "task.read"}

    @operation("listAllTasks", "Tasks of all projects", answers=TaskShape, listed=True, query=FILTERS)
    def get(self, request: Request) -> Response:
        """List."""
        return page(request, filtered(request, tasks_of(self)), TaskShape)


class TasksView(KeyView):
    """The tasks of a project."""

    rights = {"GET": "task.read", "POST": "task.add"}

    @operation("listTasks", "Tasks of a project", answers=TaskShape, listed=True, query=FILTERS)
    def get(self, request: Request, project: str) -> Response:
        """List."""
        rows = tasks_of(self).filter(project=self.project(project))
        return page(request, filtered(request, rows), TaskShape)

    @operation("createTask", "Add a task", takes=TaskInput, answers=TaskShape, status=201, kept=True)
    @idempotent
    def post(self, request: Request, project: str) -> Response:
        """Create. 200 with the task that is there if the same input was sent before under its unique_id."""
        added = intake.add_one(project=self.project(project), given=body_of(request), by=self.actor)
        data = TaskShape(self.one(tasks_of(self), added.task)).data
        if added.status == "created":
            return tagged(request, data, 201, reverse("api_task", args=[added.task]))
        answer = tagged(request, data)
        answer["Idempotent-Replayed"] = "true"
        return answer


class ValidateTasksView(KeyView):
    """Try tasks."""

    rights = {"POST": "task.read"}

    @operation("validateTasks", "What would become of up to 100 tasks", takes=TaskInput(many=True), answers=Verdicts)
    def post(self, request: Request, project: str) -> Response:
        """Check; nothing is stored."""
        given = request.data
        if not isinstance(given, list) or len(given) > MOST_TRIED:
            raise InvalidRequest(parameter="body")
        tried = intake.try_out(project=self.project(project), inputs=given, by=self.actor)
        return Response({"rows": [{"ok": not each.error, "errors": _errors(each)} for each in tried]})


def _errors(added: intake.Added) -> list[dict[str, str]]:
    error = added.error
    if error is None:
        return []
    taken = {"pointer": "/unique_id", "code": error["code"], "detail": str(intake.UniqueIdTaken.message)}
    return list(error.get("errors", [taken]))


class TaskView(KeyView):
    """One task."""

    rights = {"GET": "task.read", "PATCH": "task.change"}

    @operation("getTask", "A task", answers=TaskShape)
    def get(self, request: Request, task: str) -> Response:
        """Read."""
        return tagged(request, TaskShape(self.one(tasks_of(self), task)).data)

    @operation("changeTask", "Change a task", takes=TaskChanges, answers=TaskShape, matched=True)
    @transaction.atomic
    def patch(self, request: Request, task: str) -> Response:
        """Change."""
        row = self.one(tasks_of(self).select_for_update(no_key=True, of=("self",)), task)
        match(request, TaskShape(row).data)
        checked = TaskChanges(data=request.data)
        checked.is_valid(raise_exception=True)
        task_changes.change(task_id=row.pk, by=self.actor, **checked.validated_data)
        return tagged(request, TaskShape(self.one(tasks_of(self), task)).data)


class CancelTaskView(KeyView):
    """Stop a task."""

    rights = {"POST": "task.cancel"}

    @operation("cancelTask", "Cancel a live task", takes=CancelInput, answers=TaskShape)
    def post(self, request: Request, task: str) -> Response:
        """Cancel."""
        row, given = self.one(tasks_of(self), task), self.given(CancelInput)
        task_changes.cancel(
            task_id=row.pk,
            by=self.actor,
            reason=given.get("reason", ""),
            pay_started=given["started"] == "pay",
            free_unique_id=given["free_unique_id"],
        )
        return tagged(request, TaskShape(self.one(tasks_of(self), task)).data)


class ReopenTaskView(KeyView):
    """Ask once more."""

    rights = {"POST": "task.reopen"}

    @operation("reopenTask", "Ask for a new result of a completed task", takes=ReopenInput, answers=TaskShape)
    def post(self, request: Request, task: str) -> Response:
        """Reopen."""
        row, given = self.one(tasks_of(self), task), self.given(ReopenInput)
        task_changes.reopen(task_id=row.pk, by=self.actor, reason=given.get("reason") or "")
        return tagged(request, TaskShape(self.one(tasks_of(self), task)).data)
