"""ReviewerEvidence: how a reviewer's decision fared when somebody independent looked at the same."""

import pgtrigger
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from annotation.models import Project
from quality.models.review import Review
from workforce.models import Contributor


class ReviewerEvidence(models.Model):
    """One observation of a reviewer: `outcome` 1 if the decision stood, 0 if it did not; then `fault` says in which way."""

    class Kind(models.TextChoices):
        SECOND = "second", _("Second look")  # both agreed
        ADJUDICATION = "adjudication", _("Decided by a third person")  # the two had differed
        APPEAL = "appeal", _("Appeal")

    class Fault(models.TextChoices):
        FALSE_REJECT = "false_reject", _("False reject")
        MISSED_ERROR = "missed_error", _("Missed error")

    review = models.ForeignKey(Review, models.CASCADE, related_name="evidence")
    project = models.ForeignKey(Project, models.CASCADE, related_name="+", db_index=False)
    reviewer = models.ForeignKey(Contributor, models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=12, choices=Kind)
    outcome = models.FloatField()
    fault = models.CharField(max_length=12, choices=Fault, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "reviewer_evidence"
        constraints = [models.UniqueConstraint(fields=["review", "kind"], name="reviewer_evidence_once")]
        indexes = [models.Index(fields=["project", "reviewer"], name="reviewer_evidence_of_person")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.kind} {self.outcome}"
