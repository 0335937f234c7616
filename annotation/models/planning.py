"""WorkedHour, Forecast, Quote: how much people have worked, when batches were expected to end, and what was offered before."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from annotation.models.customer import Organization
from annotation.models.project import Project, ServiceClass
from annotation.models.task import Batch
from workforce.models import Contributor
from workforce.models.public_id import PublicIdField


class WorkedHour(models.Model):
    """Active seconds of a contributor in a project in one hour, summed from their answers. Twelve weeks are kept."""

    pk = models.CompositePrimaryKey("contributor_id", "hour", "project_id")
    contributor = models.ForeignKey(Contributor, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    project = models.ForeignKey(Project, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    hour = models.DateTimeField()
    seconds = models.FloatField()

    class Meta:
        db_table = "worked_hour"
        indexes = [
            models.Index(fields=["hour"], name="worked_hour_time")
        ]  # where counting goes on, and what is forgotten

    def __str__(self) -> str:
        return f"{self.contributor_id} {self.hour:%Y-%m-%d %H}"


class Basis(models.TextChoices):
    """What a forecast rests on: measured answers and hours, or assumptions about them."""

    ESTIMATE = "estimate"
    HISTORY = "history"


class Forecast(models.Model):
    """When a batch was expected to end, the last one of each twentieth of its work; kept, so that forecasts can be held to account.

    `made_s`: p50, p80, p95 in seconds from `made_at` before correction, null where nobody would end it within a year; `p50_at` and so on:
    as it was shown. `advice` {people, share, sooner_s}: what so many more people would change.
    """

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="forecasts", db_index=False)
    step = models.PositiveSmallIntegerField()  # twentieths of the answers that were given
    made_at = models.DateTimeField(db_default=Now())
    basis = models.CharField(max_length=8, choices=Basis)
    tasks = models.IntegerField()
    answers = models.IntegerField()  # given so far
    wanted = models.FloatField()  # answers still expected
    need_s = models.FloatField()  # active seconds still wanted, 80 %
    people = models.IntegerField()
    made_s = ArrayField(models.FloatField(), null=True)
    p50_at = models.DateTimeField(null=True)
    p80_at = models.DateTimeField(null=True)
    p95_at = models.DateTimeField(null=True)
    advice = models.JSONField(null=True)
    ended_at = models.DateTimeField(null=True)  # when the batch did

    class Meta:
        db_table = "forecast"
        constraints = [models.UniqueConstraint(fields=["batch", "step"], name="forecast_step")]
        indexes = [
            # what corrections are learned from, and calibration is shown by
            models.Index(fields=["-ended_at"], condition=models.Q(ended_at__isnull=False), name="forecast_ended")
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.step}"


class Quote(models.Model):
    """Price and end of so many tasks, offered before the work; binding until `expires_at`. Money in minor units.

    `overlap` {min, max}; `answers_expected` per task; `price_minor`: of one answer when it was made; `used_tasks`: taken up by a batch.
    `accuracy` {error, confidence, answers, seconds, cost_minor}: what is promised, and what the audit takes at most.
    """

    public_id = PublicIdField("quo")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+", db_index=False)
    project = models.ForeignKey(Project, models.CASCADE, related_name="quotes")
    schema_version = models.IntegerField()
    tasks = models.IntegerField()
    overlap = models.JSONField()
    service_class = models.CharField(max_length=10, choices=ServiceClass)
    deadline = models.DateTimeField(null=True)
    price_minor = models.BigIntegerField()
    per_task_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField(default=0)
    total_minor = models.BigIntegerField()
    accuracy = models.JSONField(null=True)
    answers_expected = models.FloatField()
    need_s = models.FloatField()  # active seconds that the work takes, 80 %
    basis = models.CharField(max_length=8, choices=Basis)
    p50_at = models.DateTimeField(null=True)
    p80_at = models.DateTimeField(null=True)
    p95_at = models.DateTimeField(null=True)
    earliest_deadline = models.DateTimeField(null=True)  # if the one that was asked for cannot be promised
    used_tasks = models.IntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "quote"

    def __str__(self) -> str:
        return self.public_id

    @property
    def audit_minor(self) -> int:
        """The price of the audit, beside that of the work."""
        return int(self.accuracy["cost_minor"]) if self.accuracy else 0

    @property
    def all_minor(self) -> int:
        """Work, audit and fee."""
        return self.total_minor + self.audit_minor + self.fee_minor

    @property
    def feasible(self) -> bool:
        """Whether the deadline can be promised; so can none."""
        return self.earliest_deadline is None
