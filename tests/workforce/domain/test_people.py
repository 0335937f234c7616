"""What people say of themselves."""

import pytest

from tests.factories import make_contributor, make_user
from workforce.domain.actor import SYSTEM
from workforce.domain.onboarding import NotALanguage, claim_languages
from workforce.domain.people import Profile, UnknownCountry, describe, join
from workforce.domain.preferences import UnknownPreference
from workforce.models import Contributor

pytestmark = pytest.mark.django_db


def facts_version(contributor: Contributor) -> int:
    return Contributor.objects.get(pk=contributor.pk).facts_version


def test_what_can_change_eligibility_voids_stored_verdicts_and_nothing_else_does():
    contributor = make_contributor()
    before = facts_version(contributor)
    describe(user=contributor.user, profile=Profile("Ann", {"theme": "dark"}), by=SYSTEM)
    assert facts_version(contributor) == before
    profile = Profile("Ann", {}, "DE", {"de": 5})
    describe(user=contributor.user, profile=profile, by=SYSTEM)
    after = facts_version(contributor)
    assert after > before
    describe(user=contributor.user, profile=profile, by=SYSTEM)
    assert facts_version(contributor) == after


def test_joining_twice_is_joining_once():
    user = make_user()
    first = join(user=user, profile=Profile(""), by=SYSTEM)
    assert join(user=user, profile=Profile(""), by=SYSTEM) == first


def test_unknown_countries_and_preferences_change_nothing():
    contributor = make_contributor()
    with pytest.raises(UnknownCountry):
        describe(user=contributor.user, profile=Profile("Ann", {}, "Germany"), by=SYSTEM)
    with pytest.raises(UnknownPreference):
        describe(user=contributor.user, profile=Profile("Ann", {"theme": "pink"}), by=SYSTEM)
    contributor.user.refresh_from_db()
    assert contributor.user.name == ""


@pytest.mark.parametrize("levels", [{"en": 6}, {"en": 0}, {"not a tag": 3}, {"": 3}])
def test_languages_are_tags_with_a_level(levels):
    with pytest.raises(NotALanguage):
        claim_languages(contributor=make_contributor(), levels=levels, by=SYSTEM)
