"""Project, SchemaVersion, Guideline, Queue, QueueCursor: one kind of work, and the lines in which it waits."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from annotation.models.customer import Membership, Mode, Organization
from workforce.models import Contributor
from workforce.models.public_id import PublicIdField

NO_END = 2**63 - 1  # of a rank


class Project(models.Model):
    """One kind of work: what is shown and asked (schema), how it is to be done (guideline), for whom, at what price and quality.

    `terms`: price_minor, review_price_minor, lease_s, auto_accept_s. `quality`: overlap {min, max, confidence}, review {share,
    below_confidence, blind, second, lot {n, accept}}, gold {share, first (so many tasks for practice come first; all of them if left out)},
    aggregate, aggregate_for {question}. `requirements`: skills [{skill, value}], languages [{tag, level}], countries, sensitive (content
    that needs consent), apart (who is too near to answer the same task: household, team).
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        PAUSED = "paused", _("Paused")
        ARCHIVED = "archived", _("Archived")

    class Workforce(models.TextChoices):
        PUBLIC = "public", _("Everybody on the platform")
        TEAM = "team", _("Our own labelers")
        BOTH = "both", _("Both")

    public_id = PublicIdField("prj")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="projects")
    mode = models.CharField(max_length=4, choices=Mode)
    name = models.CharField(_("name"), max_length=200)
    description = models.CharField(_("description"), max_length=1000, blank=True)
    preset = models.CharField(max_length=60, blank=True)
    topic = models.CharField(max_length=20, default="more")  # the kind of work, by which people choose
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    workforce = models.CharField(_("workforce"), max_length=8, choices=Workforce, default=Workforce.BOTH)
    terms = models.JSONField(default=dict)
    quality = models.JSONField(default=dict)
    requirements = models.JSONField(default=dict)
    metadata = models.JSONField(default=dict)
    schema_version = models.IntegerField(default=0)
    guideline_version = models.IntegerField(default=0)
    # What a lease freezes, copied into the assignment when it is taken; written by the acts that change its parts.
    lease_terms = models.JSONField(default=dict)
    # Every act that can change who may work here adds 1: stored verdicts with another number are void.
    policy_version = models.IntegerField(default=1)
    version = models.IntegerField(default=1)
    # managers, reviewers and members see the projects they are listed on
    members: "models.ManyToManyField[Membership, Any]" = models.ManyToManyField(
        Membership, related_name="projects", db_table="project_member"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "project"
        constraints = [
            models.UniqueConstraint(fields=["organization", "mode", "name"], name="project_name_unique"),
            models.UniqueConstraint(
                fields=["organization", "id"], name="project_of_organization"
            ),  # target of composite keys
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def blind(self) -> bool:
        """Whether reviewers judge first without the merged value and without what is known of the authors."""
        return bool(self.quality.get("review", {}).get("blind", True))

    @property
    def gold_share(self) -> float:
        """The share of turns at which somebody whose work is known gets a known answer, 0..1. None among tasks that are done together:
        one alone would show what it is."""
        return 0.0 if self.requirements.get("together") else float(self.quality.get("gold", {}).get("share", 0))


class SchemaVersion(models.Model):
    """An immutable list of fields and questions in the label language. Answers of two `major` numbers are never pooled."""

    public_id = PublicIdField("scv")
    project = models.ForeignKey(Project, models.CASCADE, related_name="schemas")
    number = models.IntegerField()
    major = models.IntegerField()
    body = models.JSONField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "schema_version"
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="schema_version_number")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.project_id} schema {self.number}"


class Guideline(models.Model):
    """Immutable, numbered instructions in Markdown; a `breaking` one must be read again before the next lease."""

    class Change(models.TextChoices):
        MINOR = "minor", _("Small change")
        BREAKING = "breaking", _("Must be read again")

    public_id = PublicIdField("gdl")
    project = models.ForeignKey(Project, models.CASCADE, related_name="guidelines")
    number = models.IntegerField()
    body = models.TextField(_("guideline"), blank=True)
    change = models.CharField(max_length=8, choices=Change, default=Change.MINOR)
    note = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "guideline"
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="guideline_number")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.project_id} guideline {self.number}"


class ProjectContributor(models.Model):
    """What a project says of one contributor: invited by name, or excluded; for how long they get no new tasks; what they read last; up to
    which rank of its practice they are to do before other work, because it was asked of them again.

    `restriction`, `practice`: what their words need, as far as it may be told: {days, n, right, fell, alike, timed, fast, skips, exits,
    volume}; with the restriction's id, or {asked: how many tasks, reason: a person's}.
    """

    class Status(models.TextChoices):
        OPEN = "open"
        INVITED = "invited"
        EXCLUDED = "excluded"

    project = models.ForeignKey(Project, models.CASCADE, related_name="contributors", db_index=False)
    contributor = models.ForeignKey(Contributor, models.CASCADE, related_name="project_places")
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    guideline_read = models.IntegerField(default=0)
    reason = models.CharField(max_length=500, blank=True)
    restricted_until = models.DateTimeField(null=True)
    restriction = models.JSONField(default=dict, db_default={})
    practice_end = models.BigIntegerField(null=True)
    practice = models.JSONField(default=dict, db_default={})

    class Meta:
        db_table = "project_contributor"
        constraints = [models.UniqueConstraint(fields=["project", "contributor"], name="project_contributor_unique")]

    def __str__(self) -> str:
        return f"{self.project_id} {self.contributor_id} {self.status}"


class Stage(models.TextChoices):
    """Who does what with a task; one assignment machinery for all three."""

    LABEL = "label", pgettext_lazy("stage", "Label")
    REVIEW = "review", _("Review")
    ADJUDICATE = "adjudicate", _("Adjudicate")


class ServiceClass(models.TextChoices):
    """The order between queues: urgent before standard before bulk before training."""

    URGENT = "urgent", _("Urgent")
    STANDARD = "standard", _("Standard")
    BULK = "bulk", _("Bulk")
    TRAINING = "training", _("Practice")


class Purpose(models.TextChoices):
    """Work; a task whose answer is known; a copy of one by which its result is checked; practice, of which the answer is shown afterwards.

    Only of practice does a contributor learn what it is.
    """

    WORK = "work"
    GOLD = "gold"
    AUDIT = "audit"
    TRAIN = "train"


class Queue(models.Model):
    """Exchangeable open tasks: who may do one may do all. `head` = rank and id below which nothing is claimable."""

    class Status(models.TextChoices):
        OPEN = "open"
        PAUSED = "paused"

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+", db_index=False)
    project = models.ForeignKey(Project, models.CASCADE, related_name="queues", db_index=False)
    stage = models.CharField(max_length=12, choices=Stage)
    service_class = models.CharField(max_length=10, choices=ServiceClass)
    purpose = models.CharField(max_length=6, choices=Purpose, default=Purpose.WORK)
    requirements_sha256 = models.CharField(max_length=64)
    requirements = models.JSONField(default=dict)
    # who pays for what is done here, if not the organization: what is done again because a promise was not kept is at no charge
    payer = models.CharField(max_length=64, blank=True, db_default="", default="")
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    epoch = models.IntegerField(default=0)  # +1 when a task is opened at a rank that cursors have passed
    changes = models.IntegerField(default=0)  # +1 whenever tasks are opened: guards the raising of the head
    head_rank = models.BigIntegerField(default=-1)
    head_id = models.BigIntegerField(default=0)
    # share of the people of the last hour whom this queue is open to, by a sweep; 1 until it is known
    reach = models.FloatField(default=1.0, db_default=1.0)
    # Active seconds of an answer, log-normal; `pace_n`: the answers it was measured from, 0 while it is an estimate.
    pace_n = models.IntegerField(default=0)
    pace_median_s = models.FloatField(default=150.0)
    pace_sigma = models.FloatField(default=0.7)

    class Meta:
        db_table = "queue"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "stage", "service_class", "purpose", "payer", "requirements_sha256"],
                name="queue_unique",
            )
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.stage} {self.service_class}"


class QueueCursor(models.Model):
    """Per contributor and queue: the verdict whether they may, and where their last direct claim stood."""

    pk = models.CompositePrimaryKey("queue_id", "contributor_id")
    queue = models.ForeignKey(Queue, models.CASCADE, related_name="cursors", db_index=False)
    contributor = models.ForeignKey(Contributor, models.CASCADE, related_name="cursors", db_index=False)
    project = models.ForeignKey(Project, models.CASCADE, related_name="+", db_index=False)
    epoch = models.IntegerField(default=-1)
    rank = models.BigIntegerField(default=-1)
    task_id = models.BigIntegerField(default=0)
    exhausted_changes = models.IntegerField(
        null=True
    )  # nothing was left for this person when the queue had this many changes
    verdict = models.CharField(max_length=40, blank=True)  # empty = may; else the refusal's code
    params = models.JSONField(default=dict)
    facts_version = models.IntegerField()
    policy_version = models.IntegerField()
    eligible_until = models.DateTimeField(null=True)
    # What ranks behind it is not for this person: practice beyond what they are to do.
    end_rank = models.BigIntegerField(default=NO_END, db_default=NO_END)
    # Known answers that this person gets, in multiples of the project's share: five for a newcomer; the same in all queues of a project
    gold_factor = models.FloatField(default=5.0, db_default=5.0)

    class Meta:
        db_table = "queue_cursor"
        # the claim asks: this person's queues in this project
        indexes = [models.Index(fields=["contributor", "project"], name="queue_cursor_person")]

    def __str__(self) -> str:
        return f"{self.queue_id} {self.contributor_id}"
