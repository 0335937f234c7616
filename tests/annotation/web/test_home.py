"""The contributor's home: what is offered, what is not yet, and to whom nothing is shown."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from annotation.domain import expiry, leases
from annotation.models import Annotation, Assignment, Batch, Guideline, Project, ProjectContributor, Role, Task
from annotation.queries import work
from annotation.web.home import midnight_of
from tests.factories import (
    fresh,
    grant_skill,
    make_answer,
    make_contributor,
    make_member,
    make_organization,
    make_project,
    make_queue,
    make_tasks,
    make_user,
    signed_in,
)
from workforce.domain.actor import SYSTEM
from workforce.models import Contributor, Skill

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Contributor:
    return make_contributor()


@pytest.fixture
def client(person: Contributor) -> Client:
    return signed_in(person.user)


def open_project(name: str, **fields: object) -> Project:
    project = make_project(name=name, **fields)
    make_tasks(project, 2)
    return project


def ask(project: Project, **requirements: object) -> Project:
    project.queues.update(requirements=requirements)
    return project


def offered(client: Client, query: str = "") -> list[str]:
    """The names of the projects under "Work for you"."""
    return [card.project.name for card in client.get(reverse("home") + query).context["cards"]]


def later(client: Client) -> dict[str, str]:
    """{project: what is missing} under "Not for you yet"."""
    cards = client.get(reverse("home")).context["later"]
    return {card.project.name: card.missing.what for card in cards}


def test_people_are_led_where_they_belong(client, person):
    assert Client().get("/").status_code == 200
    assert client.get("/").url == reverse("home")
    assert signed_in(make_user()).get("/").url == reverse("start")
    member = make_member(make_organization(), Role.MANAGER)
    assert signed_in(member.user).get("/").url == "/projects/"
    labeler = make_member(make_organization(), Role.LABELER)
    assert signed_in(labeler.user).get("/").url == reverse("start")
    make_member(make_organization(), Role.OWNER, person.user)
    assert client.get("/").url == reverse("home")


@pytest.mark.parametrize("name", ["home", "earnings", "earnings_statement", "inbox", "bell"])
def test_pages_of_contributors(name):
    assert Client().get(reverse(name)).url.startswith(reverse("account_login"))
    assert signed_in(make_user()).get(reverse(name)).url == reverse("start")


def test_without_work_the_page_says_so(client):
    page = client.get(reverse("home")).content.decode()
    assert "No work for you right now" in page


def test_work_is_offered_with_what_is_measured(client, person):
    project = open_project("Tones", description="How does it sound?", price_minor=6)
    assert offered(client) == ["Tones"]
    page = client.get(reverse("home")).content.decode()
    assert "How does it sound?" in page
    assert "Answers that nobody has judged after 7 days are accepted and paid." in page
    assert "$0.06" in page
    assert reverse("workspace", args=[project.public_id]) in page
    assert "not known yet" in page


def measured(project: Project, seconds: int, answers: int = 20) -> None:
    """Finished tasks whose answers took that long."""
    people = [make_contributor() for _ in range(2)]
    for task in make_tasks(project, answers // 2, seats=2):
        for each in people:
            make_answer(task, each, {"tone": "good"})
        Task.objects.filter(pk=task.pk).update(status="completed")
    Annotation.objects.filter(project=project).update(active_ms=seconds * 1000)


def test_figures_are_shown_from_twenty_answers_on(client):
    slow, fast, new = open_project("Slow"), open_project("Fast"), open_project("New")
    measured(slow, 60)
    measured(fast, 30)
    measured(new, 10, answers=18)
    cards = {card.project.name: card.figures for card in client.get(reverse("home")).context["cards"]}
    assert (cards["Slow"].seconds, cards["Slow"].hour_median, cards["Slow"].hour_low) == (60, 300, 300)
    assert (cards["Fast"].seconds, cards["Fast"].hour_median) == (30, 600)
    assert (cards["New"].seconds, cards["New"].hour_median) == (None, None)
    assert offered(client, "?sort=pay") == ["Fast", "Slow", "New"]
    assert offered(client, "?sort=time") == ["Fast", "Slow", "New"]


def test_rejected_answers_lower_the_pay_per_hour(client):
    project = open_project("Tones")
    measured(project, 60)
    half = Annotation.objects.filter(project=project).order_by("pk")[:10].values("pk")
    Annotation.objects.filter(pk__in=half).update(status="rejected")
    (card,) = client.get(reverse("home")).context["cards"]
    assert (card.figures.hour_low, card.figures.hour_median) == (0, 150)


def test_the_nearest_deadline_comes_first_after_the_class_and_work_in_hand(client, person):
    _last, soon, urgent, mine = (open_project(name) for name in ("Last", "Soon", "Urgent", "Mine"))
    urgent.queues.update(service_class="urgent")
    Batch.objects.create(
        organization=soon.organization, project=soon, name="b", deadline=timezone.now() + timedelta(days=1)
    )
    leases.take(project_id=mine.pk, contributor_id=person.pk, by=SYSTEM)
    assert offered(client) == ["Mine", "Urgent", "Soon", "Last"]


def test_only_tasks_the_person_has_not_had_count(client, person):
    project = make_project(name="Tones")
    (task,) = make_tasks(project, 1)
    assert offered(client) == ["Tones"]
    make_answer(task, person, {"tone": "good"})
    assert offered(client) == []


@pytest.mark.parametrize(
    "fields",
    [{"status": "paused"}, {"status": "archived"}, {"mode": "test"}, {"workforce": "team"}],
    ids=lambda fields: next(iter(fields.values())),
)
def test_what_is_not_theirs_to_know_of_is_not_shown(client, fields):
    open_project("Hidden", **fields)
    assert "Hidden" not in client.get(reverse("home")).content.decode()


def test_a_team_project_is_shown_to_its_team_and_to_the_invited(client, person):
    own = open_project("Own", workforce="team")
    make_member(own.organization, Role.LABELER, person.user)
    invited = open_project("Invited", workforce="team")
    ProjectContributor.objects.create(project=invited, contributor=person, status="invited")
    assert set(offered(client)) == {"Own", "Invited"}


def test_the_excluded_do_not_see_it(client, person):
    project = open_project("Gone")
    ProjectContributor.objects.create(project=project, contributor=person, status="excluded")
    assert offered(client) == []


def test_what_is_missing_is_said_in_words(client, person):
    skill = fresh(Skill.objects.create(name="Careful reading"))
    grant_skill(person, "Fast reading", value=20)
    low = Skill.objects.get(name="Fast reading")
    person.languages.create(tag="de", level=2)
    ask(open_project("A"), skills=[{"skill": skill.public_id, "value": 50}])
    ask(open_project("B"), skills=[{"skill": low.public_id, "value": 50}])
    ask(open_project("C"), languages=[{"tag": "fr", "level": 4}])
    ask(open_project("D"), languages=[{"tag": "de", "level": 4}])
    assert later(client) == {
        "A": "You need the skill “Careful reading”.",
        "B": "“Fast reading” is asked for at level 50; yours is 20.",
        "C": "You need French at level 4 of 5.",
        "D": "German is asked for at level 4 of 5; yours is 2.",
    }
    assert offered(client) == []


def test_one_open_queue_is_enough_and_an_unread_guideline_is_no_obstacle(client):
    project = ask(open_project("Tones"), languages=[{"tag": "fr", "level": 4}])
    make_tasks(project, 1, queue=make_queue(project))
    Guideline.objects.create(project=project, number=2, change="breaking")
    assert offered(client) == ["Tones"]
    assert later(client) == {}


def test_returned_work_comes_first_with_what_the_reviewer_said(client, person):
    project = make_project(name="Tones")
    (task,) = make_tasks(project, 1)
    answer = make_answer(task, person, {"tone": "good"})
    brief = expiry.Brief(
        reasons=["wrong"], comments=[{"path": "/tone", "text": "Listen again."}], note="Nearly.", draft=None
    )
    expiry.offer_again(previous=answer.assignment, brief=brief, hours=48)
    page = client.get(reverse("home"))
    assert [row.project.name for row in page.context["returned"]] == ["Tones"]
    assert "Listen again." in page.content.decode()
    assert Assignment.objects.filter(origin="return").count() == 1


@time_machine.travel("2026-03-01T12:00:00Z", tick=False)
def test_the_day_begins_at_the_readers_midnight(person):
    assert midnight_of(person) == datetime(2026, 3, 1, tzinfo=UTC)
    person.user.time_zone = "Pacific/Kiritimati"  # fourteen hours ahead: there it is tomorrow
    assert midnight_of(person) == datetime(2026, 3, 1, 10, tzinfo=UTC)


def test_the_day_so_far(person):
    for task in make_tasks(make_project(price_minor=7), 2):
        make_answer(task, person, {"tone": "good"})
    Annotation.objects.update(active_ms=90_000)
    now = timezone.now()
    day = work.today(contributor=person, midnight=now - timedelta(hours=1))
    assert (day.answers, day.seconds, day.earned) == (2, 180, [("USD", 14)])
    assert work.today(contributor=person, midnight=now + timedelta(hours=1)) == work.Day(0, 0, [])


def test_a_paused_person_is_offered_nothing_but_the_way_back(client, person):
    open_project("Tones")
    Contributor.objects.update(status="paused")
    page = client.get(reverse("home")).content.decode()
    assert "Your work is paused" in page
    assert "Tones" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_statements_do_not_grow_with_the_projects(client, person, count, django_assert_num_queries):
    for number in range(count):
        project = open_project(f"Open {number}")
        skill = fresh(Skill.objects.create(name=f"skill {number}"))
        ask(open_project(f"Later {number}"), skills=[{"skill": skill.public_id, "value": 1}])
        (task,) = make_tasks(project, 1, seats=1, seats_max=1)
        make_answer(task, person, {"tone": "good"})
    with django_assert_num_queries(13):
        client.get(reverse("home"))
