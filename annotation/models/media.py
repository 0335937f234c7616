"""File: one piece of media of an organization, stored once per content."""

from django.db import models
from django.db.models.functions import Now

from annotation.models.customer import Organization
from workforce.models.public_id import PublicIdField


class File(models.Model):
    """An image as stored: probed and turned upright at intake. Served by signed, short-lived addresses only."""

    public_id = PublicIdField("fil")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="files", db_index=False)
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    bytes = models.BigIntegerField()
    mime = models.CharField(max_length=60)
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    storage_key = models.CharField(max_length=200)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "file"
        constraints = [models.UniqueConstraint(fields=["organization", "sha256"], name="file_content_unique")]

    def __str__(self) -> str:
        return self.name
