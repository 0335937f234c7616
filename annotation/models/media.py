"""File: one piece of media of an organization, stored once per content."""

from typing import Any

from django.db import models
from django.db.models.functions import Now

from annotation.models.customer import Organization
from workforce.models.public_id import PublicIdField


class File(models.Model):
    """A picture or recording as stored: probed, pictures turned upright. Served by signed, short-lived addresses only.

    peaks: int8 pairs of lowest and highest sample that the wave of a recording is drawn from.
    """

    public_id = PublicIdField("fil")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="files", db_index=False)
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    bytes = models.BigIntegerField()
    mime = models.CharField(max_length=60)
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    seconds = models.FloatField(null=True)
    sample_rate = models.IntegerField(null=True)
    peaks = models.BinaryField(default=b"", db_default=b"")
    storage_key = models.CharField(max_length=200)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "file"
        constraints = [models.UniqueConstraint(fields=["organization", "sha256"], name="file_content_unique")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_recording(self) -> bool:
        """Whether it is heard, not seen."""
        return self.mime.startswith("audio/")

    @property
    def described(self) -> dict[str, Any]:
        """What a payload says of it."""
        names = ("seconds", "sample_rate") if self.is_recording else ("width", "height")
        return {name: getattr(self, name) for name in (*names, "sha256")}
