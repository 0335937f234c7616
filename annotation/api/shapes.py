"""Resources as they stand on the wire. All carry `id`, `object`, `mode` (but for the organization) and `created_at`."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from annotation.domain.accuracy import Accuracy
from annotation.models import Assignment, Basis, Batch, Quote, ServiceClass, Task
from annotation.queries.media import link

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
        help_text="overlap {min, max, confidence}, review, gold, aggregate, aggregate_for {question}"
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


class PriceShape(serializers.Serializer[Any]):
    """What a quote comes to."""

    per_task = MoneyShape()
    fee = MoneyShape()
    audit = MoneyShape(help_text="At most.")
    total = MoneyShape()


class FinishShape(serializers.Serializer[Any]):
    """When work ends: half, four of five, and nineteen of twenty times it is earlier; null if nobody would end it within a year."""

    p50 = serializers.DateTimeField(source="p50_at", allow_null=True)
    p80 = serializers.DateTimeField(source="p80_at", allow_null=True)
    p95 = serializers.DateTimeField(source="p95_at", allow_null=True)


class ForecastShape(FinishShape):
    """When a batch ends, as of `made_at`."""

    basis = serializers.ChoiceField(Basis.values, help_text="estimate: too little has been measured yet.")
    made_at = serializers.DateTimeField()


class AccuracyInput(serializers.Serializer[Any]):
    """What is to be promised of the results of a batch."""

    error = serializers.FloatField(
        default=0.02, min_value=0.001, max_value=0.2, help_text="At most this share of the results is wrong."
    )
    confidence = serializers.FloatField(
        default=0.95, min_value=0.8, max_value=0.999, help_text="With which an audit has to show it."
    )

    def to_internal_value(self, data: Any) -> Any:
        """As the acts take it."""
        return Accuracy(**super().to_internal_value(data))


class StratumShape(serializers.Serializer[Any]):
    """Results of about the same confidence; each stratum ends where the next begins."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """`from` is no name in Python."""
        return {"from": serializers.FloatField(), **super().get_fields()}

    results = serializers.IntegerField(help_text="From which the sample was drawn.")
    drawn = serializers.IntegerField()
    audited = serializers.IntegerField(help_text="Looked at so far.")
    wrong = serializers.IntegerField()


class AuditCostShape(serializers.Serializer[Any]):
    """What an audit takes."""

    answers = serializers.IntegerField()
    seconds = serializers.FloatField(help_text="Active seconds of people.")
    cost_minor = serializers.IntegerField(help_text="Beside what the batch's own answers cost.")


class QuotedAccuracyShape(AuditCostShape):
    """What is promised, and what the audit takes at most that shows it."""

    error = serializers.FloatField()
    confidence = serializers.FloatField()


class AccuracyShape(serializers.Serializer[Any]):
    """What was promised of the results, and how the audit goes. Shares 0..1."""

    status = serializers.ChoiceField(
        ["promised", "auditing", "reworking", "met", "missed", "canceled"],
        help_text="missed: after three attempts; the results are delivered as best effort.",
    )
    error = serializers.FloatField(help_text="At most this share of the results is wrong.")
    confidence = serializers.FloatField(help_text="Over all attempts together.")
    attempt = serializers.IntegerField(help_text="Audits begun so far, three at most; after the first at no charge.")
    drawn = serializers.IntegerField(help_text="Results in the present sample.")
    audited = serializers.IntegerField(help_text="Of them looked at.")
    wrong = serializers.IntegerField(help_text="Of those.")
    upper = serializers.FloatField(allow_null=True, help_text="The exact bound that the last audit decided by.")
    share = serializers.FloatField(allow_null=True, help_text="Its estimate of the share of wrong results.")
    low = serializers.FloatField(allow_null=True, help_text="Of the estimate's 95 % interval.")
    high = serializers.FloatField(allow_null=True)
    planned = AuditCostShape(help_text="The first audit.")
    strata = StratumShape(many=True, help_text="By confidence, the least certain first.")
    decided_at = serializers.DateTimeField(allow_null=True)


class BatchShape(Shape):
    """Tasks posted together."""

    noun = "batch"
    mode_from = "project.mode"

    project = serializers.CharField(source="project.public_id")
    name = serializers.CharField()
    status = serializers.ChoiceField(Batch.Status.values)
    priority = serializers.IntegerField()
    deadline = serializers.DateTimeField(allow_null=True)
    metadata = serializers.DictField()
    promise = serializers.ChoiceField(Batch.Promise.values, help_text="Of the deadline.")
    budget_minor = serializers.IntegerField(allow_null=True, help_text="The most that its answers may cost.")
    held_minor = serializers.IntegerField(
        help_text="Of the budget: what answers cost, and what open tasks may still cost. Not in the ETag."
    )
    waits_for = serializers.DictField(
        source="waiting",
        child=serializers.IntegerField(),
        help_text="Why tasks wait: {budget · quota:open_tasks · quota:spend_day: number}. Not in the ETag.",
    )
    accuracy = AccuracyShape(allow_null=True, help_text="If one was promised; not in the ETag.")
    forecast = ForecastShape(
        allow_null=True, help_text="The latest, made anew every minute while something moves; not in the ETag."
    )


class QuoteShape(Shape):
    """Price and end of work before it begins."""

    noun = "quote"
    mode_from = "project.mode"

    project = serializers.CharField(source="project.public_id")
    schema_version = serializers.IntegerField()
    tasks = serializers.IntegerField()
    overlap = serializers.DictField(child=serializers.IntegerField(), help_text="min, max")
    service_class = serializers.ChoiceField(ServiceClass.values)
    deadline = serializers.DateTimeField(allow_null=True)
    price = serializers.SerializerMethodField()
    finish = FinishShape(source="*")
    feasible = serializers.BooleanField()
    earliest_deadline = serializers.DateTimeField(allow_null=True)
    answers_expected = serializers.FloatField(help_text="Per task.")
    basis = serializers.ChoiceField(Basis.values)
    accuracy = QuotedAccuracyShape(allow_null=True)
    used_tasks = serializers.IntegerField(help_text="Taken up by a batch.")
    expires_at = serializers.DateTimeField()

    @extend_schema_field(PriceShape)
    def get_price(self, row: Quote) -> dict[str, dict[str, Any]]:
        """Per task, fee, and all of it."""
        amounts = {
            "per_task": row.per_task_minor,
            "fee": row.fee_minor,
            "audit": row.audit_minor,
            "total": row.all_minor,
        }
        currency = row.project.organization.currency
        return {name: {"amount": amount, "currency": currency} for name, amount in amounts.items()}


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
    provenance = serializers.DictField(help_text="annotations, reviews, contributors, schema and guideline version")


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
        allow_null=True, help_text="by, reasons, note, at; payer if that is not the customer; final after an appeal"
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


class ImportShape(Shape):
    """A stream of rows."""

    noun = "import"
    mode_from = "project.mode"

    project = serializers.CharField(source="project.public_id")
    batch = serializers.CharField(source="batch.public_id", default=None, allow_null=True)
    status = serializers.ChoiceField(["open", "finished", "aborted"])
    on_error = serializers.ChoiceField(["continue", "stop"])
    next_row = serializers.IntegerField()
    counts = serializers.SerializerMethodField()
    problem = serializers.CharField()

    def get_counts(self, row: Any) -> dict[str, int]:
        """created, existing, failed."""
        return {"created": row.created, "existing": row.existing, "failed": row.failed}


class WebhookShape(Shape):
    """An address that wants events."""

    noun = "webhook"

    url = serializers.CharField()
    types = serializers.ListField(child=serializers.CharField())
    project = serializers.CharField(source="project.public_id", default=None, allow_null=True)
    description = serializers.CharField()
    enabled = serializers.SerializerMethodField()
    disabled_reason = serializers.CharField()
    secrets = serializers.SerializerMethodField()
    version = serializers.IntegerField(help_text="The ETag.")
    updated_at = serializers.DateTimeField()

    def get_enabled(self, row: Any) -> bool:
        """Whether it is sent to."""
        return bool(row.status == "enabled")

    def get_secrets(self, row: Any) -> list[dict[str, Any]]:
        """Which secrets sign; never the secrets."""
        return [{name: each.get(name) for name in ("id", "created_at", "expires_at")} for each in row.secrets]


class DeliveryShape(Shape):
    """One event on its way to one endpoint."""

    noun = "delivery"
    mode_from = "endpoint.mode"

    endpoint = serializers.CharField(source="endpoint.public_id")
    event = serializers.CharField(source="event.public_id")
    type = serializers.CharField(source="event.type")
    seq = serializers.IntegerField(source="event.seq", allow_null=True)
    target = serializers.CharField(source="endpoint.url")
    status = serializers.CharField()
    attempts = serializers.ListField(child=serializers.DictField(), help_text="at, http_status?, duration_ms, error?")
    next_attempt_at = serializers.DateTimeField(allow_null=True)


class FileShape(serializers.Serializer[Any]):
    """A picture in the media store, for both modes."""

    id = serializers.CharField(source="public_id")
    object = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()
    name = serializers.CharField()
    mime_type = serializers.CharField(source="mime")
    size_bytes = serializers.IntegerField(source="bytes")
    sha256 = serializers.CharField()
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)
    url = serializers.SerializerMethodField()

    def get_object(self, _row: Any) -> str:
        """The noun."""
        return "file"

    def get_url(self, row: Any) -> str:
        """Signed, for some minutes."""
        return link(row.public_id, row.organization_id)
