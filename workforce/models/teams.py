"""Team, TeamMembership: people who are too near to each other for their answers to count as independent."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from workforce.models.people import Contributor
from workforce.models.public_id import PublicIdField


class Team(models.Model):
    """A household, whose members name themselves, or an organization's team. Whoever has the code can join a household."""

    class Kind(models.TextChoices):
        HOUSEHOLD = "household", _("Household")
        TEAM = "team", _("Team")

    public_id = PublicIdField("tea")
    kind = models.CharField(max_length=10, choices=Kind)
    owner_key = models.CharField(max_length=64, blank=True)  # `org:<public id>` for an organization's team
    name = models.CharField(_("name"), max_length=100, blank=True)
    code = models.CharField(max_length=16, unique=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "team"

    def __str__(self) -> str:
        return self.name or self.public_id


class TeamMembership(models.Model):
    """Somebody belongs to a team."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    contributor = models.ForeignKey(Contributor, models.CASCADE, related_name="teams", db_index=False)

    class Meta:
        db_table = "team_membership"
        constraints = [models.UniqueConstraint(fields=["contributor", "team"], name="team_membership_unique")]

    def __str__(self) -> str:
        return f"{self.team_id} {self.contributor_id}"
