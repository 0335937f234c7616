"""Annotation: one contributor's immutable answer to one assignment."""

from datetime import datetime, timedelta

import pgtrigger
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from annotation.models.assignment import Assignment
from annotation.models.customer import Organization
from annotation.models.project import Project
from annotation.models.task import Task
from workforce.models import Contributor
from workforce.models.public_id import PublicIdField

COUNTING = ("pending", "accepted", "corrected")
WAIT = timedelta(days=7)  # for a judgement, where a lease names no other


class Annotation(models.Model):
    """The answer as given (envelope of the label language) or an exit (`broken`, `unsafe`, `cannot_judge`), which does not count."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Being checked")
        LATE = "late", _("Late")
        ACCEPTED = "accepted", _("Accepted")
        CORRECTED = "corrected", _("Corrected")
        REJECTED = "rejected", _("Rejected")
        APPEALED = "appealed", _("Looked at again")
        SUPERSEDED = "superseded", _("Replaced")

    public_id = PublicIdField("ann")
    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    project = models.ForeignKey(Project, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    assignment = models.OneToOneField(Assignment, models.PROTECT, related_name="annotation")
    task = models.ForeignKey(Task, models.CASCADE, related_name="annotations")
    contributor = models.ForeignKey(Contributor, models.PROTECT, related_name="annotations")
    revision = models.PositiveSmallIntegerField(default=0)
    schema_version = models.IntegerField()
    client_key = models.UUIDField()
    epoch = models.IntegerField()
    answer = models.JSONField()
    exit = models.CharField(max_length=12, blank=True)
    sha256 = models.CharField(max_length=64)
    active_ms = models.BigIntegerField(default=0)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    decision = models.JSONField(null=True, blank=True)  # {by, reasons, note, at}
    submitted_at = models.DateTimeField(db_default=Now())
    # Until then it can be rejected; if nobody has judged it by then, it is accepted. As its author was promised with the task
    judge_by = models.DateTimeField(db_default=Now() + Value(WAIT))

    class Meta:
        db_table = "annotation"
        constraints = [
            models.UniqueConstraint(
                fields=["task", "contributor"], condition=Q(status__in=COUNTING, exit=""), name="annotation_counts_once"
            )
        ]
        indexes = [
            # the pipeline's sweep: exits that nobody has judged
            models.Index(fields=["task"], condition=Q(status="pending") & ~Q(exit=""), name="annotation_exits"),
            # the sweep of silence: answers that nobody has judged, the earliest due first (docs/adr/0027)
            models.Index(fields=["judge_by"], condition=Q(status="pending", exit=""), name="annotation_unjudged"),
            # boards: answers of the last hours; answers arrive in this order, so a few bytes per 32 pages do
            BrinIndex(fields=["submitted_at"], name="annotation_time", pages_per_range=32),
        ]
        triggers = [
            pgtrigger.Protect(
                name="answer_is_frozen",
                operation=pgtrigger.UpdateOf(
                    "answer",
                    "exit",
                    "sha256",
                    "task_id",
                    "contributor_id",
                    "assignment_id",
                    "client_key",
                    "epoch",
                    "submitted_at",
                    "judge_by",
                ),
            ),
            pgtrigger.FSM(
                name="status_moves",
                field="status",
                transitions=[
                    ("late", "pending"),
                    ("pending", "accepted"),
                    ("pending", "corrected"),
                    ("pending", "rejected"),
                    ("rejected", "accepted"),
                    ("rejected", "appealed"),
                    ("appealed", "accepted"),
                    ("appealed", "rejected"),
                    ("pending", "superseded"),
                    ("accepted", "superseded"),
                    ("corrected", "superseded"),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def redone(self) -> bool:
        """Whether it was set aside for others to answer the task again; else a later round of its author has taken its place."""
        return self.status == self.Status.SUPERSEDED and (self.decision or {}).get("by") == "redo"

    def rejectable(self, at: datetime) -> bool:
        """Whether nobody has judged it yet, and it is not due. Exits are never due: silence confirms nothing."""
        return self.status == self.Status.PENDING and (self.exit != "" or at <= self.judge_by)
