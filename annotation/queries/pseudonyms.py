"""Contributors as a customer sees them."""

from collections.abc import Collection
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


def pseudonyms(*, organization_id: int, people: Collection[int]) -> dict[int, str]:
    """{contributor key: `ctr_…`} of those whom the organization knows. One statement."""
    known = ContributorAlias.objects.filter(organization=organization_id, contributor__in=people)
    return dict(known.values_list("contributor_id", "public_id"))
