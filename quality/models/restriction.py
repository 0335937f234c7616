"""Restriction: somebody gets no new tasks of a project for some days; or the question, to a person, whether it shall be so."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from annotation.models import Project
from quality.models.rule import RuleHit
from workforce.models import Contributor
from workforce.models.public_id import PublicIdField


class Restriction(models.Model):
    """What came of a hit of a rule. In force from `since` to `until` while it is imposed; one that was lifted counts against nobody.

    `grounds`: as in `quality.agreement.restraint`; fewer than two need a person. `decider`: public id of who gave it its status, empty if
    it was the rule, or that nobody answered in time. `objection`: of the restricted person, once; `reply`: why it stays all the same.
    """

    class Status(models.TextChoices):
        ASKED = "asked", _("Waits for a decision")
        IMPOSED = "imposed", _("Restricted")
        LEFT = "left", _("Left as it is")
        LIFTED = "lifted", _("Lifted")

    public_id = PublicIdField("rst")
    project = models.ForeignKey(Project, models.CASCADE, related_name="restrictions", db_index=False)
    contributor = models.ForeignKey(Contributor, models.CASCADE, related_name="restrictions")
    hit = models.OneToOneField(RuleHit, models.CASCADE, related_name="restriction")
    grounds = ArrayField(models.CharField(max_length=10))
    status = models.CharField(max_length=7, choices=Status, default=Status.ASKED)
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    decider = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=500, blank=True)  # for which it was lifted, told to the person
    objection = models.TextField(blank=True)
    objected_at = models.DateTimeField(null=True)
    reply = models.TextField(blank=True)
    replied_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "restriction"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "contributor"], condition=Q(status="asked"), name="restriction_asked_once"
            ),
            models.CheckConstraint(
                condition=~Q(status="imposed") | Q(grounds__len__gte=2) | ~Q(decider=""), name="restriction_two_grounds"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["asked", "left"], since__isnull=True, until__isnull=True)
                | Q(
                    status__in=["imposed", "lifted"],
                    since__isnull=False,
                    until__isnull=False,
                    until__gt=models.F("since"),
                ),
                name="restriction_has_an_end",
            ),
            models.CheckConstraint(
                condition=~Q(status="lifted") | ~Q(reason="") | Q(decider=""), name="restriction_lifted_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(objection="", objected_at__isnull=True)
                | (~Q(objection="") & Q(objected_at__isnull=False, since__isnull=False)),
                name="restriction_objection_pair",
            ),
            models.CheckConstraint(
                condition=Q(reply="", replied_at__isnull=True)
                | (~Q(reply="") & Q(replied_at__isnull=False, objected_at__isnull=False)),
                name="restriction_reply_pair",
            ),
        ]
        indexes = [models.Index(fields=["project", "contributor"], name="restriction_of_person")]

    def __str__(self) -> str:
        return self.public_id
