"""Batch, Task, TaskPayload, TaskKey: what is to be done.

`task` is the narrow table on which claims run: the payload lives beside it, and `claimable` is a stored column so that taking one of
several seats touches no index.
"""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from annotation.models.customer import Mode, Organization
from annotation.models.project import Project, Purpose, Queue, Stage
from workforce.models.public_id import PublicIdField

CLAIMABLE_STATUSES = ("open", "collecting", "in_review")


class Batch(models.Model):
    """Tasks posted together, with a deadline and priority of their own."""

    class Status(models.TextChoices):
        IN_PROGRESS = "in_progress", _("In progress")
        COMPLETED = "completed", _("Completed")
        CANCELED = "canceled", _("Canceled")

    class Promise(models.TextChoices):
        FIRM = "firm", _("Promised")
        BEST_EFFORT = "best_effort", _("Best effort")

    public_id = PublicIdField("bat")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+", db_index=False)
    project = models.ForeignKey(Project, models.CASCADE, related_name="batches")
    name = models.CharField(_("name"), max_length=200)
    status = models.CharField(max_length=12, choices=Status, default=Status.IN_PROGRESS)
    priority = models.PositiveSmallIntegerField(default=20)
    deadline = models.DateTimeField(null=True, blank=True)
    metadata = models.JSONField(default=dict)
    promise = models.CharField(max_length=12, choices=Promise, default=Promise.BEST_EFFORT)  # of the deadline
    promised_s = models.FloatField(default=0.0)  # active seconds that it was promised for, until there is a forecast
    # The most that counting answers may cost, in minor units; `held_minor`: what open tasks and answers take of it, at most.
    budget_minor = models.BigIntegerField(null=True, blank=True)
    held_minor = models.BigIntegerField(default=0)
    counted_at = models.DateTimeField(
        null=True
    )  # when that was last counted from the rows; in between it can only be too much
    forecast = models.OneToOneField(
        "annotation.Forecast", models.SET_NULL, null=True, related_name="+"
    )  # the latest; the others are kept for calibration
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "batch"
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="batch_name_unique")]

    def __str__(self) -> str:
        return self.name


class Task(models.Model):
    """One payload to be answered by `seats` different contributors."""

    class Status(models.TextChoices):
        QUEUED = "queued", pgettext_lazy("task", "Waiting")
        OPEN = "open", _("Open")
        COLLECTING = "collecting", _("In progress")
        DECIDING = "deciding", _("Being decided")
        IN_REVIEW = "in_review", _("In review")
        COMPLETED = "completed", _("Completed")
        FAILED = "failed", _("Failed")
        CANCELED = "canceled", _("Canceled")

    public_id = PublicIdField("tsk")
    # No constraints in the database on what intake has just read and nobody deletes: see docs/adr/0013.
    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    project = models.ForeignKey(Project, models.CASCADE, related_name="tasks", db_index=False, db_constraint=False)
    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, blank=True, related_name="tasks", db_index=False, db_constraint=False
    )
    queue = models.ForeignKey(Queue, models.PROTECT, related_name="tasks", db_index=False, db_constraint=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    waits_for = models.CharField(max_length=20, blank=True, db_default="")  # why it is queued: budget, quota:…
    stage = models.CharField(max_length=12, choices=Stage, default=Stage.LABEL)
    purpose = models.CharField(max_length=6, choices=Purpose, default=Purpose.WORK)
    # It shows what that task showed: whoever has had the one never gets the other
    copy_of = models.ForeignKey(
        "self", models.CASCADE, null=True, related_name="+", db_index=False, db_constraint=False
    )
    priority = models.PositiveSmallIntegerField(default=20)
    deadline = models.DateTimeField(null=True, blank=True)
    rank = models.BigIntegerField()  # virtual due time in seconds since 2020: lower first
    seats = models.PositiveSmallIntegerField()  # answers wanted now, in this stage
    seats_max = models.PositiveSmallIntegerField()
    seats_taken = models.PositiveSmallIntegerField(default=0)  # offers + leases + counting answers
    answers = models.PositiveSmallIntegerField(default=0)  # counting answers of this stage and revision
    recycled = models.BooleanField(default=False)  # a seat came back: looked at before the cursor
    # 1000 x (1 - the largest posterior), as of the last time that one more answer was wanted: what one more would teach
    uncertainty = models.SmallIntegerField(db_default=1000)
    claimable = models.GeneratedField(
        expression=Q(status__in=CLAIMABLE_STATUSES) & Q(seats_taken__lt=F("seats")),  # type: ignore[arg-type]  # a Q is an expression
        output_field=models.BooleanField(),
        db_persist=True,
    )
    # The status by which indexes go: the first lease of a task changes no index (docs/adr/0019)
    phase = models.GeneratedField(
        expression=Case(When(status="collecting", then=Value("open")), default=F("status")),
        output_field=models.CharField(max_length=10),
        db_persist=True,
    )
    schema_version = models.IntegerField()
    revision = models.PositiveSmallIntegerField(default=0)  # number of results so far
    failure = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "task"
        constraints = [
            models.CheckConstraint(
                condition=Q(seats_taken__lte=F("seats"))
                & Q(seats__lte=F("seats_max"))
                & Q(answers__lte=F("seats_taken")),
                name="task_seats",
            ),
            models.CheckConstraint(condition=Q(priority__range=(0, 100)), name="task_priority"),
            models.CheckConstraint(
                condition=Q(status="queued", seats_taken=0) & ~Q(waits_for="") | ~Q(status="queued") & Q(waits_for=""),
                name="task_waits_for",
            ),
        ]
        indexes = [
            # the direct claim: open work in order
            models.Index(fields=["project", "queue", "rank", "id"], condition=Q(claimable=True), name="task_claim"),
            # the direct claim: seats that came back behind everybody's cursor
            models.Index(
                fields=["project", "queue", "rank", "id"],
                condition=Q(claimable=True, recycled=True),
                name="task_recycled",
            ),
            # lists and counts of a project
            models.Index(fields=["project", "phase", "id"], name="task_phase"),
            # lists and counts of a batch, and whether it has ended
            models.Index(fields=["batch", "phase"], condition=Q(batch__isnull=False), name="task_batch"),
            # admission: what waits for money or room
            models.Index(fields=["project", "batch", "rank"], condition=Q(phase="queued"), name="task_queued"),
            # the pipeline's sweep: answers are in, nothing is decided
            models.Index(fields=["id"], condition=Q(phase="deciding"), name="task_deciding"),
        ]

    def __str__(self) -> str:
        return self.public_id

    @classmethod
    def of_status(cls, *statuses: str) -> Q:
        """Tasks of these statuses, as the indexes find them."""
        phases = {cls.Status.OPEN if status == cls.Status.COLLECTING else status for status in statuses}
        return Q(phase__in=phases, status__in=statuses)


class TaskPayload(models.Model):
    """The task's data `{field: value}`, as stored for ever, and what the customer attached to it."""

    task = models.OneToOneField(Task, models.CASCADE, primary_key=True, related_name="payload", db_constraint=False)
    body = models.JSONField()
    sha256 = models.CharField(max_length=64)
    tags = ArrayField(models.CharField(max_length=60), default=list)
    metadata = models.JSONField(default=dict)

    class Meta:
        db_table = "task_payload"
        triggers = [pgtrigger.Protect(name="body_is_frozen", operation=pgtrigger.UpdateOf("body", "sha256"))]

    def __str__(self) -> str:
        return self.sha256


class TaskKey(models.Model):
    """The customer's own id of a task: unique over all projects of the organization and mode, until the customer frees it."""

    task = models.OneToOneField(Task, models.CASCADE, primary_key=True, related_name="key", db_constraint=False)
    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    mode = models.CharField(max_length=4, choices=Mode)
    unique_id = models.CharField(max_length=255)
    input_sha256 = models.CharField(
        max_length=64
    )  # of the canonical JSON as sent: the same id with another input is refused

    class Meta:
        db_table = "task_key"
        constraints = [models.UniqueConstraint(fields=["organization", "mode", "unique_id"], name="task_key_unique")]

    def __str__(self) -> str:
        return self.unique_id
