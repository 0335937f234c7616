"""Lot: a batch whose results are sampled, and accepted or not by what the sample shows."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from annotation.models import Batch, Project


class Lot(models.Model):
    """The plan that was in force when the first result of the batch was at hand. `share`: the probability of each result to be drawn.

    `full`: everything is looked at, because of the lots before. `bound`: what the sample showed when it was decided.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Being sampled")
        PASSED = "passed", _("Passed")
        FAILED = "failed", _("Failed")

    batch = models.OneToOneField(Batch, models.CASCADE, related_name="lot")
    project = models.ForeignKey(Project, models.CASCADE, related_name="lots")
    n = models.PositiveSmallIntegerField()
    accept = models.PositiveSmallIntegerField()
    share = models.FloatField()
    full = models.BooleanField(default=False)
    status = models.CharField(max_length=6, choices=Status, default=Status.OPEN)
    bound = models.FloatField(null=True)
    decided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "lot"
        constraints = [
            models.CheckConstraint(
                condition=Q(status="open", decided_at__isnull=True, bound__isnull=True)
                | (~Q(status="open") & Q(decided_at__isnull=False, bound__isnull=False)),
                name="lot_decided_pair",
            )
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.status}"
