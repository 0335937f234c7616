"""Skill, SkillGrant: named abilities and who has them."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from workforce.models.people import Contributor, User
from workforce.models.public_id import PublicIdField

PLATFORM = "platform"


class Skill(models.Model):
    """A named ability. The owner is `platform` or `org:<public id>`; `review` and `adjudicate` belong to the platform or an owner."""

    public_id = PublicIdField("skl")
    owner_key = models.CharField(max_length=64, default=PLATFORM)
    name = models.CharField(_("name"), max_length=100)
    description = models.CharField(_("description"), max_length=500, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "skill"
        constraints = [models.UniqueConstraint("owner_key", Lower("name"), name="skill_name_unique")]

    def __str__(self) -> str:
        return self.name


class SkillGrant(models.Model):
    """A contributor has a skill at a level 0-100 until it expires or is revoked; a changed level is a new grant."""

    public_id = PublicIdField("sgr")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="grants")
    contributor = models.ForeignKey(Contributor, models.CASCADE, related_name="grants")
    value = models.SmallIntegerField(_("level"), default=100)
    granted_at = models.DateTimeField(db_default=Now())
    granted_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "skill_grant"
        constraints = [
            models.UniqueConstraint(
                fields=["contributor", "skill"], condition=Q(revoked_at__isnull=True), name="skill_grant_live_unique"
            ),
            models.CheckConstraint(condition=Q(value__range=(0, 100)), name="skill_grant_value"),
        ]

    def __str__(self) -> str:
        return f"{self.skill_id} {self.value}"
