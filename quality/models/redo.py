"""Redo: the answers that somebody gave to a project since a moment are set aside, and others answer their tasks again."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from annotation.models import Project
from quality.models.rule import RuleHit
from workforce.models import Contributor
from workforce.models.public_id import PublicIdField


class Redo(models.Model):
    """How far it has come. `hit`: of the rule that did it, if one did. `reached`: key of the last answer that was looked at.

    `answers` were set aside, `delivered` of them of tasks that had a result; `left`: {why: how many stay as they are}.
    """

    class Status(models.TextChoices):
        RUNNING = "running", _("Going on")
        DONE = "done", _("Done")

    public_id = PublicIdField("rdo")
    project = models.ForeignKey(Project, models.CASCADE, related_name="redos", db_index=False)
    contributor = models.ForeignKey(Contributor, models.CASCADE, related_name="redos")
    hit = models.OneToOneField(RuleHit, models.CASCADE, related_name="redo", null=True)
    since = models.DateTimeField()
    until = models.DateTimeField()
    actor_kind = models.CharField(max_length=12)
    actor = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=7, choices=Status, default=Status.RUNNING)
    reached = models.BigIntegerField(default=0)
    answers = models.PositiveIntegerField(default=0)
    delivered = models.PositiveIntegerField(default=0)
    left = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "redo"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "contributor"], condition=Q(status="running"), name="redo_running_once"
            ),
            models.CheckConstraint(condition=Q(since__lt=F("until")), name="redo_span"),
            models.CheckConstraint(condition=Q(delivered__lte=F("answers")), name="redo_counts"),
        ]
        indexes = [
            models.Index(fields=["project", "contributor"], name="redo_of_person"),
            # the sweep: what a worker has not brought to its end
            models.Index(fields=["updated_at"], condition=Q(status="running"), name="redo_running"),
        ]

    def __str__(self) -> str:
        return self.public_id
