"""Organizations, members, contributors by pseudonym, keys: as the console shows them."""

from annotation.models import Organization


def owner_key(organization: Organization) -> str:
    """How floor 1, which knows no organizations, names this owner of skills."""
    return f"org:{organization.public_id}"
