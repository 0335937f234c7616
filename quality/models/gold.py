"""GoldItem, GoldOutcome: tasks whose answer is known, and how contributors did on them."""

from django.db import models
from django.db.models.functions import Now

from annotation.models import Annotation, Organization, Project, Task
from workforce.models.public_id import PublicIdField


class GoldItem(models.Model):
    """The expected answer of a gold task. It never leaves the server towards a contributor."""

    class Status(models.TextChoices):
        ACTIVE = "active"
        RETIRED = "retired"

    public_id = PublicIdField("gld")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+", db_index=False)
    project = models.ForeignKey(Project, models.CASCADE, related_name="gold")
    task = models.OneToOneField(Task, models.CASCADE, related_name="gold")
    expected = models.JSONField()  # same shape as an answer's value; may cover a part of the questions
    status = models.CharField(max_length=8, choices=Status, default=Status.ACTIVE)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "gold_item"

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
