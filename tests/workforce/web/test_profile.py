"""The first step and the profile."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from tests.factories import grant_skill, make_contributor, make_user, signed_in
from workforce.models import Contributor, User

pytestmark = pytest.mark.django_db


def rows(*languages: tuple[str, int]) -> dict[str, str]:
    """Languages as the form sends them, with one empty row."""
    data = {"languages-TOTAL_FORMS": str(len(languages) + 1), "languages-INITIAL_FORMS": "0"}
    for number, (tag, level) in enumerate(languages):
        data |= {f"languages-{number}-tag": tag, f"languages-{number}-level": str(level)}
    return data | {f"languages-{len(languages)}-tag": "", f"languages-{len(languages)}-level": "3"}


def test_the_first_step_makes_a_contributor():
    user = make_user(locale="zh-hans", time_zone="Asia/Shanghai")
    client = signed_in(user)
    page = client.get(reverse("start"))
    assert b'<option value="zh-Hans" selected' in page.content
    form = {"name": "", "country": "CN", "time_zone": "Asia/Shanghai", **rows(("zh-Hans", 5), ("en", 3))}
    assert client.post(reverse("start"), form).url == reverse("home")
    contributor = Contributor.objects.get(user=user)
    assert contributor.country == "CN"
    assert dict(contributor.languages.values_list("tag", "level")) == {"zh-Hans": 5, "en": 3}
    assert contributor.facts_version > 1
    assert client.get(reverse("start")).url == reverse("home")


def test_work_is_for_people_who_can_be_reached():
    user = make_user()
    EmailAddress.objects.update(verified=False)
    page = signed_in(user).post(reverse("start"), {"time_zone": "UTC", **rows()})
    assert page.status_code == 422
    assert "is not confirmed" in page.content.decode()
    assert not Contributor.objects.exists()


@pytest.mark.parametrize("wrong", [{"country": "ZZ"}, {"time_zone": "Mars/Base"}, {"languages-0-tag": "klingon"}])
def test_what_is_not_offered_is_refused(wrong):
    contributor = make_contributor()
    form = {"name": "", "country": "", "time_zone": "UTC", "locale": "en", "theme": "auto", **rows(("en", 5)), **wrong}
    assert signed_in(contributor.user).post(reverse("profile"), form).status_code in {200, 422}
    assert not contributor.languages.exists()


def test_the_profile_is_kept_and_shown():
    contributor = make_contributor()
    grant_skill(contributor, "careful reading", value=80)
    client = signed_in(contributor.user)
    form = {"name": "Ann", "country": "DE", "time_zone": "Europe/Berlin", "locale": "en", "theme": "dark"}
    assert client.post(reverse("profile"), form | rows(("de", 5))).url == reverse("profile")
    user = User.objects.get()
    assert (user.name, user.time_zone, user.theme) == ("Ann", "Europe/Berlin", "dark")
    assert client.cookies["theme"].value == "dark"
    page = client.get(reverse("profile")).content.decode()
    assert "Careful reading" in page
    assert "80 of 100" in page


def test_members_have_a_profile_without_languages():
    client = signed_in(make_user())
    page = client.get(reverse("profile")).content.decode()
    assert "Work here too?" in page
    assert "Languages you work in" not in page
    form = {"name": "Bo", "time_zone": "UTC", "locale": "en", "theme": "auto"}
    assert client.post(reverse("profile"), form).status_code == 302
    assert User.objects.get().name == "Bo"


def test_pause_and_resume():
    contributor = make_contributor()
    client = signed_in(contributor.user)
    assert client.post(reverse("profile_pause")).url == reverse("profile")
    contributor.refresh_from_db()
    assert contributor.status == "paused"
    assert client.post(reverse("profile_resume")).url == reverse("home")
    contributor.refresh_from_db()
    assert contributor.status == "active"
    assert signed_in(make_user()).post(reverse("profile_pause")).status_code == 404


@pytest.mark.parametrize("name", ["start", "profile"])
def test_visitors_sign_in_first(name):
    assert Client().get(reverse(name)).url.startswith(reverse("account_login"))


@pytest.mark.parametrize("languages", [1, 3])
def test_statements_of_the_profile_do_not_grow(languages, django_assert_num_queries):
    contributor = make_contributor()
    for number, tag in enumerate(["en", "de", "fr"][:languages]):
        contributor.languages.create(tag=tag, level=5 - number)
        grant_skill(contributor, f"skill {number}")
    client = signed_in(contributor.user)
    with django_assert_num_queries(6):
        client.get(reverse("profile"))
