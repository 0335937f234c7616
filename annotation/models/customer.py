"""Organization, Membership, Invitation, ApiKey, ContributorAlias, IdempotencyRecord: the customer and who acts for it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from workforce.models import Contributor
from workforce.models.public_id import PublicIdField


class Mode(models.TextChoices):
    """Two worlds with the same code; names, keys and events never meet."""

    LIVE = "live"
    TEST = "test"


class Organization(models.Model):
    """The customer, and the tenant: owner of projects, keys and money."""

    public_id = PublicIdField("org")
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=100)
    currency = models.CharField(max_length=3, default="USD")
    # What it may have at most: open_tasks, live_tasks (with those that wait), spend_day_minor (UTC days). What is not named has no limit.
    limits = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "organization"

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a member may do; `annotation.permissions` has the table. A labeler works, and sees no customer page."""

    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Admin")
    MANAGER = "manager", _("Manager")
    REVIEWER = "reviewer", _("Reviewer")
    AUDITOR = "auditor", _("Auditor")
    MEMBER = "member", _("Member")
    LABELER = "labeler", _("Labeler")


class Membership(models.Model):
    """A user acts for an organization in one role; managers, reviewers and members see the projects they are listed on."""

    public_id = PublicIdField("mem")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=12, choices=Role)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "membership"
        constraints = [models.UniqueConstraint(fields=["organization", "user"], name="membership_unique")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class Invitation(models.Model):
    """A single-use link that makes its finder a member, and a contributor with `skills` if those are named."""

    public_id = PublicIdField("inv")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail"), max_length=254)
    role = models.CharField(_("role"), max_length=12, choices=Role)
    skills = ArrayField(
        models.CharField(max_length=100), default=list, blank=True
    )  # skill public ids granted on acceptance
    token_sha256 = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "invitation"
        constraints = [
            models.UniqueConstraint(
                "organization",
                Lower("email"),
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="invitation_open_unique",
            )
        ]

    def __str__(self) -> str:
        return self.email


class ApiKey(models.Model):
    """A program's right to act for one organization in one mode. Only the SHA-256 of the secret is kept."""

    public_id = PublicIdField("key")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="api_keys")
    mode = models.CharField(max_length=4, choices=Mode)
    name = models.CharField(_("name"), max_length=100)
    access_key_id = models.CharField(max_length=20, unique=True)
    secret_sha256 = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=32), default=list)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "api_key"

    def __str__(self) -> str:
        return f"{self.mode}_{self.access_key_id}"


class ContributorAlias(models.Model):
    """The pseudonym of a contributor at one organization: random, another one at every customer."""

    public_id = PublicIdField("ctr")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    contributor = models.ForeignKey(Contributor, models.CASCADE, related_name="aliases")

    class Meta:
        db_table = "contributor_alias"
        constraints = [models.UniqueConstraint(fields=["organization", "contributor"], name="contributor_alias_unique")]

    def __str__(self) -> str:
        return self.public_id


class IdempotencyRecord(models.Model):
    """The stored answer to an `Idempotency-Key`, written in the transaction of its effect and kept for 7 days."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    mode = models.CharField(max_length=4, choices=Mode)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    headers = models.JSONField(default=dict)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "idempotency_record"
        constraints = [models.UniqueConstraint(fields=["organization", "mode", "key"], name="idempotency_key_unique")]

    def __str__(self) -> str:
        return self.key
