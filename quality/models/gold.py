"""GoldItem, GoldOutcome: tasks whose answer is known, and how contributors did on them."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from annotation.models import Annotation, Organization, Project, Task
from workforce.models.public_id import PublicIdField


class GoldItem(models.Model):
    """The expected answer of a gold task. It never leaves the server towards a contributor, unless it is for practice.

    `training`: everybody does it before other work, and then sees the expected answer and `why`; it proves nothing of them. `rival`: while
    it is disputed, what people answer instead whose work is known to be good.
    """

    class Status(models.TextChoices):
        ACTIVE = "active"
        QUARANTINED = "quarantined"  # nobody meets it, and what it has shown does not count, until a person has looked
        RETIRED = "retired"

    class Source(models.TextChoices):
        PLANTED = "planted", _("Planted")
        REVIEWED = "reviewed", _("From a reviewed task")
        AGREED = "agreed", _("From answers that agree")

    public_id = PublicIdField("gld")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+", db_index=False)
    project = models.ForeignKey(Project, models.CASCADE, related_name="gold")
    task = models.OneToOneField(Task, models.CASCADE, related_name="gold")
    expected = models.JSONField()  # same shape as an answer's value; may cover a part of the questions
    training = models.BooleanField(default=False, db_default=False)
    why = models.TextField(blank=True, default="", db_default="")
    status = models.CharField(max_length=11, choices=Status, default=Status.ACTIVE)
    # used, old, leaked; empty: a person wished it
    retired_for = models.CharField(max_length=8, blank=True, default="", db_default="")
    source = models.CharField(max_length=8, choices=Source, default=Source.PLANTED, db_default=Source.PLANTED)
    # the task whose result it came from; whoever answered that one has seen the answer
    origin = models.OneToOneField(Task, models.SET_NULL, null=True, related_name="promoted")
    rival = models.JSONField(null=True)
    cleared_at = models.DateTimeField(null=True)  # a person has looked at what was disputed until then
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "gold_item"
        constraints = [
            models.CheckConstraint(
                condition=Q(status="quarantined", rival__isnull=False)
                | ~Q(status="quarantined") & Q(rival__isnull=True),
                name="gold_item_rival",
            )
        ]

    def __str__(self) -> str:
        return self.public_id


class GoldOutcome(models.Model):
    """One answer to one gold task: per question right or wrong, and a score 0..1."""

    annotation = models.OneToOneField(Annotation, models.CASCADE, primary_key=True, related_name="gold_outcome")
    item = models.ForeignKey(GoldItem, models.CASCADE, related_name="outcomes")
    score = models.FloatField()
    questions = models.JSONField()  # {question: {passed, score}}
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "gold_outcome"

    def __str__(self) -> str:
        return f"{self.item_id} {self.score}"
