"""Pages of one project: each opens, each act works and says how it went, each refusal is told in words."""

import pytest
from django.urls import reverse

from annotation.domain import projects
from annotation.models import Guideline, Project, ProjectContributor, Task, TaskKey
from tests.factories import (
    SCHEMA,
    make_alias,
    make_answer,
    make_contributor,
    make_member,
    make_organization,
    make_project,
    make_tasks,
    signed_in,
)
from workforce.domain.actor import Actor
from workforce.models import Skill

pytestmark = pytest.mark.django_db

BY = Actor("member", "mem_x")
PAGES = ("project_tasks", "project_guidelines", "project_people", "project_settings", "project_questions")


@pytest.fixture
def organization():
    return make_organization()


@pytest.fixture
def project(organization):
    return make_project(organization)


@pytest.fixture
def owner(organization):
    return signed_in(make_member(organization).user)


def member(project, role):
    """A browser of a member who is listed on the project."""
    membership = make_member(project.organization, role)
    project.members.add(membership)
    return signed_in(membership.user)


def at(name, project, *more):
    return reverse(name, args=[project.public_id, *more])


def said(response):
    return [str(each) for each in response.context["messages"]]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_for_the_owner_and_is_not_there_for_strangers(owner, project, page):
    assert owner.get(at(page, project)).status_code == 200
    assert signed_in(make_member(make_organization()).user).get(at(page, project)).status_code == 404


@pytest.mark.parametrize(
    ("role", "page", "status"),
    [
        ("member", "project_tasks", 200),
        ("member", "project_settings", 403),
        ("member", "project_people", 403),
        ("member", "project_questions", 403),
        ("reviewer", "project_guidelines", 200),
        ("auditor", "project_people", 200),
        ("manager", "project_settings", 200),
    ],
)
def test_what_a_role_may_open(project, role, page, status):
    assert member(project, role).get(at(page, project)).status_code == status


def test_tabs_show_what_the_role_may_open(project):
    tabs = member(project, "member").get(at("project_tasks", project)).context["tabs"]
    assert [tab["href"].split("/")[3] for tab in tabs] == ["", "tasks", "batches", "exports", "guidelines"]
    assert [str(tab["title"]) for tab in tabs if tab["current"]] == ["Tasks"]


# --- settings ---


def form_of(project, **changes):
    return {
        "name": project.name,
        "description": "",
        "price": "0.05",
        "review_price": "0.03",
        "lease_min": "10",
        "judge_days": "7",
        "answers_min": "3",
        "answers_max": "5",
        "confidence": "95",
        "aggregate": "auto",
        "gold_share": "0",
        "review_share": "0",
        "review_below": "0",
        "review_second": "5",
        "workforce": "both",
        "languages": "",
        "version": str(project.version),
        **changes,
    }


def test_settings_are_saved_in_the_acts_units(owner, project):
    skill = Skill.objects.create(owner_key=f"org:{project.organization.public_id}", name="Medicine")
    skill.refresh_from_db()
    changes = {
        "price": "0.12",
        "judge_days": "2.5",
        "confidence": "92.5",
        "aggregate": "one_coin",
        "languages": "en 4, zh-Hans",
        f"skill_{skill.public_id}": "60",
    }
    changes |= {"countries": "de, FR", "sensitive": ["violence"], "apart": ["household"]}
    response = owner.post(at("project_settings", project), form_of(project, **changes), follow=True)
    assert said(response) == ["The settings are saved. Running tasks keep the terms under which they were taken."]
    project.refresh_from_db()
    assert project.terms["price_minor"] == project.lease_terms["price_minor"] == 12
    assert project.terms["auto_accept_s"] == project.lease_terms["auto_accept_s"] == 216_000
    assert project.quality["overlap"]["confidence"] == pytest.approx(0.925)
    assert project.quality["aggregate"] == "one_coin"
    assert project.quality["review"]["second"] == pytest.approx(0.05)
    assert project.requirements == {
        "skills": [{"skill": skill.public_id, "value": 60}],
        "languages": [{"tag": "en", "level": 4}, {"tag": "zh-Hans", "level": 1}],
        "countries": ["DE", "FR"],
        "sensitive": ["violence"],
        "apart": ["household"],
    }


def test_single_questions_can_be_weighed_otherwise(owner, organization):
    (tone,) = SCHEMA["questions"]
    project = make_project(organization, schema={**SCHEMA, "questions": [tone, {**tone, "name": "again"}]})
    address = at("project_settings", project)
    assert [field.name for field in owner.get(address).context["form"].question_fields] == [
        "aggregate_tone",
        "aggregate_again",
    ]
    owner.post(address, form_of(project, aggregate_again="mace"))
    project.refresh_from_db()
    assert project.quality["aggregate_for"] == {"again": "mace"}
    form = owner.get(address).context["form"]
    assert (form["aggregate_again"].value(), form.has_own_estimators) == ("mace", True)
    owner.post(address, form_of(project, aggregate="glad"))
    project.refresh_from_db()
    assert (project.quality["aggregate"], project.quality["aggregate_for"]) == ("glad", {})


def test_one_question_needs_no_choice_of_its_own(owner, project):
    assert owner.get(at("project_settings", project)).context["form"].question_fields == []


def test_a_confidence_that_is_left_empty_is_left_to_the_house(owner, project):
    owner.post(at("project_settings", project), form_of(project, confidence=""))
    project.refresh_from_db()
    assert project.quality["overlap"] == {"min": 3, "max": 5}
    assert owner.get(at("project_settings", project)).context["form"]["confidence"].value() is None


def test_the_form_shows_what_is_set(owner, project):
    project = projects.configure(
        project=project,
        changes=projects.Changes(
            requirements={"languages": [{"tag": "de", "level": 2}]}, terms={"lease_s": 90, "auto_accept_s": 3_600}
        ),
        by=BY,
    )
    form = owner.get(at("project_settings", project)).context["form"]
    assert form["lease_min"].value() == 1.5
    assert round(form["judge_days"].value() * 86_400) == 3_600
    assert form["languages"].value() == "de 2"
    assert str(form["price"].value()) == "0.05"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"answers_min": "5", "answers_max": "3"}, "answers_max"),
        ({"languages": "english well"}, "languages"),
        ({"languages": "en 9"}, "languages"),
        ({"confidence": "10"}, "confidence"),
        ({"judge_days": "31"}, "judge_days"),
        ({"version": "0"}, "__all__"),
    ],
)
def test_settings_refuse_at_the_field(owner, project, changes, field):
    response = owner.post(at("project_settings", project), form_of(project, **changes))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]


def test_settings_refuse_a_taken_name(owner, project):
    other = make_project(project.organization)
    response = owner.post(at("project_settings", project), form_of(project, name=other.name))
    assert list(response.context["form"].errors) == ["name"]


def test_pause_resume_and_archive_say_how_it_went(owner, project):
    assert said(owner.post(at("project_pause", project), follow=True))[0].startswith("The project is paused")
    assert said(owner.post(at("project_resume", project), follow=True)) == ["The project is open again."]
    make_tasks(project)
    assert said(owner.post(at("project_archive", project), follow=True))[0].startswith("1 task is not finished.")
    Task.objects.update(status="completed")
    assert said(owner.post(at("project_archive", project), follow=True))[0].startswith("The project is archived.")
    assert "can no longer be changed" in owner.get(at("project_settings", project)).content.decode()


def test_only_those_who_may_pause(project):
    assert member(project, "member").post(at("project_pause", project)).status_code == 403
    assert Project.objects.get().status == "open"


# --- guidelines ---


def test_a_guideline_is_published_and_compared(owner, project):
    sent = {"body": "Read it.\n\nChoose **one**.", "note": "One only", "breaking": "on"}
    response = owner.post(at("guideline_publish", project), sent, follow=True)
    assert said(response) == ["Version 2 is out."]
    html = response.content.decode()
    assert "<strong>one</strong>" in html
    assert "<ins>" in html
    assert Guideline.objects.get(number=2).change == "breaking"
    first = owner.get(at("project_guidelines", project), {"number": 1}).content.decode()
    assert "Choose its tone." in first


def test_a_guideline_that_is_too_long_is_refused(owner, project):
    assert owner.post(at("guideline_publish", project), {"body": "x" * 200_001}).status_code == 422


def test_a_reader_gets_no_form_and_an_archived_project_takes_no_guideline(owner, project):
    reader = member(project, "member")
    assert reader.get(at("project_guidelines", project)).context["form"] is None
    assert reader.post(at("guideline_publish", project), {"body": "x"}).status_code == 403
    Project.objects.update(status="archived")
    response = owner.post(at("guideline_publish", project), {"body": "x"})
    assert response.status_code == 422


def test_the_preview_is_safe(owner):
    html = owner.post(reverse("guideline_preview"), {"body": "*Hi* <script>alert(1)</script>"}).content.decode()
    assert "<em>Hi</em>" in html
    assert "<script>" not in html


# --- people ---


def test_members_are_listed_and_taken_off(owner, project):
    membership = make_member(project.organization, "reviewer")
    owner.post(at("project_member", project), {"member": membership.public_id})
    assert list(project.members.all()) == [membership]
    owner.post(at("project_member", project), {"member": membership.public_id, "off": "1"})
    assert not project.members.exists()
    foreign = make_member(make_organization())
    response = owner.post(at("project_member", project), {"member": foreign.public_id}, follow=True)
    assert said(response)[-1] == "There is no such member. Choose somebody from the list."


def test_contributors_are_kept_out_let_in_and_neither(owner, project):
    alias = make_alias(project.organization, make_contributor())
    for place, status in [("exclude", "excluded"), ("include", "invited"), ("readmit", "open")]:
        owner.post(at("project_contributor", project), {"contributor": alias.public_id, "place": place, "reason": "x"})
        assert ProjectContributor.objects.get().status == status
    foreign = make_alias(make_organization(), make_contributor())
    response = owner.post(
        at("project_contributor", project), {"contributor": foreign.public_id, "place": "exclude"}, follow=True
    )
    assert said(response)[-1].startswith("Nobody here has this pseudonym.")


def test_people_who_answered_are_shown_with_a_constant_number_of_statements(
    owner, project, django_assert_max_num_queries
):
    (task,) = make_tasks(project)
    for expected in (1, 3):
        while ProjectContributor.objects.count() < expected:
            contributor = make_contributor()
            make_answer(task, contributor, {"tone": "good"})
            ProjectContributor.objects.create(project=project, contributor=contributor, status="excluded")
        with django_assert_max_num_queries(14):
            response = owner.get(at("project_people", project))
        people = response.context["contributors"]
        assert [(each.answers, each.place) for each in people] == [(1, "excluded")] * expected
        assert all(each.pseudonym.startswith("ctr_") for each in people)


# --- tasks ---


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_tasks_needs_the_same_statements_for_any_number(
    owner, project, count, django_assert_max_num_queries
):
    make_tasks(project, count)
    with django_assert_max_num_queries(12):
        response = owner.get(at("project_tasks", project))
    assert len(response.context["rows"]) == count


def test_the_list_is_filtered_searched_and_paged(owner, project, monkeypatch):
    monkeypatch.setattr("annotation.queries.tasks.PAGE", 2)
    tasks = make_tasks(project, 5)
    Task.objects.filter(pk=tasks[0].pk).update(status="failed")
    TaskKey.objects.create(
        organization=project.organization, mode="live", unique_id="mine-1", task=tasks[1], input_sha256="0"
    )
    address = at("project_tasks", project)

    def shown(**query):
        page = owner.get(address, query).context["page"]
        return [task.pk for task in page.rows], page

    newest = [task.pk for task in reversed(tasks)]
    first, page = shown()
    assert (first, page.prev) == (newest[:2], "")
    second, page = shown(after=page.next)
    assert second == newest[2:4]
    assert shown(before=page.prev)[0] == newest[:2]
    last, page = shown(after=page.next)
    assert (last, page.next) == (newest[4:], "")
    assert shown(sort="created")[0] == newest[::-1][:2]
    assert shown(status="failed")[0] == [tasks[0].pk]
    assert shown(q="mine-1")[0] == [tasks[1].pk]
    assert shown(q=tasks[2].public_id)[0] == [tasks[2].pk]
    assert shown(q="nowhere")[0] == []
    assert "No task matches" in owner.get(address, {"q": "nowhere"}).content.decode()


def test_gold_is_only_there_for_those_who_may_know_it(owner, project):
    (gold,) = make_tasks(project, purpose="gold")
    reader = member(project, "member")
    assert len(owner.get(at("project_tasks", project), {"purpose": "gold"}).context["rows"]) == 1
    assert reader.get(at("project_tasks", project), {"purpose": "gold"}).context["rows"] == []
    assert owner.get(reverse("task", args=[gold.public_id])).status_code == 200
    assert reader.get(reverse("task", args=[gold.public_id])).status_code == 404


def test_a_task_is_shown_with_answers_by_pseudonym(owner, project):
    (task,) = make_tasks(project)
    given = make_answer(task, make_contributor(), {"tone": "good"})
    make_answer(task, make_contributor(), exit_="broken")
    response = owner.get(reverse("task", args=[task.public_id]))
    html = response.content.decode()
    assert response.context["setup"]["payload"] == {"text": "Text 0"}
    assert response.context["setup"]["answers"][0] == {"id": given.public_id, "value": {"tone": "good"}}
    assert html.count("ctr_") >= 2
    assert given.contributor.user.email not in html


def test_a_task_is_canceled_once(owner, project):
    (task,) = make_tasks(project)
    response = owner.post(reverse("task_cancel", args=[task.public_id]), follow=True)
    assert said(response) == ["The task is canceled."]
    Task.objects.update(status="completed")
    response = owner.post(reverse("task_cancel", args=[task.public_id]), follow=True)
    assert said(response)[0].startswith("This cannot be done")
    assert owner.get(reverse("task", args=["tsk_nonsense"])).status_code == 404
    assert member(project, "member").post(reverse("task_cancel", args=[task.public_id])).status_code == 403
