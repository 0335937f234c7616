"""Presence, Preference: who is online and where, and what work somebody wants."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from workforce.models.people import Contributor


class Presence(models.Model):
    """The last sign of life of a contributor's workspace. `place` is the key of what is open there, empty if nothing is.

    `roams`: they let the scheduler choose, so their next task may come from anywhere.
    """

    contributor = models.OneToOneField(Contributor, models.CASCADE, primary_key=True, related_name="presence")
    last_seen_at = models.DateTimeField()
    place = models.CharField(max_length=64, blank=True)
    roams = models.BooleanField(default=False, db_default=False)
    # The dispatcher's: when it gave this person an offer last (least recently served first), in which project, how many there in a row.
    served_at = models.DateTimeField(null=True, blank=True)
    served_in = models.CharField(max_length=64, blank=True, db_default="")
    streak = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        db_table = "presence"
        indexes = [models.Index(fields=["last_seen_at"], name="presence_last_seen")]  # dispatch: who is online now

    def __str__(self) -> str:
        return f"{self.contributor_id} {self.place}"


class Preference(models.Model):
    """What work somebody wants; nothing here is seen by anybody else or counts against them.

    `min_pay_hour_minor`: minor units of `currency` per hour of active time; work paid in another currency is not compared.
    """

    contributor = models.OneToOneField(Contributor, models.CASCADE, primary_key=True, related_name="preference")
    min_pay_hour_minor = models.PositiveIntegerField(_("least pay per hour"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="USD")
    max_task_s = models.PositiveIntegerField(_("longest task"), null=True, blank=True)
    max_day_s = models.PositiveIntegerField(_("longest day"), null=True, blank=True)
    # minutes of the day, in their own time zone, between which work may come; from evening to morning if the first is the later one
    day_from = models.PositiveSmallIntegerField(_("from"), null=True, blank=True)
    day_to = models.PositiveSmallIntegerField(_("to"), null=True, blank=True)
    hidden_topics = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    break_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "preference"
        constraints = [
            models.CheckConstraint(condition=Q(max_day_s__isnull=True) | Q(max_day_s__gte=60), name="preference_day"),
            models.CheckConstraint(condition=Q(max_task_s__isnull=True) | Q(max_task_s__gte=5), name="preference_task"),
            models.CheckConstraint(
                condition=Q(day_from__isnull=True, day_to__isnull=True)
                | Q(day_from__lt=1440, day_to__lte=1440) & ~Q(day_from=F("day_to")),
                name="preference_hours",
            ),
        ]

    def __str__(self) -> str:
        return str(self.contributor_id)
