"""The shapes of floor 1."""

from workforce.models.availability import Presence
from workforce.models.pay import Account, Earning, LedgerEntry, LedgerTransaction
from workforce.models.people import Contributor, LanguageClaim, User
from workforce.models.skills import Skill, SkillGrant
from workforce.models.standing import Notice

__all__ = [
    "Account",
    "Contributor",
    "Earning",
    "LanguageClaim",
    "LedgerEntry",
    "LedgerTransaction",
    "Notice",
    "Presence",
    "Skill",
    "SkillGrant",
    "User",
]
