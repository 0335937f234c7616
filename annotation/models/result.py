"""Result: the settled value per question, with confidence, method and provenance."""

import pgtrigger
from django.db import models
from django.db.models.functions import Now

from annotation.models.customer import Organization
from annotation.models.project import Project
from annotation.models.task import Task
from workforce.models.public_id import PublicIdField


class Result(models.Model):
    """`answers` {question: {value, confidence, method, n, status, calibrated, soft?, dissent?, run?}}.

    `provenance` {annotations, reviews, contributors, schema_version, guideline_version, disagreement?}.
    """

    public_id = PublicIdField("res")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+", db_index=False)
    project = models.ForeignKey(Project, models.CASCADE, related_name="+", db_index=False)
    task = models.ForeignKey(Task, models.CASCADE, related_name="results", db_index=False)
    revision = models.PositiveSmallIntegerField()
    answers = models.JSONField()
    provenance = models.JSONField()
    confidence = models.FloatField(null=True)  # the least confident required question
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "result"
        constraints = [models.UniqueConstraint(fields=["task", "revision"], name="result_once")]
        indexes = [
            models.Index(fields=["project", "id"], name="result_export")
        ]  # export: a project's results in key order
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return self.public_id
