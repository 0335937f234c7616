"""The workspace over HTTP: its page, the queue protocol, what is refused and in which words, how many statements it takes."""

import json
import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from annotation.domain.leases import LeaseLost
from annotation.domain.queues import opened
from annotation.models import Annotation, Assignment, Draft, Guideline, Project, ProjectContributor, Role, Task
from quality.domain import gold
from tests.factories import make_contributor, make_member, make_project, make_tasks, make_user, signed_in
from workforce.domain import standing
from workforce.domain.actor import SYSTEM
from workforce.models import Contributor, Earning, Presence

pytestmark = pytest.mark.django_db

ANSWER = {"schema_version": 1, "value": {"tone": "good"}}


@pytest.fixture
def person() -> Contributor:
    return make_contributor()


@pytest.fixture
def client(person: Contributor) -> Client:
    return signed_in(person.user)


@pytest.fixture
def project() -> Project:
    return make_project(name="Tones")


def post(client: Client, name: str, *args: Any, **body: Any) -> tuple[int, dict[str, Any]]:
    answer = client.post(reverse(name, args=args), json.dumps(body), content_type="application/json")
    return answer.status_code, answer.json() if answer.content else {}


def take(client: Client, project: Project, **body: Any) -> dict[str, Any]:
    status, taken = post(client, "workspace_take", project.public_id, **body)
    assert status == 200
    return taken


def submit(client: Client, taken: dict[str, Any], **changes: Any) -> tuple[int, dict[str, Any]]:
    body = {"epoch": taken["epoch"], "client_key": str(uuid.uuid4()), "answer": ANSWER, "active_ms": 900, **changes}
    return post(client, "workspace_submit", taken["assignment"], **body)


def data_of(response: Any) -> dict[str, Any]:
    """The JSON that the page's script begins with."""
    found = re.search(
        r'<script id="workspace-data" type="application/json">(.*?)</script>', response.content.decode(), re.DOTALL
    )
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


# --- The page ---------------------------------------------------------------------------------------------------------
def test_the_page_brings_schema_guideline_and_the_first_two_tasks(client, project, person):
    make_tasks(project, 3)
    response = client.get(reverse("workspace", args=[project.public_id]))

    data = data_of(response)
    assert data["person"]["id"] == person.public_id
    assert data["project"] == {"id": project.public_id, "name": "Tones"}
    assert data["schema"]["questions"][0]["name"] == "tone"
    assert [offer["payload"]["text"] for offer in data["ahead"]["offers"]] == ["Text 0", "Text 1"]
    assert data["open"] is False
    assert data["today"] == {"answers": 0, "earned": []}
    assert "Choose its tone." in response.content.decode()


def test_what_was_left_open_is_announced_and_today_is_counted(client, project):
    make_tasks(project, 2)
    submit(client, take(client, project))
    take(client, project)

    data = data_of(client.get(reverse("workspace", args=[project.public_id])))

    assert data["open"] is True
    assert data["today"] == {"answers": 1, "earned": [{"amount": 5, "currency": "USD"}]}


def test_the_page_takes_the_same_few_statements_whatever_waits(client, project):
    make_tasks(project, 3)
    address = reverse("workspace", args=[project.public_id])
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(address)
    make_tasks(project, 30)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)


def test_guidelines_are_sanitised(client, project):
    Guideline.objects.create(
        project=project, number=2, body="# Tone\n\n<script>alert(1)</script> [x](javascript:alert(1)) ![p](http://x/y.png) **bold**"
    )  # fmt: skip
    html = client.get(reverse("workspace_guideline", args=[project.public_id])).content.decode()
    assert "<h1>Tone</h1>" in html
    assert "<strong>bold</strong>" in html
    assert "<script" not in html
    assert 'href="javascript' not in html
    assert "<img" not in html


def test_only_contributors_of_the_team_see_a_teams_project(client, person):
    project = make_project(workforce="team")
    address = reverse("workspace", args=[project.public_id])
    assert client.get(address).status_code == 404
    assert client.get(reverse("workspace_guideline", args=[project.public_id])).status_code == 404
    assert client.get(reverse("workspace_schema", args=[project.public_id, 1])).status_code == 404

    make_member(project.organization, Role.LABELER, person.user)
    assert client.get(address).status_code == 200


def test_unknown_projects_are_not_found_and_strangers_sign_in(client, project):
    assert client.get(reverse("workspace", args=["prj_nothing"])).status_code == 404
    assert client.get(reverse("workspace_schema", args=[project.public_id, 9])).status_code == 404
    assert Client().get(reverse("workspace", args=[project.public_id])).status_code == 302


def test_somebody_who_does_no_work_is_sent_home(project):
    response = signed_in(make_user()).get(reverse("workspace", args=[project.public_id]))
    assert response["Location"] == "/home/"


def test_without_a_project_the_scheduler_chooses(client, project):
    assert client.get(reverse("workspace_start"))["Location"] == "/home/"
    make_tasks(project, 1)
    urgent = make_project()
    urgent.queues.update(service_class="urgent")
    make_tasks(urgent, 1)
    for place in (urgent, project):  # and what is in hand comes before all that is new
        assert (
            client.get(reverse("workspace_start"))["Location"]
            == f"{reverse('workspace', args=[place.public_id])}?anywhere"
        )
        take(client, project)


def test_who_roams_is_sent_where_the_work_is(client, project):
    other = make_project()
    make_tasks(project, 1)
    make_tasks(other, 1)
    assert take(client, project, anywhere=True)["assignment"]
    assert take(client, project, anywhere=True) == {"go": other.public_id}
    assert client.get(reverse("workspace_ahead", args=[other.public_id]), {"anywhere": ""}).json()["offers"]
    assert take(client, project, anywhere=True) == {"go": other.public_id}  # where the offer is
    assert take(client, other, anywhere=True)["assignment"]
    assert take(client, other, anywhere=True)["none"]["reason"] == "queue_empty"
    assert Presence.objects.get().roams  # so that the dispatcher serves them from anywhere
    make_tasks(project, 1)
    opened(queue_id=project.queues.get().pk, lowest_rank=0)
    ahead = client.get(reverse("workspace_ahead", args=[other.public_id]), {"anywhere": ""}).json()
    assert (ahead["offers"], ahead["go"]) == ([], project.public_id)


# --- Statements -------------------------------------------------------------------------------------------------------
def statements(captured: CaptureQueriesContext) -> list[str]:
    """What was asked of the database, without the savepoints that a test's transaction turns commits into."""
    return [query["sql"] for query in captured.captured_queries if "SAVEPOINT" not in query["sql"]]


def test_next_takes_at_most_four_statements_and_submit_at_most_six(client, project):
    make_tasks(project, 4)
    submit(client, take(client, project))  # verdicts are computed, the project is known

    with CaptureQueriesContext(connection) as taking:
        taken = take(client, project)
    with CaptureQueriesContext(connection) as submitting:
        assert submit(client, taken)[0] == 201

    assert len(statements(taking)) <= 4
    assert len(statements(submitting)) <= 6


# --- Who speaks -------------------------------------------------------------------------------------------------------
def test_the_session_is_asked_for_by_name(client, person):
    assert client.get(reverse("workspace_me")).json() == {"person": person.public_id}
    other = client.get(reverse("workspace_me"), headers={"X-Contributor": make_contributor().public_id})
    assert (other.status_code, other.json()["code"]) == (401, "other_person")
    assert Client().get(reverse("workspace_me")).json()["code"] == "sign_in"


# --- Leases -----------------------------------------------------------------------------------------------------------
def test_a_reloaded_page_goes_on_with_a_full_lease_and_fences_the_old_one(client, project):
    make_tasks(project, 1)
    old = take(client, project)
    post(client, "workspace_leaving", old["assignment"], epoch=old["epoch"])

    again = take(client, project, resume=True)

    assert again["assignment"] == old["assignment"]
    assert again["epoch"] == old["epoch"] + 1
    assert again["until"] > (timezone.now() + timedelta(seconds=500)).isoformat()
    status, refusal = post(client, "workspace_beat", old["assignment"], epoch=old["epoch"])
    assert (status, refusal["because"]) == (409, "elsewhere")


def test_a_lease_whose_receipt_was_lost_is_taken_by_its_name(client, project):
    make_tasks(project, 2)
    offer = client.get(reverse("workspace_ahead", args=[project.public_id])).json()["offers"][0]["assignment"]
    take(client, project, assignment=offer)  # the answer to this never arrived

    assert post(client, "workspace_take", project.public_id, assignment=offer)[1]["code"] == "offer_lapsed"
    again = take(client, project, assignment=offer, resume=True)
    assert (again["assignment"], again["epoch"]) == (offer, 2)


@pytest.mark.parametrize(
    ("status", "because"), [("expired", "expired"), ("submitted", "submitted"), ("revoked", "ended")]
)
def test_a_lost_lease_says_why(client, project, status, because):
    make_tasks(project, 1)
    taken = take(client, project)
    Assignment.objects.filter(public_id=taken["assignment"]).update(status=status)
    for call in ("workspace_beat", "workspace_extend"):
        code, refusal = post(client, call, taken["assignment"], epoch=taken["epoch"])
        assert (code, refusal["code"], refusal["because"]) == (409, LeaseLost.code, because)


def test_the_browser_counts_down_by_the_servers_clock(client, project):
    make_tasks(project, 1)
    taken = take(client, project)
    assert taken["now"] < taken["until"]
    for call in ("workspace_beat", "workspace_extend"):
        kept = post(client, call, taken["assignment"], epoch=taken["epoch"])[1]
        assert kept["now"] < kept["until"]


# --- Guideline --------------------------------------------------------------------------------------------------------
def breaking(project: Project) -> None:
    Guideline.objects.create(project=project, number=2, body="Choose its tone.\n\nIrony counts.", change="breaking")
    Project.objects.filter(pk=project.pk).update(guideline_version=2, policy_version=2)


def test_a_breaking_guideline_is_read_before_the_next_task(client, project):
    make_tasks(project, 1)
    breaking(project)

    assert take(client, project)["none"]["reason"] == "guideline_unread"
    assert post(client, "workspace_guideline", project.public_id, number=2)[0] == 204
    assert take(client, project)["payload"] == {"text": "Text 0"}


def test_what_changed_is_shown_to_who_read_the_earlier_version(client, project):
    post(client, "workspace_guideline", project.public_id, number=1)
    breaking(project)
    html = client.get(reverse("workspace_guideline", args=[project.public_id])).content.decode()
    assert "<ins><p>Irony counts.</p>" in html
    assert 'data-number="2" data-read="1"' in html


def test_an_unknown_version_cannot_be_read_and_an_older_one_changes_nothing(client, project, person):
    breaking(project)
    for number in (2, 1, 7):
        post(client, "workspace_guideline", project.public_id, number=number)
    assert ProjectContributor.objects.get(project=project, contributor=person).guideline_read == 2


# --- Feedback ---------------------------------------------------------------------------------------------------------
def test_feedback_of_this_project_is_read_once(client, project, person):
    for number, key in enumerate((project.public_id, project.public_id, "prj_other")):
        standing.notify(
            contributor_id=person.pk,
            code="answer_corrected",
            source_key=f"rev_{number}",
            params={"project": key, "note": "See 2.1"},
        )
    address = reverse("workspace_feedback", args=[project.public_id])

    assert [(row["code"], row["read"]) for row in client.get(address).json()["notices"]] == [
        ("answer_corrected", False)
    ] * 2
    assert post(client, "workspace_feedback", project.public_id)[0] == 204
    assert all(row["read"] for row in client.get(address).json()["notices"])
    assert person.notices.filter(read_at=None).count() == 1


# --- Recall -----------------------------------------------------------------------------------------------------------
def test_an_answer_taken_back_is_replaced_by_the_next_and_paid_once(client, project, person):
    (task,) = make_tasks(project, 1)
    taken = take(client, project)
    submit(client, taken)

    status, again = post(client, "workspace_recall", taken["assignment"])

    assert status == 200
    assert (again["round"], again["epoch"], again["draft"]) == (2, 1, {"value": {"tone": "good"}})
    task.refresh_from_db()
    assert (task.status, task.answers, task.seats_taken) == ("collecting", 0, 1)
    assert submit(client, again, answer={"schema_version": 1, "value": {"tone": "bad"}})[0] == 201
    task.refresh_from_db()
    assert (task.answers, task.seats_taken) == (1, 1)
    states = Annotation.objects.filter(contributor=person).order_by("id").values_list("status", flat=True)
    assert list(states) == ["superseded", "pending"]
    earnings = Earning.objects.filter(contributor=person).order_by("id").values_list("status", "amount_minor")
    assert list(earnings) == [("reversed", 5), ("pending", 5)]


def test_the_last_wanted_answer_can_be_taken_back_until_it_is_used(client, project):
    (task,) = make_tasks(project, 1, seats=1)
    taken = take(client, project)
    submit(client, taken)
    assert post(client, "workspace_recall", taken["assignment"])[0] == 200
    task.refresh_from_db()
    assert task.status == "collecting"


def test_an_exit_taken_back_needs_a_free_seat(client, project):
    (task,) = make_tasks(project, 1, seats=1)
    taken = take(client, project)
    exit_ = {"schema_version": 1, "exit": {"type": "cannot_judge", "reason": "give_up"}, "partial": {"tone": "bad"}}
    submit(client, taken, answer=exit_)
    assert post(client, "workspace_recall", taken["assignment"])[1]["draft"] == {"value": {"tone": "bad"}}

    Assignment.objects.filter(task=task, status="leased").update(status="returned")
    Task.objects.filter(pk=task.pk).update(seats_taken=0)
    other = signed_in(make_contributor().user)
    second = take(other, project)
    submit(other, second, answer=exit_)
    take(signed_in(make_contributor().user), project)  # the seat is somebody else's now
    assert post(other, "workspace_recall", second["assignment"])[1]["code"] == "already_used"


def refused(client: Client, taken: dict[str, Any]) -> tuple[int, str]:
    status, body = post(client, "workspace_recall", taken["assignment"])
    return status, body["code"]


def test_what_was_used_or_is_too_old_or_not_ones_own_stays(client, project):
    make_tasks(project, 3)
    used, old, mine = (take(client, project) for _ in range(3))
    for taken in (used, old, mine):
        submit(client, taken)
    Annotation.objects.filter(assignment__public_id=used["assignment"]).update(status="accepted")

    assert refused(client, used) == (409, "already_used")
    assert refused(signed_in(make_contributor().user), mine) == (409, "already_used")
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert refused(client, old) == (409, "already_used")


def test_nobody_takes_back_more_than_they_may_hold(client, project):
    make_tasks(project, 4)
    given = take(client, project)
    submit(client, given)
    for _ in range(3):
        take(client, project)
    assert refused(client, given) == (409, "open_work")


# --- No work ----------------------------------------------------------------------------------------------------------
def test_an_empty_queue_names_other_projects_with_work(client, project):
    other = make_project(name="More")
    make_tasks(other, 2)
    submit(client, take(client, other))  # worked in before, more is left

    none = take(client, project)["none"]

    assert none["reason"] == "queue_empty"
    assert none["elsewhere"] == [{"id": other.public_id, "name": "More"}]


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"status": "paused"}, "paused"), ({"workforce": "team"}, "not_in_team")],
)
def test_a_closed_project_says_why(client, project, change, reason):
    make_tasks(project, 1)
    Project.objects.filter(pk=project.pk).update(**change, policy_version=2)
    assert take(client, project)["none"]["reason"] == reason


def test_a_draft_of_another_tab_is_not_overwritten(client, project):
    make_tasks(project, 1)
    taken = take(client, project)
    address = reverse("workspace_draft", args=[taken["assignment"]])

    def save(version: int, tone: str) -> Any:
        body = json.dumps({"value": {"tone": tone}})
        return client.put(address, body, content_type="application/json", headers={"If-Match": f'"{version}"'})

    assert save(0, "good").json() == {"version": 1}
    conflict = save(0, "bad")
    assert (conflict.status_code, conflict.json()["body"]) == (412, {"value": {"tone": "good"}})
    assert Draft.objects.get().body == {"value": {"tone": "good"}}


def test_of_practice_alone_the_page_is_told_what_it_is(client, project):
    make_tasks(project, 1)
    known = {"payload": {"text": "What a ride!"}, "expected": {"tone": "good"}}
    gold.plant(project=project, training=True, by=SYSTEM, **known)
    practice, work = take(client, project), take(client, project)
    assert practice["practice"]["why"] == ""
    assert practice["practice"]["text"].startswith("This task is for practice. It is paid like any other")
    assert practice["practice"]["rest"] == "It is the last one before other work."
    assert work["practice"] is None
