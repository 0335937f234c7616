"""Consent to sensitive content: given by category, taken back at any time, both without any effect on standing."""

from collections.abc import Collection

from django.db import transaction
from django.db.models.functions import Now

from workforce.domain.actor import Actor
from workforce.domain.onboarding import facts_changed
from workforce.models import Consent, Contributor


@transaction.atomic
def agree(*, contributor: Contributor, categories: Collection[str], by: Actor) -> None:
    """These categories, and no others, from now on. The same again changes nothing."""
    live = Consent.objects.filter(contributor=contributor, revoked_at=None)
    held = set(live.values_list("category", flat=True))
    if held == set(categories):
        return
    live.exclude(category__in=categories).update(revoked_at=Now())
    new = [Consent(contributor=contributor, category=each) for each in sorted(set(categories) - held)]
    Consent.objects.bulk_create(new, ignore_conflicts=True)
    facts_changed(contributor_id=contributor.pk)
