"""Assignment, Draft, Gang: one contributor's seat at one task, their unsubmitted work, and people who must be there together."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from annotation.models.customer import Organization
from annotation.models.project import Project, Stage
from annotation.models.task import Task
from workforce.models import Contributor
from workforce.models.public_id import PublicIdField


class Assignment(models.Model):
    """Offer, then lease, then its end. `epoch` is the fencing number: a submit with an old one never counts by itself.

    `terms`, frozen when the lease is taken: price_minor, currency, lease_s, auto_accept_s, schema_version, guideline, facts_version,
    policy_version; gang: the key of its gang.
    """

    class Status(models.TextChoices):
        OFFERED = "offered", _("Offered")
        LEASED = "leased", _("In work")
        SUBMITTED = "submitted", _("Submitted")
        RETURNED = "returned", _("Given back")
        EXPIRED = "expired", _("Expired")
        REVOKED = "revoked", _("Withdrawn")

    class Origin(models.TextChoices):
        OFFER = "offer"
        CLAIM = "claim"
        RETURN = "return"  # a reviewer sent it back to its author, or it came back to its reviewer
        RECALL = "recall"
        GANG = "gang"  # one of several people who do the task at the same time

    public_id = PublicIdField("asg")
    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    project = models.ForeignKey(Project, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    task = models.ForeignKey(Task, models.CASCADE, related_name="assignments", db_constraint=False)
    contributor = models.ForeignKey(
        Contributor, models.PROTECT, related_name="assignments", db_index=False, db_constraint=False
    )
    stage = models.CharField(max_length=12, choices=Stage)
    round = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=10, choices=Status)
    origin = models.CharField(max_length=8, choices=Origin)
    epoch = models.IntegerField(default=0)
    offered_until = models.DateTimeField(null=True, blank=True)
    leased_at = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    lease_cap_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=60, blank=True)
    # It takes long, and another person was asked as well: this lease holds no seat, and the first answer of the two counts
    spare = models.BooleanField(db_default=False, default=False)
    active_ms = models.BigIntegerField(default=0)
    terms = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "assignment"
        constraints = [
            # contributor before task: the claim probes "has this person had this task" here
            models.UniqueConstraint(fields=["project", "contributor", "task", "round"], name="assignment_once"),
            # take and beat find a person's offers and leases here, too
            models.UniqueConstraint(
                fields=["contributor", "task"],
                condition=Q(status__in=["offered", "leased"]),
                name="assignment_one_live",
            ),
            models.CheckConstraint(
                condition=~Q(status="leased")
                | Q(leased_at__isnull=False, leased_until__isnull=False, lease_cap_at__isnull=False),
                name="assignment_lease_complete",
            ),
        ]
        indexes = [
            # sweeps
            models.Index(fields=["leased_until"], condition=Q(status="leased"), name="assignment_leases"),
            models.Index(fields=["offered_until"], condition=Q(status="offered"), name="assignment_offers"),
            # stragglers: which of a batch's tasks were given to somebody else as well
            models.Index(fields=["task"], condition=Q(spare=True), name="assignment_spare"),
        ]

    def __str__(self) -> str:
        return self.public_id


class Draft(models.Model):
    """Unsubmitted work of one assignment; kept after the lease has ended. `version` decides between two tabs."""

    assignment = models.OneToOneField(Assignment, models.CASCADE, primary_key=True, related_name="draft")
    body = models.JSONField()
    version = models.IntegerField(default=1)
    saved_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "draft"

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.version}"


class Gang(models.Model):
    """Seats of a task that are taken together or not at all: `size` assignments whose terms name it.

    forming until everybody has come, running until nobody works any more, then done; lapsed if somebody did not come.
    """

    class Status(models.TextChoices):
        FORMING = "forming"
        RUNNING = "running"
        DONE = "done"
        LAPSED = "lapsed"

    task = models.ForeignKey(Task, models.CASCADE, related_name="gangs")
    size = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=8, choices=Status, default=Status.FORMING)
    formed_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "gang"
        constraints = [
            models.UniqueConstraint(
                fields=["task"], condition=Q(status__in=["forming", "running"]), name="gang_one_live"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.status}"
