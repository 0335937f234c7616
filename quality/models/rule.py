"""Rule, RuleHit: what a project does by itself when somebody's work looks like this, and each time that it did."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from annotation.models import Project
from workforce.models import Contributor
from workforce.models.public_id import PublicIdField

STRONG = ("restrict", "redo")  # actions that take two independent signals, or a person
MOST_PRACTICE = 20  # tasks of it that are asked of somebody at once


class Rule(models.Model):
    """`condition`: as in `quality.agreement.conditions`, over what was observed in the last `window_d` days, at least `least` times.

    `tried`, of the present version only: what it would have done so far {at, days, people, hits, good, rows}; without it a rule
    cannot be enabled.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Not in force")
        ENABLED = "enabled", _("In force")

    class Action(models.TextChoices):
        FLAG = "flag", _("Show them here, for somebody to look")
        RAISE_GOLD = "raise_gold", _("Give them more known answers")
        REVIEW_ALL = "review_all", _("Have all their work reviewed")
        NOTIFY = "notify", _("Ask them to read the guidelines again")
        PRACTICE = "require_practice", _("Have them practise again before other work")
        RESTRICT = "restrict", _("Give them no new tasks for a while")
        REDO = "redo", _("Have their answers of these days done again by others")

    public_id = PublicIdField("rul")
    project = models.ForeignKey(Project, models.CASCADE, related_name="rules")
    name = models.CharField(max_length=80)
    window_d = models.PositiveSmallIntegerField()
    least = models.PositiveSmallIntegerField()
    condition = models.JSONField()
    action = models.CharField(max_length=16, choices=Action)
    days = models.PositiveSmallIntegerField(default=7)  # for so long an action lasts, if it does
    # so many tasks of it, where it asks for practice
    practice = models.PositiveSmallIntegerField(default=3, db_default=3)
    status = models.CharField(max_length=7, choices=Status, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=1)
    tried = models.JSONField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "rule"
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="rule_name_unique"),
            models.CheckConstraint(condition=Q(status="draft") | Q(tried__isnull=False), name="rule_tried"),
            models.CheckConstraint(condition=Q(practice__range=(1, MOST_PRACTICE)), name="rule_practice"),
        ]

    def __str__(self) -> str:
        return self.name


class RuleHit(models.Model):
    """Once per rule, version, person and window: the days since 1970 divided by its length.

    `practice`: so many tasks of it came before their other work, where the rule asks for practice; 0: there was none left for them.
    """

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="hits", db_index=False)
    version = models.PositiveIntegerField()
    contributor = models.ForeignKey(Contributor, models.CASCADE, related_name="+")
    bucket = models.IntegerField()
    facts = models.JSONField()
    practice = models.PositiveSmallIntegerField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "rule_hit"
        constraints = [
            models.UniqueConstraint(fields=["rule", "version", "contributor", "bucket"], name="rule_hit_once")
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.contributor_id} {self.bucket}"
