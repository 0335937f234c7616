"""Event: one row per act, in the act's transaction; history and outbox in one."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from annotation.models.customer import Mode, Organization
from workforce.models.public_id import PublicIdField


class Event(models.Model):
    """What happened. `seq` is given after commit, gap-free per organization; `subject_seq` is gap-free per subject from the start."""

    public_id = PublicIdField("evt")
    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    mode = models.CharField(max_length=4, choices=Mode)
    project_id = models.BigIntegerField(null=True)  # whom to hint; not a key, so that history outlives projects
    type = models.CharField(max_length=40)
    subject = models.CharField(max_length=40)  # public id
    subject_seq = models.IntegerField()
    actor_kind = models.CharField(max_length=12)
    actor = models.CharField(max_length=40, blank=True)
    data = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    seq = models.BigIntegerField(null=True)

    class Meta:
        db_table = "event"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "seq"], condition=Q(seq__isnull=False), name="event_seq_unique"
            ),
            models.UniqueConstraint(fields=["subject", "subject_seq"], name="event_subject_seq_unique"),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(seq__isnull=True), name="event_outbox")
        ]  # the drainer's work
        triggers = [
            pgtrigger.Protect(
                name="append_only",
                operation=pgtrigger.Delete
                | pgtrigger.UpdateOf(
                    "type", "subject", "subject_seq", "data", "actor", "actor_kind", "organization_id", "created_at"
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.subject}"
