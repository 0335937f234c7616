"""Review: a judgement of a task's answers by somebody who gave none of them."""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from annotation.models import Annotation, Assignment, Organization, Project, Stage, Task
from workforce.models.public_id import PublicIdField


class Review(models.Model):
    """Requested by the pipeline with a reason, decided once by the holder of the review seat.

    `first`: what they said before they had seen the merged value and what is known of the authors: {assignment, decision, answer}.
    `second_p`: with which probability the decision was to be looked at again by a second reviewer; null where that is not done.
    `second_of`: the decision that is looked at again; it is held until then.
    `disagreement`: why the answers differ, where whoever decided has said it; nobody who answered reads it.
    """

    class Status(models.TextChoices):
        REQUESTED = "requested"
        HELD = "held"
        DECIDED = "decided"
        ESCALATED = "escalated"
        WITHDRAWN = "withdrawn"

    class Decision(models.TextChoices):
        ACCEPT = "accept", _("Accept")
        CORRECT = "correct", _("Correct")
        RETURN = "return", _("Return")
        REJECT = "reject", _("Reject")
        ESCALATE = "escalate", _("Escalate")

    class Disagreement(models.TextChoices):
        UNCLEAR_GUIDELINES = "unclear_guidelines"
        SEVERAL_RIGHT = "several_right"
        UNCLEAR_DATA = "unclear_data"
        HARD = "hard"
        SLIP = "slip"

    public_id = PublicIdField("rev")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+", db_index=False)
    project = models.ForeignKey(Project, models.CASCADE, related_name="reviews")
    task = models.ForeignKey(Task, models.CASCADE, related_name="reviews")
    stage = models.CharField(max_length=12, choices=Stage, default=Stage.REVIEW)
    status = models.CharField(max_length=10, choices=Status, default=Status.REQUESTED)
    cause = models.CharField(
        max_length=40
    )  # sample, low_confidence, answers_used_up, cannot_merge, returned, escalated, exit
    risk = models.FloatField(default=0)  # expected loss 0..1, the order of the queue
    inclusion_p = models.FloatField(default=1)
    second_p = models.FloatField(null=True)
    second_of = models.OneToOneField("self", models.CASCADE, null=True, related_name="second")
    assignment = models.OneToOneField(Assignment, models.PROTECT, null=True, blank=True, related_name="review")
    annotation = models.ForeignKey(Annotation, models.PROTECT, null=True, blank=True, related_name="reviews")
    first = models.JSONField(null=True, blank=True)
    decision = models.CharField(max_length=10, choices=Decision, blank=True)
    reasons = ArrayField(models.CharField(max_length=40), default=list)
    disagreement = models.CharField(max_length=18, choices=Disagreement, blank=True, default="")
    comments = models.JSONField(default=list)  # [{path, text}]
    note = models.TextField(blank=True)
    value = models.JSONField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "review"
        constraints = [
            models.UniqueConstraint(fields=["task", "stage"], condition=Q(status="requested"), name="review_one_open"),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True) | (~Q(decision="") & Q(decided_at__isnull=False)),
                name="review_decision_pair",
            ),
        ]
        indexes = [
            # the console: why the answers of a project have differed lately
            models.Index(fields=["project", "decided_at"], condition=~Q(disagreement=""), name="review_disagreement"),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def said_at(self) -> datetime | None:
        """When its decision was given, or the one at which it looks again: nobody is late for being asked later."""
        return (self.second_of or self).decided_at
