"""The builder: presets to choose from, a schema checked as it is written, a project made of it; the next version of its questions."""

import json

import pytest
from django.urls import reverse

from annotation.models import Project
from annotation.questions import presets
from annotation.web.preset_groups import BLANK, groups
from tests.annotation.web.test_project_pages import form_of, said
from tests.factories import SCHEMA, make_member, make_organization, make_project, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization():
    return make_organization()


@pytest.fixture
def owner(organization):
    return signed_in(make_member(organization).user)


def new(**changes):
    """What the form sends."""
    empty = Project(name="Tones", version=1)
    return form_of(empty, **{"schema": json.dumps(SCHEMA), "guideline": "Read.", "mode": "live", **changes})


def test_every_preset_stands_in_one_group():
    names = [card.name for group in groups() for card in group.cards]
    assert sorted(names) == sorted(presets.names())


def test_the_presets_are_shown_to_those_who_may_create(owner, organization):
    html = owner.get(reverse("project_new")).content.decode()
    assert all(f"/projects/new/{name}/" in html for name in presets.names())
    reader = signed_in(make_member(organization, "member").user)
    assert reader.get(reverse("project_new")).status_code == 403


@pytest.mark.parametrize("name", [*presets.names(), "blank"])
def test_the_builder_opens_for_every_preset_with_tasks_to_try(owner, name):
    response = owner.get(reverse("project_build", args=[name]))
    assert response.status_code == 200
    setup = response.context["setup"]
    assert setup["schema"]["questions"]
    assert name == "blank" or setup["examples"]


def test_pictures_of_the_samples_travel_with_the_page(owner):
    examples = owner.get(reverse("project_build", args=["object_detection"])).context["setup"]["examples"]
    assert len(examples) == 3
    assert examples[0]["image"]["src"].startswith("data:image/jpeg;base64,")


def test_an_unknown_preset_is_not_there(owner):
    assert owner.get(reverse("project_build", args=["telepathy"])).status_code == 404


def test_a_project_is_made(owner, organization):
    response = owner.post(reverse("project_build", args=["classify"]), new(name="Mine", price="0.10"))
    project = Project.objects.get()
    assert response.url == reverse("project", args=[project.public_id])
    assert (project.organization, project.name, project.preset) == (organization, "Mine", "classify")
    assert project.schemas.get().body == SCHEMA
    assert project.guidelines.get().body == "Read."
    assert project.terms["price_minor"] == 10


def test_what_was_typed_stays_when_something_is_wrong(owner):
    response = owner.post(reverse("project_build", args=["classify"]), new(name="", guideline="Read twice."))
    assert response.status_code == 422
    assert "Read twice." in response.content.decode()
    assert not Project.objects.exists()


def test_a_new_name_is_asked_for_when_it_is_taken(owner, organization):
    make_project(organization, name="Tones")
    response = owner.post(reverse("project_build", args=["classify"]), new())
    assert list(response.context["form"].errors) == ["name"]


@pytest.mark.parametrize("schema", ["{", json.dumps({"language": "manyhands/1"})])
def test_a_schema_that_is_none_is_refused_at_its_field(owner, schema):
    response = owner.post(reverse("project_build", args=["blank"]), {**new(), "schema": schema})
    assert list(response.context["form"].errors) == ["schema"]


def check(browser, **body):
    return browser.post(reverse("project_check"), json.dumps(body), content_type="application/json")


def test_check_finds_nothing_wrong_with_a_blank_start(owner):
    assert check(owner, schema=BLANK).json() == {"problems": []}


def test_check_says_where_what_is_wrong(owner):
    options = [{"key": "a", "hotkey": "x", "title": "A"}, {"key": "b", "hotkey": "x", "title": "B"}]
    question = {**BLANK["questions"][0], "config": {"options": options}}
    problems = check(owner, schema={**BLANK, "questions": [question]}).json()["problems"]
    assert problems == [
        {
            "path": "/questions/0/config/options/1/hotkey",
            "code": "hotkey_collision",
            "message": "The key x is used twice in this question.",
            "blocking": True,
        }
    ]


def test_check_compares_with_a_project(owner, organization):
    project = make_project(organization)
    assert check(owner, schema=SCHEMA, project=project.public_id).json()["compatible"] == "same"
    assert check(owner, schema=BLANK, project=project.public_id).json()["compatible"] == "major"
    assert "compatible" not in check(owner, schema=BLANK, project=make_project().public_id).json()


def test_check_refuses_what_is_no_json(owner):
    assert owner.post(reverse("project_check"), "[1", content_type="application/json").status_code == 400


def test_the_next_version_of_the_questions_is_published(owner, organization):
    project = make_project(organization)
    address = reverse("project_questions", args=[project.public_id])
    assert owner.get(address).context["current"].number == 1
    response = owner.post(address, {"schema": json.dumps(BLANK)}, follow=True)
    assert said(response) == ["Version 2 of the questions is out."]
    for bad in ("{", json.dumps({"language": "manyhands/1"})):
        response = owner.post(address, {"schema": bad})
        assert response.status_code == 422
        assert response.context["text"] == bad
