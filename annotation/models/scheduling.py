"""FairShare, DispatchRound: what customers and classes have used lately, and what the dispatcher did."""

from django.db import models


class FairShare(models.Model):
    """Active minutes used, decaying. `key`: `org:<organization key>` (half-life a week) or `class:<service class>` (an hour)."""

    key = models.CharField(max_length=40, primary_key=True)
    minutes = models.FloatField()
    at = models.DateTimeField()
    upto = models.BigIntegerField()  # key of the last answer that was counted

    class Meta:
        db_table = "fair_share"

    def __str__(self) -> str:
        return f"{self.key} {self.minutes:g}"


class DispatchRound(models.Model):
    """A round that found somebody to serve; kept for a day. `queues` {queue key: offers}."""

    at = models.DateTimeField()
    people = models.IntegerField()  # online with fewer offers ahead than they should have
    offers = models.IntegerField()  # written
    lost = models.IntegerField()  # chosen, but taken by others meanwhile
    took_ms = models.IntegerField()
    queues = models.JSONField(default=dict)

    class Meta:
        db_table = "dispatch_round"
        indexes = [models.Index(fields=["-at"], name="dispatch_round_at")]

    def __str__(self) -> str:
        return f"{self.at} {self.offers}"
