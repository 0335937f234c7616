"""Notice: a message to a contributor, kept as code and parameters; the words are made in the reader's language."""

from django.db import models
from django.db.models.functions import Now

from workforce.models.people import Contributor
from workforce.models.public_id import PublicIdField


class Notice(models.Model):
    """Something a contributor should know: work returned, an answer corrected, a skill granted."""

    public_id = PublicIdField("ntc")
    contributor = models.ForeignKey(Contributor, models.CASCADE, related_name="notices")
    code = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    source_key = models.CharField(max_length=100)
    created_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "notice"
        constraints = [models.UniqueConstraint(fields=["contributor", "code", "source_key"], name="notice_once")]
        indexes = [models.Index(fields=["contributor", "-id"], name="notice_inbox")]

    def __str__(self) -> str:
        return self.code
