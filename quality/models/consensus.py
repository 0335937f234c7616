"""Consensus: the estimate over a task's answers, per question."""

from django.db import models
from django.db.models.functions import Now

from annotation.models import Project, Task


class Consensus(models.Model):
    """Where the answers of one task stand: per question value, confidence, method, status, soft, dissent; rewritten after each round."""

    class Status(models.TextChoices):
        SETTLED = "settled"
        MORE = "more"
        REVIEW = "review"
        PLURAL = "plural"

    task = models.OneToOneField(Task, models.CASCADE, primary_key=True, related_name="consensus")
    project = models.ForeignKey(Project, models.CASCADE, related_name="+", db_constraint=False)  # follows from the task
    revision = models.PositiveSmallIntegerField()
    answers = models.JSONField()
    n = models.PositiveSmallIntegerField()
    confidence = models.FloatField(null=True)
    agreement = models.FloatField(null=True)
    status = models.CharField(max_length=8, choices=Status)
    reason = models.CharField(max_length=60, blank=True)
    inputs_sha256 = models.CharField(max_length=64)  # of the answers it was made from
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "consensus"

    def __str__(self) -> str:
        return f"{self.task_id} {self.status}"
