"""AccuracyContract, AuditItem: what a customer is promised of a batch, and the results that are looked at to show it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from annotation.models import Batch, Organization, Task
from workforce.models.public_id import PublicIdField

ATTEMPTS = 3


class AccuracyContract(models.Model):
    """At most `error` of the batch's results are wrong, shown with `confidence` over all attempts; equal by the gold rule of each type.

    `sizes`: results per stratum from which the present sample was drawn. `upper`: the bound that the last audit decided by; `share` in
    `low` .. `high` (95 %): its estimate. `planned_*`: answers, active seconds and price of the first audit.
    """

    class Status(models.TextChoices):
        PROMISED = "promised", _("Promised")
        AUDITING = "auditing", _("Being audited")
        REWORKING = "reworking", _("Being improved")
        MET = "met", _("Met")
        MISSED = "missed", _("Missed")
        CANCELED = "canceled", _("Canceled")  # with its batch

    public_id = PublicIdField("acc")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+", db_index=False)
    batch = models.OneToOneField(Batch, models.CASCADE, related_name="contract")
    error = models.FloatField(default=0.02)
    confidence = models.FloatField(default=0.95)
    status = models.CharField(max_length=9, choices=Status, default=Status.PROMISED)
    attempt = models.PositiveSmallIntegerField(default=0)  # audits begun so far
    sizes = ArrayField(models.IntegerField(), default=list)
    upper = models.FloatField(null=True)
    share = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    planned_answers = models.IntegerField()
    planned_s = models.FloatField()
    planned_minor = models.BigIntegerField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accuracy_contract"
        constraints = [
            models.CheckConstraint(
                condition=Q(error__gt=0, error__lt=0.5, confidence__gte=0.5, confidence__lt=1), name="contract_promise"
            ),
            models.CheckConstraint(
                condition=Q(status="promised", attempt=0)
                | Q(status="canceled", attempt__lte=ATTEMPTS)
                | ~Q(status__in=["promised", "canceled"]) & Q(attempt__range=(1, ATTEMPTS)),
                name="contract_attempt",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["met", "missed", "canceled"], decided_at__isnull=False)
                | ~Q(status__in=["met", "missed", "canceled"]) & Q(decided_at__isnull=True),
                name="contract_decided_pair",
            ),
        ]
        indexes = [
            # the sweep: what is still to be shown
            models.Index(fields=["id"], condition=Q(decided_at__isnull=True), name="contract_undecided")
        ]

    def __str__(self) -> str:
        return self.public_id


class AuditItem(models.Model):
    """One result that is looked at: which revision of which task, drawn with probability `pi`, and the copy of the task that is answered.

    `truths`: what it was held against, the answers of two people who agree or that of a third. Like a known answer it never leaves the
    server.
    """

    class Outcome(models.TextChoices):
        OPEN = ""
        RIGHT = "right"
        WRONG = "wrong"
        VOID = "void"  # nobody could tell

    contract = models.ForeignKey(AccuracyContract, models.CASCADE, related_name="items", db_index=False)
    attempt = models.PositiveSmallIntegerField()
    task = models.ForeignKey(Task, models.CASCADE, related_name="+", db_index=False)
    revision = models.PositiveSmallIntegerField()
    audit_task = models.ForeignKey(Task, models.CASCADE, related_name="audits")
    stratum = models.PositiveSmallIntegerField()
    pi = models.FloatField()
    outcome = models.CharField(max_length=5, choices=Outcome, blank=True, default=Outcome.OPEN)
    truths = models.JSONField(default=list)

    class Meta:
        db_table = "audit_item"
        constraints = [
            models.UniqueConstraint(fields=["contract", "attempt", "task"], name="audit_item_once"),
            models.CheckConstraint(condition=Q(pi__gt=0, pi__lte=1), name="audit_item_pi"),
            models.CheckConstraint(condition=Q(stratum__range=(0, 3)), name="audit_item_stratum"),
            models.CheckConstraint(condition=Q(outcome__in=["", "right", "wrong", "void"]), name="audit_item_outcome"),
        ]
        indexes = [
            # what still waits for its answers
            models.Index(fields=["contract"], condition=Q(outcome=""), name="audit_item_open")
        ]

    def __str__(self) -> str:
        return f"{self.contract_id} {self.attempt} {self.task_id}"
