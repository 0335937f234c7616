"""WebhookEndpoint, WebhookDelivery, ImportJob, ImportRow: events on their way out, tasks on their way in."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from annotation.models.customer import Mode, Organization
from annotation.models.event import Event
from annotation.models.project import Project
from annotation.models.task import Batch
from workforce.models.public_id import PublicIdField


class WebhookEndpoint(models.Model):
    """An address that wants events of some types. `secrets` [{id, sealed, created_at, expires_at?}]: all valid ones sign."""

    class Status(models.TextChoices):
        ENABLED = "enabled", _("Enabled")
        DISABLED = "disabled", _("Disabled")

    public_id = PublicIdField("whe")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="webhooks")
    mode = models.CharField(max_length=4, choices=Mode)
    project = models.ForeignKey(Project, models.CASCADE, null=True, blank=True, related_name="+")
    url = models.URLField(max_length=500)
    types = ArrayField(models.CharField(max_length=40), default=list)  # patterns: `task.*`
    description = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.ENABLED)
    disabled_reason = models.CharField(max_length=200, blank=True)
    secrets = models.JSONField(default=list)
    last_success_at = models.DateTimeField(null=True, blank=True)
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "webhook_endpoint"

    def __str__(self) -> str:
        return self.url


class WebhookDelivery(models.Model):
    """One event on its way to one endpoint. `attempts` [{at, http_status?, duration_ms, error?}]."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Waiting")
        SENDING = "sending", _("Sending")
        DELIVERED = "delivered", _("Delivered")
        RETRYING = "retrying", _("Will be tried again")
        EXHAUSTED = "exhausted", _("Given up")
        DISABLED = "disabled", _("Endpoint disabled")

    public_id = PublicIdField("dlv")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+", db_index=False)
    endpoint = models.ForeignKey(WebhookEndpoint, models.CASCADE, related_name="deliveries", db_index=False)
    event = models.ForeignKey(Event, models.CASCADE, related_name="deliveries")
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    attempts = models.JSONField(default=list)
    attempt = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    sending_since = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "webhook_delivery"
        constraints = [models.UniqueConstraint(fields=["endpoint", "event"], name="webhook_delivery_once")]
        indexes = [
            models.Index(
                fields=["next_attempt_at"], condition=Q(status__in=["pending", "retrying"]), name="webhook_due"
            ),
            models.Index(fields=["endpoint", "-id"], name="webhook_log"),
        ]

    def __str__(self) -> str:
        return self.public_id


class ImportJob(models.Model):
    """A stream of task rows that may be resumed at `next_row`; the rows' results are kept for 7 days."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        FINISHED = "finished", _("Finished")
        ABORTED = "aborted", _("Aborted")

    class OnError(models.TextChoices):
        CONTINUE = "continue"
        STOP = "stop"

    public_id = PublicIdField("imp")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+", db_index=False)
    project = models.ForeignKey(Project, models.CASCADE, related_name="imports")
    batch = models.ForeignKey(Batch, models.SET_NULL, null=True, blank=True, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    on_error = models.CharField(max_length=8, choices=OnError, default=OnError.CONTINUE)
    source = models.CharField(max_length=200, blank=True)  # the name of an uploaded file; empty for the API
    storage_key = models.CharField(max_length=200, blank=True)  # where an uploaded file waits
    next_row = models.IntegerField(default=0)
    total_rows = models.IntegerField(null=True)  # known for files
    created = models.IntegerField(default=0)
    existing = models.IntegerField(default=0)
    failed = models.IntegerField(default=0)
    problem = models.CharField(max_length=500, blank=True)  # why a file could not be read to its end
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "import_job"

    def __str__(self) -> str:
        return self.public_id


class ImportChunk(models.Model):
    """What became of the rows of a chunk, as they are told: `lines` of JSON {row, status, id?, unique_id?, error?}."""

    pk = models.CompositePrimaryKey("job_id", "first_row")
    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="chunks", db_index=False, db_constraint=False)
    first_row = models.IntegerField()
    rows = models.IntegerField()
    lines = models.TextField()

    class Meta:
        db_table = "import_chunk"

    def __str__(self) -> str:
        return f"{self.first_row} +{self.rows}"


class ImportRow(models.Model):
    """A row that became no task: invalid, conflict or refused."""

    pk = models.CompositePrimaryKey("job_id", "row")
    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="rows", db_index=False, db_constraint=False)
    row = models.IntegerField()
    status = models.CharField(max_length=10)
    unique_id = models.CharField(max_length=255, blank=True)
    error = models.JSONField()

    class Meta:
        db_table = "import_row"

    def __str__(self) -> str:
        return f"{self.row} {self.status}"
