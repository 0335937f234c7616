"""Contributors as a customer sees them."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from annotation.models import ContributorAlias


def with_pseudonyms(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rows that have an organization and a contributor, with `pseudonym`: `ctr_…`."""
    mine = ContributorAlias.objects.filter(
        organization=OuterRef("organization_id"), contributor=OuterRef("contributor_id")
    )
    named: QuerySet[Any] = rows.annotate(pseudonym=Subquery(mine.values("public_id")[:1]))
    return named
