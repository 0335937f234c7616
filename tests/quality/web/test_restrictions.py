"""The pages of restrictions: what a manager decides, and what the restricted person reads and says."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from quality.domain import objections
from quality.models import Restriction
from tests.factories import make_contributor, make_member, make_project, signed_in
from tests.quality.domain.test_restrictions import ONE, asked, imposed, rule_of, seen
from workforce.domain.actor import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return make_project()


@pytest.fixture
def owner(project):
    return signed_in(make_member(project.organization).user)


def decide(owner, row, act, name="restriction_decide", **sent):
    return owner.post(reverse(name, args=[row.project.public_id, row.public_id]), {"act": act, **sent}, follow=True)


def test_a_manager_reads_why_and_restricts(owner, project):
    row = asked(project)
    html = owner.get(reverse("restrictions", args=[project.public_id])).content.decode()
    assert "Known answers: 3% – 56% right of 6" in html
    assert "Restrict for 1 day" in html
    part = reverse("restrictions_part", args=[project.public_id])
    assert "A rule asks about 1 person" in owner.get(part).content.decode()

    html = decide(owner, row, "confirm").content.decode()

    assert "They get no new tasks for now" in html
    assert "Lift it" in html
    assert "ctr_" in owner.get(part).content.decode()
    html = decide(owner, row, "leave").content.decode()
    assert "no longer open" in html


def test_the_console_says_what_waits(owner, project):
    asked_for(project)
    objections.ask(restriction=imposed_for(project), words="No.", by=SYSTEM, now=timezone.now())
    titles = [each.title for each in owner.get(reverse("quality", args=[project.public_id])).context["alerts"]]
    assert titles[0] == "1 restricted person asks somebody to look."
    assert "A rule asks about 1 person whether to give them new tasks." in titles


def test_a_manager_leaves_it(owner, project):
    row = asked(project)
    assert "They are not told." in decide(owner, row, "leave").content.decode()
    assert Restriction.objects.get().status == "left"


def test_lifting_wants_words(owner, project):
    row = imposed(project)
    assert "A sentence is missing" in decide(owner, row, "lift", "restriction_answer").content.decode()
    decide(owner, row, "lift", "restriction_answer", words="The guideline was wrong.")
    row.refresh_from_db()
    assert (row.status, row.reason) == ("lifted", "The guideline was wrong.")


def test_the_restricted_person_reads_it_objects_and_reads_the_answer(owner, project):
    row = imposed(project)
    person = signed_in(row.contributor.user)
    page = reverse("restriction", args=[row.public_id])
    assert page in person.get(reverse("standing")).content.decode()
    html = person.get(page).content.decode()
    assert "2 of 12 of your checked answers" in html
    assert person.post(page, {"words": " "}).status_code == 422
    assert person.post(page, {"words": "It was late."}).status_code == 302
    assert "If nobody has by then" in person.get(page).content.decode()
    html = owner.get(reverse("restrictions", args=[project.public_id])).content.decode()
    assert "It was late." in html
    decide(owner, row, "dismiss", "restriction_answer", words="Skipped through.")
    assert "Skipped through." in person.get(page).content.decode()
    decide(owner, row, "lift", "restriction_answer", words="Enough.")
    assert "It has been lifted" in person.get(page).content.decode()
    assert page not in person.get(reverse("standing")).content.decode()


def test_it_is_over(project):
    row = imposed(project)
    Restriction.objects.update(since=timezone.now() - timedelta(days=3), until=timezone.now())
    assert (
        "It is over."
        in signed_in(row.contributor.user).get(reverse("restriction", args=[row.public_id])).content.decode()
    )


def test_a_rule_that_restricts_says_so_and_shows_whom(owner, project):
    seen(project)
    rule = rule_of(project)
    html = owner.get(reverse("rule", args=[project.public_id, rule.public_id])).content.decode()
    assert "twice as long each time" in html
    assert "1 person would have been restricted at once" in html
    assert "Restricted at once." in html


def test_nobody_is_restricted_for_more_than_thirty_days(owner, project):
    sent = {
        "name": "Long", "join": "all", "window_d": "30", "least": "3", "action": "restrict", "days": "31", "practice": "3",
        "fact_1": "gold.share", "op_1": "<", "value_1": "60", "fact_2": "", "op_2": "<", "value_2": "",
        "fact_3": "", "op_3": "<", "value_3": "",
    }  # fmt: skip
    response = owner.post(reverse("rule_new", args=[project.public_id]), sent)
    assert list(response.context["form"].errors) == ["days"]


@pytest.mark.parametrize("people", [1, 3])
def test_statements_do_not_grow_with_people(owner, project, people, django_assert_max_num_queries):
    for _each in range(people):
        objections.ask(restriction=imposed_for(project), words="No.", by=SYSTEM, now=timezone.now())
        asked_for(project)
    with django_assert_max_num_queries(16):
        html = owner.get(reverse("restrictions", args=[project.public_id])).content.decode()
    assert (html.count("Restrict for"), html.count("Let it stand")) == (people, people)


def imposed_for(project) -> Restriction:
    return _made(project, status="imposed", grounds=["known", "tasks"])


def asked_for(project) -> Restriction:
    return _made(project, status="asked", grounds=["known"])


def _made(project, *, status, grounds) -> Restriction:
    person, rule, now = make_contributor(), rule_of(project, ONE), timezone.now()
    facts = {"gold.n": 6, "gold.share": 0.2, "gold.low": 0.1, "gold.high": 0.5}
    hit = rule.hits.create(version=1, contributor=person, bucket=1, facts=facts)
    term = {"since": now, "until": now + timedelta(days=1)} if status == "imposed" else {}
    return Restriction.objects.create(
        project=project, contributor=person, hit=hit, status=status, grounds=grounds, **term
    )
