"""Consent: which sensitive content somebody has agreed to see."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from workforce.models.people import Contributor


class Sensitive(models.TextChoices):
    """Content that is shown only to people who agreed to it beforehand."""

    ADULT = "adult", _("Sexual content")
    VIOLENCE = "violence", _("Violence and injury")
    HATE = "hate", _("Hate and harassment")
    SELF_HARM = "self_harm", _("Self-harm and suicide")
    MEDICAL = "medical", _("Medical images and illness")


class Consent(models.Model):
    """Given for one category, until it is taken back; both without any effect on standing."""

    contributor = models.ForeignKey(Contributor, models.CASCADE, related_name="consents", db_index=False)
    category = models.CharField(max_length=20, choices=Sensitive)
    granted_at = models.DateTimeField(db_default=Now())
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "consent"
        constraints = [
            models.UniqueConstraint(
                fields=["contributor", "category"], condition=Q(revoked_at__isnull=True), name="consent_live_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.contributor_id} {self.category}"
