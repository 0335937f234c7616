"""Resources as they stand on the wire. All carry `id`, `object`, `mode` (but for the organization) and `created_at`."""

from typing import Any

from rest_framework import serializers

from annotation.models import Assignment, ServiceClass, Task

COLLECTED = {Task.Status.COLLECTING: "in_progress", Task.Status.DECIDING: "in_progress"}
TASK_STATUSES = ("queued", "open", "in_progress", "in_review", "completed", "failed", "canceled")


class Shape(serializers.Serializer[Any]):
    """A resource."""

    noun = ""
    mode_from = "mode"

    id = serializers.CharField(source="public_id", read_only=True)
    object = serializers.SerializerMethodField()
    mode = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField(read_only=True)

    def get_object(self, _row: Any) -> str:
        """The noun."""
        return self.noun

    def get_mode(self, row: Any) -> str:
        """`live` or `test`."""
        for name in self.mode_from.split("."):
            row = getattr(row, name)
        return str(row)


class MoneyShape(serializers.Serializer[Any]):
    """An amount in minor units."""

    amount = serializers.IntegerField()
    currency = serializers.CharField(help_text="ISO 4217")


class OrganizationShape(serializers.Serializer[Any]):
    """The customer."""

    id = serializers.CharField(source="public_id")
    object = serializers.SerializerMethodField()
    name = serializers.CharField()
    currency = serializers.CharField(help_text="ISO 4217")
    limits = serializers.DictField(
        child=serializers.IntegerField(), help_text="open_tasks, live_tasks, spend_day_minor; those that there are."
    )
    created_at = serializers.DateTimeField()

    def get_object(self, _row: Any) -> str:
        """The noun."""
        return "organization"


class ProjectShape(Shape):
    """One kind of work."""

    noun = "project"

    name = serializers.CharField()
    description = serializers.CharField()
    preset = serializers.CharField()
    status = serializers.ChoiceField(["open", "paused", "archived"])
    workforce = serializers.ChoiceField(["public", "team", "both"])
    schema_version = serializers.IntegerField()
    guideline_version = serializers.IntegerField()
    terms = serializers.DictField(help_text="price_minor, review_price_minor, lease_s, auto_accept_s")
    quality = serializers.DictField(
        help_text="overlap {min, max, confidence}, review, gold {share, first}, aggregate, aggregate_for {question}"
    )
    requirements = serializers.DictField(
        help_text="skills [{skill, value}], languages [{tag, level}], countries, sensitive, apart, together"
    )
    metadata = serializers.DictField()
    version = serializers.IntegerField(help_text="The ETag.")
    updated_at = serializers.DateTimeField()


class SchemaShape(Shape):
    """An immutable schema."""

    noun = "schema_version"
    mode_from = "project.mode"

    project = serializers.CharField(source="project.public_id")
    number = serializers.IntegerField()
    major = serializers.IntegerField(help_text="Answers of two majors are never pooled.")
    sha256 = serializers.CharField()
    body = serializers.DictField(help_text="The document: language, fields, questions, rules?, exits?, flags?")


class GuidelineShape(Shape):
    """Immutable instructions."""

    noun = "guideline"
    mode_from = "project.mode"

    project = serializers.CharField(source="project.public_id")
    number = serializers.IntegerField()
    body = serializers.CharField(help_text="Markdown")
    breaking = serializers.SerializerMethodField()
    note = serializers.CharField()

    def get_breaking(self, row: Any) -> bool:
        """Whether it must be read again before the next lease."""
        return bool(row.change == "breaking")


class ProgressShape(serializers.Serializer[Any]):
    """How far a task is: answers wanted, counted, and seats taken."""

    wanted = serializers.IntegerField(source="seats")
    counted = serializers.IntegerField(source="answers")
    taken = serializers.IntegerField(source="seats_taken")


class TaskShape(Shape):
    """One payload to be answered by several contributors."""

    noun = "task"
    mode_from = "project.mode"

    project = serializers.CharField(source="project.public_id")
    batch = serializers.CharField(source="batch.public_id", default=None, allow_null=True)
    schema_version = serializers.IntegerField()
    payload = serializers.DictField(source="payload.body")
    unique_id = serializers.CharField(source="key.unique_id", default=None, allow_null=True)
    status = serializers.SerializerMethodField()
    waits_for = serializers.SerializerMethodField(help_text="While queued: budget, quota:open_tasks, quota:spend_day.")
    priority = serializers.IntegerField()
    service_class = serializers.ChoiceField(ServiceClass.values, source="queue.service_class")
    deadline = serializers.DateTimeField(allow_null=True)
    tags = serializers.ListField(child=serializers.CharField(), source="payload.tags")
    metadata = serializers.DictField(source="payload.metadata")
    progress = ProgressShape(source="*")
    revision = serializers.IntegerField(help_text="Number of results so far.")
    failure = serializers.SerializerMethodField()
    completed_at = serializers.DateTimeField(allow_null=True)

    def get_status(self, row: Task) -> str:
        """One of the outer states."""
        return COLLECTED.get(Task.Status(row.status), row.status)

    def get_waits_for(self, row: Task) -> str | None:
        """Why it is queued."""
        return row.waits_for or None

    def get_failure(self, row: Task) -> dict[str, str] | None:
        """Why it failed."""
        return {"code": row.failure} if row.failure else None


class ResultShape(Shape):
    """The settled values of a task."""

    noun = "result"
    mode_from = "project.mode"

    task = serializers.CharField(source="task.public_id")
    revision = serializers.IntegerField()
    answers = serializers.DictField(help_text="question: {value, confidence, method, n, status, soft?, dissent?, run?}")
    confidence = serializers.FloatField(allow_null=True)
    provenance = serializers.DictField(
        help_text="annotations, reviews, contributors, schema and guideline version; disagreement: why the answers differ, where the"
        " reviewer who decided has said it"
    )


class AssignmentShape(Shape):
    """One contributor's seat at a task."""

    noun = "assignment"
    mode_from = "project.mode"

    task = serializers.CharField(source="task.public_id")
    contributor = serializers.CharField(source="pseudonym", allow_null=True)
    stage = serializers.ChoiceField(["label", "review", "adjudicate"])
    round = serializers.IntegerField()
    status = serializers.ChoiceField(Assignment.Status.values)
    epoch = serializers.IntegerField()
    leased_at = serializers.DateTimeField(allow_null=True)
    leased_until = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class AnnotationShape(Shape):
    """One contributor's answer; withheld once it is rejected, and while its author asks for another look."""

    noun = "annotation"
    mode_from = "project.mode"

    created_at = serializers.DateTimeField(source="submitted_at", read_only=True)
    task = serializers.CharField(source="task.public_id")
    assignment = serializers.CharField(source="assignment.public_id")
    contributor = serializers.CharField(source="pseudonym", allow_null=True)
    answer = serializers.SerializerMethodField()
    withheld = serializers.SerializerMethodField()
    status = serializers.CharField()
    decision = serializers.DictField(
        allow_null=True,
        help_text="by (policy, review, customer, appeal; auto: nobody judged it in time; redo: set aside, others answer the task again),"
        " reasons, note, at; payer if that is not the"
        " customer; final after an appeal",
    )
    judge_by = serializers.DateTimeField(
        help_text="until then it can be rejected; if nobody has judged it by then, it is accepted"
    )
    revision = serializers.IntegerField()
    schema_version = serializers.IntegerField()
    active_ms = serializers.IntegerField()

    def get_answer(self, row: Any) -> dict[str, Any] | None:
        """The envelope of the label language."""
        return None if self.get_withheld(row) else row.answer

    def get_withheld(self, row: Any) -> bool:
        """A rejected answer is not paid, and not given."""
        return row.status in ("rejected", "appealed")
