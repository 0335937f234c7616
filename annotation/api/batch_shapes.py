"""What is promised of work, on the wire: batches, quotes, prices, times and accuracies."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from annotation.api.shapes import MoneyShape, Shape
from annotation.domain.accuracy import Accuracy
from annotation.models import Basis, Batch, Quote, ServiceClass


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
