"""The shapes of floor 3."""

from quality.models.appeal import Appeal
from quality.models.consensus import Consensus
from quality.models.contract import AccuracyContract, AuditItem
from quality.models.estimator import ContributorSkill, EstimatorRun
from quality.models.gold import GoldItem, GoldOutcome
from quality.models.lot import Lot
from quality.models.redo import Redo
from quality.models.restriction import Restriction
from quality.models.review import Review
from quality.models.reviewer import ReviewerEvidence
from quality.models.rule import Rule, RuleHit
from quality.models.scorecard import Evidence, Scorecard
from quality.models.signoff import SignOff

__all__ = [
    "AccuracyContract",
    "Appeal",
    "AuditItem",
    "Consensus",
    "ContributorSkill",
    "EstimatorRun",
    "Evidence",
    "GoldItem",
    "GoldOutcome",
    "Lot",
    "Redo",
    "Restriction",
    "Review",
    "ReviewerEvidence",
    "Rule",
    "RuleHit",
    "Scorecard",
    "SignOff",
]
