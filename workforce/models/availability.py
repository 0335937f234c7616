"""Presence: who is online, and where."""

from django.db import models

from workforce.models.people import Contributor


class Presence(models.Model):
    """The last sign of life of a contributor's workspace. `place` is the key of what is open there, empty if nothing is."""

    contributor = models.OneToOneField(Contributor, models.CASCADE, primary_key=True, related_name="presence")
    last_seen_at = models.DateTimeField()
    place = models.CharField(max_length=64, blank=True)
    served_at = models.DateTimeField(
        null=True, blank=True
    )  # last time the dispatcher gave an offer: least recently served first

    class Meta:
        db_table = "presence"
        indexes = [models.Index(fields=["last_seen_at"], name="presence_last_seen")]  # dispatch: who is online now

    def __str__(self) -> str:
        return f"{self.contributor_id} {self.place}"
