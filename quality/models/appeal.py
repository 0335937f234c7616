"""Appeal: a contributor asks an independent person to look again at a decision about their work."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from annotation.models import Annotation, Organization, Project, Task
from quality.models.review import Review
from workforce.models import Contributor
from workforce.models.public_id import PublicIdField


class Appeal(models.Model):
    """One per answer. Heard once, by somebody who had nothing to do with the answer or the decision; silence decides for the author.

    `review`: the decision; None if the customer decided, or an answer was compared with a known one: of those the author is told only
    together. `held_until`: how long the hearer keeps it.
    """

    class Cause(models.TextChoices):
        REJECTED = "rejected", _("The answer was not accepted")
        NOT_RETURNED = "not_returned", _("The returned work was not corrected in time")
        KNOWN = "known", _("A known answer was missed")

    class Status(models.TextChoices):
        OPEN = "open", _("Waiting")
        IN_HEARING = "in_hearing", _("Being looked at")
        GRANTED = "granted", _("Granted")
        DISMISSED = "dismissed", _("Not granted")

    public_id = PublicIdField("apl")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+", db_index=False)
    project = models.ForeignKey(Project, models.CASCADE, related_name="appeals", db_index=False)
    task = models.ForeignKey(Task, models.CASCADE, related_name="appeals")
    annotation = models.OneToOneField(Annotation, models.PROTECT, related_name="appeal")
    review = models.ForeignKey(Review, models.PROTECT, null=True, related_name="appeals")
    contributor = models.ForeignKey(Contributor, models.PROTECT, related_name="appeals")
    cause = models.CharField(max_length=12, choices=Cause)
    words = models.TextField()
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    opened_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField()  # then it is granted if nobody has decided
    hearer = models.ForeignKey(Contributor, models.PROTECT, null=True, related_name="+")
    held_until = models.DateTimeField(null=True)
    note = models.TextField(blank=True)  # the hearer's reason, for the author
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "appeal"
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["open", "in_hearing"], decided_at__isnull=True)
                | Q(status__in=["granted", "dismissed"], decided_at__isnull=False),
                name="appeal_decided_pair",
            ),
            models.CheckConstraint(
                condition=~Q(status="in_hearing") | Q(hearer__isnull=False, held_until__isnull=False),
                name="appeal_heard_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status="dismissed") | (Q(hearer__isnull=False) & ~Q(note="")),
                name="appeal_dismissed_with_reason",
            ),
        ]
        indexes = [
            # the hearers' queue, and the sweep of those that nobody decided
            models.Index(
                fields=["project", "due_at"], condition=Q(status__in=["open", "in_hearing"]), name="appeal_waiting"
            )
        ]

    def __str__(self) -> str:
        return self.public_id
