"""User, Contributor, LanguageClaim: who signs in, who does work, and the languages they claim."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from workforce.models.public_id import PublicIdField


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A new user; the address is stored as given, unique without regard to case."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A member of the platform's staff with every right."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who can sign in: contributor, member of an organization, or both."""

    class Theme(models.TextChoices):
        AUTO = "auto", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    public_id = PublicIdField("usr")
    email = models.EmailField(_("e-mail"), max_length=254)
    name = models.CharField(_("name"), max_length=100, blank=True)
    locale = models.CharField(_("language"), max_length=20, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    theme = models.CharField(_("theme"), max_length=8, choices=Theme, default=Theme.AUTO)
    # Django, allauth and the session framework expect these two names.
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        db_table = "user_account"
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique")]

    def __str__(self) -> str:
        return self.name or self.email


class Contributor(models.Model):
    """Whoever answers. Knows nothing of organizations; customers see a pseudonym of their own for each."""

    class Kind(models.TextChoices):
        PERSON = "person"
        MODEL = "model"

    class Status(models.TextChoices):
        ACTIVE = "active"
        PAUSED = "paused"
        SUSPENDED = "suspended"
        LEFT = "left"

    public_id = PublicIdField("per")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.PERSON)
    user = models.OneToOneField(User, models.PROTECT, null=True, blank=True, related_name="contributor")
    status = models.CharField(max_length=12, choices=Status, default=Status.ACTIVE)
    country = models.CharField(_("country"), max_length=2, blank=True)
    # Every act that can change what this person may do adds 1: stored verdicts with another number are void.
    facts_version = models.IntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "contributor"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="model") | Q(user__isnull=False), name="contributor_person_has_user"
            )
        ]

    def __str__(self) -> str:
        return self.public_id


class LanguageClaim(models.Model):
    """A language somebody works in: BCP 47 tag and level 1 (a little) to 5 (first language)."""

    contributor = models.ForeignKey(Contributor, models.CASCADE, related_name="languages")
    tag = models.CharField(_("language"), max_length=35)
    level = models.PositiveSmallIntegerField(_("level"))

    class Meta:
        db_table = "language_claim"
        constraints = [
            models.UniqueConstraint(fields=["contributor", "tag"], name="language_claim_unique"),
            models.CheckConstraint(condition=Q(level__range=(1, 5)), name="language_claim_level"),
        ]

    def __str__(self) -> str:
        return f"{self.tag} {self.level}"
