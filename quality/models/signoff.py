"""SignOff: somebody has looked at what the reviews of a batch have shown, and answers for it."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from annotation.models import Batch, Organization
from workforce.models.public_id import PublicIdField


class SignOff(models.Model):
    """A signature under a sheet. `signer`: public id of the user; `name`: theirs on that day; `sheet`: the figures as they were signed.

    More answers, results or reviews make another sheet, which can be signed anew.
    """

    public_id = PublicIdField("sgn")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+", db_index=False)
    batch = models.ForeignKey(Batch, models.CASCADE, related_name="sign_offs", db_index=False)
    signer = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    words = models.TextField()
    sheet = models.JSONField()
    sheet_sha256 = models.CharField(max_length=64)
    signed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "sign_off"
        constraints = [
            models.UniqueConstraint(fields=["batch", "signer", "sheet_sha256"], name="sign_off_once"),
            models.CheckConstraint(condition=~Q(words=""), name="sign_off_words"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return self.public_id
