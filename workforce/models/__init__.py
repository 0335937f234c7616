"""The shapes of floor 1."""

from workforce.models.availability import Preference, Presence
from workforce.models.consent import Consent, Sensitive
from workforce.models.pay import Account, Earning, LedgerEntry, LedgerTransaction
from workforce.models.people import Contributor, LanguageClaim, User
from workforce.models.skills import Skill, SkillGrant
from workforce.models.standing import Notice
from workforce.models.teams import Team, TeamMembership

__all__ = [
    "Account",
    "Consent",
    "Contributor",
    "Earning",
    "LanguageClaim",
    "LedgerEntry",
    "LedgerTransaction",
    "Notice",
    "Preference",
    "Presence",
    "Sensitive",
    "Skill",
    "SkillGrant",
    "Team",
    "TeamMembership",
    "User",
]
