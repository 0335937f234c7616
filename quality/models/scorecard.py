"""Scorecard, Evidence: what is known of a contributor's accuracy on a project, and each observation behind it."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from annotation.models import Annotation, Project
from quality.agreement.accuracy import PRIOR_RIGHT, PRIOR_WRONG
from quality.agreement.trial import NEW, PROBATION, TRUSTED
from workforce.models import Contributor


class Scorecard(models.Model):
    """Beta posterior of accuracy per contributor and project: alpha - 4 weighted right, beta - 2 weighted wrong observations.

    As of `updated_at`: an observation weighs half as much after 90 days. `test`, `drift`: as in `quality.agreement.trial`.
    """

    class Standing(models.TextChoices):
        NEW = NEW, _("New")
        TRUSTED = TRUSTED, _("Trusted")
        PROBATION = PROBATION, _("On probation")

    project = models.ForeignKey(Project, models.CASCADE, related_name="scorecards")
    contributor = models.ForeignKey(Contributor, models.CASCADE, related_name="scorecards")
    alpha = models.FloatField(default=PRIOR_RIGHT)
    beta = models.FloatField(default=PRIOR_WRONG)
    n = models.IntegerField(default=0)
    gold_n = models.IntegerField(default=0)
    gold_right = models.FloatField(default=0)
    standing = models.CharField(max_length=9, choices=Standing, default=Standing.NEW, db_default=Standing.NEW)
    test = models.FloatField(default=0.0, db_default=0.0)
    drift = models.FloatField(default=0.0, db_default=0.0)
    raised_until = models.DateTimeField(null=True)  # until then a rule gives them more known answers
    reviewed_until = models.DateTimeField(null=True)  # until then a rule has all their work reviewed
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "scorecard"
        constraints = [models.UniqueConstraint(fields=["project", "contributor"], name="scorecard_unique")]

    def __str__(self) -> str:
        return f"{self.project_id} {self.contributor_id}"


class Evidence(models.Model):
    """One observation: an answer compared with gold, a review or the consensus. Outcome 0..1, weight > 0."""

    class Kind(models.TextChoices):
        GOLD = "gold", _("Known answer")
        REVIEW = "review", _("Review")
        PEER = "peer", _("Consensus")

    annotation = models.ForeignKey(Annotation, models.CASCADE, related_name="evidence")
    # both follow from the answer, so the database need not check them once more
    project = models.ForeignKey(Project, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    contributor = models.ForeignKey(Contributor, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    kind = models.CharField(max_length=8, choices=Kind)
    outcome = models.FloatField()
    weight = models.FloatField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "evidence"
        constraints = [models.UniqueConstraint(fields=["annotation", "kind"], name="evidence_once")]
        indexes = [
            models.Index(fields=["project", "contributor", "id"], name="evidence_of_person"),
            # whether somebody is good enough is decided from these alone
            models.Index(fields=["project", "contributor", "id"], condition=Q(kind="gold"), name="evidence_gold"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.kind} {self.outcome}"
