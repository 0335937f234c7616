"""Practice on demand as people see it: a manager asks for it, the person reads why, a rule's page says where none is left."""

import pytest
from django.urls import reverse
from django.utils import timezone

from annotation.domain import projects
from annotation.domain.projects import Changes
from annotation.models import ProjectContributor
from quality.domain import rules
from quality.models import Rule
from tests.annotation.api.calls import Caller
from tests.factories import make_alias, make_contributor, make_member, make_project, make_tasks, signed_in
from tests.quality.domain.test_practice import practice
from tests.quality.domain.test_rules import known
from tests.quality.web.test_rules import SENT
from workforce.domain.actor import SYSTEM

pytestmark = pytest.mark.django_db
WHY = "Sarcasm is often missed."


@pytest.fixture
def project():
    made = make_project()
    make_tasks(made, 1)
    projects.configure(project=made, changes=Changes(quality={"gold": {"first": 0}}), by=SYSTEM)
    return made


@pytest.fixture
def owner(project):
    return signed_in(make_member(project.organization).user)


@pytest.fixture
def person(project):
    return make_contributor()


@pytest.fixture
def alias(project, person):
    return make_alias(project.organization, person).public_id


def test_a_manager_asks_for_it_and_the_person_reads_why(owner, project, person, alias):
    for _each in range(3):
        practice(project)
    here, form = (reverse(name, args=[project.public_id, alias]) for name in ("person_why", "practice"))
    assert form in owner.get(here).content.decode()
    assert "3 tasks for practice are left for them." in owner.get(form).content.decode()

    for sent, field in (({"count": "21", "reason": WHY}, "count"), ({"count": "2", "reason": " "}, "reason")):
        wrong = owner.post(form, sent)
        assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, [field])
    assert not ProjectContributor.objects.exclude(practice_end=None).exists()

    html = owner.post(form, {"count": "2", "reason": WHY}, follow=True).content.decode()
    assert "2 tasks for practice come before their other work" in html
    assert "2 tasks left" in html
    html = signed_in(person.user).get(reverse("work_why")).content.decode()
    assert f"the project asks you to do 2 tasks for practice. {WHY}" in html
    assert "They are paid like any other" in html


def test_where_none_is_left_it_says_so(owner, project, alias):
    form = reverse("practice", args=[project.public_id, alias])
    assert "No practice left: add some" in owner.get(form).content.decode()
    refused = owner.post(form, {"count": "2", "reason": WHY})
    assert refused.status_code == 422
    assert "There is no practice left for this person" in refused.content.decode()


def test_a_reviewer_may_not_ask(project, alias):
    reviewer = signed_in(make_member(project.organization, "reviewer").user)
    assert reviewer.get(reverse("practice", args=[project.public_id, alias])).status_code == 403


def test_a_rule_that_asks_for_practice_on_its_page(owner, project):
    known(project, [0.0] * 4)
    owner.post(reverse("rule_new", args=[project.public_id]), {**SENT, "action": "require_practice", "practice": "5"})
    rule = Rule.objects.get()
    assert rule.practice == 5
    rules.enable(rule=rules.try_out(rule=rule, now=timezone.now()), by=SYSTEM)
    rules.evaluate(now=timezone.now())
    html = owner.get(reverse("rule", args=[project.public_id, rule.public_id])).content.decode()
    for words in ("5 tasks for practice", "there is no practice left today", "No practice left: add some"):
        assert words in html
    change = owner.get(reverse("rule_change", args=[project.public_id, rule.public_id]))
    assert change.context["form"].initial["practice"] == 5


def test_by_the_api(project, alias):
    call, at = Caller(project.organization), f"projects/{project.public_id}/practice"
    sent = {"contributor": alias, "reason": WHY}
    none = call.post(at, sent)
    assert (none.status_code, none.json()["code"]) == (409, "no_practice_left")
    for _each in range(4):
        practice(project)
    asked = call.post(at, sent)
    assert (asked.status_code, asked.json()) == (200, {**sent, "tasks": 3})
    assert call.post(at, {**sent, "tasks": 21}).status_code == 422
    assert call.post(at, {**sent, "reason": ""}).status_code == 422
    stranger = make_alias(make_project().organization, make_contributor()).public_id
    wrong = call.post(at, {**sent, "contributor": stranger})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "invalid_request")
    assert Caller(project.organization, "tasks:write").post(at, sent).status_code == 403
