"""The webhooks console: endpoints, their log, sending again."""

import re

import pytest
from django.db import transaction
from django.urls import reverse

from annotation.domain import outbox, webhooks
from annotation.domain.events import Fact, publish
from annotation.models import Organization, Role, WebhookDelivery, WebhookEndpoint
from annotation.queries.events import INTERNAL, readable
from tests.factories import fresh, make_member, make_organization, make_project, signed_in
from workforce.domain.actor import SYSTEM

pytestmark = pytest.mark.django_db
URL = "http://127.0.0.1:9/hook"


@pytest.fixture
def organization() -> Organization:
    return make_organization()


@pytest.fixture
def client(organization):
    return signed_in(make_member(organization, Role.ADMIN).user)


@pytest.fixture
def endpoint(organization) -> WebhookEndpoint:
    return webhooks.register(organization=organization, mode="live", url=URL, types=["*"], by=SYSTEM)[0]


def happen(organization: Organization, count: int) -> None:
    with transaction.atomic():
        facts = (Fact(organization.pk, "live", None, "task.completed", f"tsk_{n}", {}) for n in range(count))
        publish(*facts, by=SYSTEM)
    outbox.drain()


def post(client, name: str, row: WebhookEndpoint | WebhookDelivery, **form: object) -> str:
    return client.post(reverse(name, args=[row.public_id]), form, follow=True).content.decode()


def test_a_new_endpoint_shows_its_secret_once(client, organization):
    project = make_project(organization, mode="test")
    form = {
        "url": URL,
        "mode": "test",
        "project": project.public_id,
        "groups": ["task.*"],
        "others": "key.revoked task.*",
        "description": "Orders",
    }
    page = client.post("/webhooks/new/", form).content.decode()
    assert re.search(r"whsec_[\w+/=]{44}", page)
    row = WebhookEndpoint.objects.get()
    assert (row.url, row.types, row.project, row.mode) == (URL, ["task.*", "key.revoked"], project, "test")
    assert "whsec_" not in client.get(reverse("webhook", args=[row.public_id])).content.decode()
    assert URL in client.get("/webhooks/").content.decode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"groups": []}, "Choose at least one event"),
        ({"others": "no-such!"}, "needs at least one event type"),
        ({"url": "http://user:secret@127.0.0.1/"}, "cannot be called"),
        ({"mode": "live"}, "in the other mode"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(client, organization, change, words):
    project = make_project(organization, mode="test")
    form = {"url": URL, "mode": "test", "project": project.public_id, "groups": ["task.*"], **change}
    answer = client.post("/webhooks/new/", form)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not WebhookEndpoint.objects.exists()


def test_an_endpoint_is_changed_disabled_and_enabled(client, endpoint):
    form = {"url": f"{URL}/2", "description": "Other", "groups": ["batch.*"]}
    client.post(reverse("webhook_edit", args=[endpoint.public_id]), form)
    assert (fresh(endpoint).url, endpoint.types, endpoint.description) == (f"{URL}/2", ["batch.*"], "Other")
    bad = client.post(reverse("webhook_edit", args=[endpoint.public_id]), {"url": URL, "others": "!"})
    assert bad.status_code == 422
    assert "Disabled" in post(client, "webhook_switch", endpoint)
    assert fresh(endpoint).status == "disabled"
    assert "Enabled" in post(client, "webhook_switch", endpoint)
    assert fresh(endpoint).status == "enabled"


def test_a_test_event_is_in_the_log(client, endpoint):
    page = post(client, "webhook_ping", endpoint)
    assert "on its way" in page
    assert "ping" in page.partition("<tbody>")[2]


def test_a_new_secret_is_shown_once(client, endpoint):
    page = client.post(reverse("webhook_rotate", args=[endpoint.public_id]), {"overlap_s": "3600"}).content.decode()
    assert "whsec_" in page
    assert len(fresh(endpoint).secrets) == 2
    assert "whsec_" not in post(client, "webhook_rotate", endpoint, overlap_s="never")


@pytest.mark.parametrize("kind", INTERNAL)
def test_what_concerns_the_house_alone_leaves_it_for_no_pattern(kind, organization, endpoint):
    with transaction.atomic():
        publish(Fact(organization.pk, "live", None, kind, "tsk_1", {}), by=SYSTEM)
    outbox.drain()
    assert not WebhookDelivery.objects.exists()
    assert not readable(organization_id=organization.pk, mode="live").exists()


def test_the_log_is_paged_filtered_and_replayed(client, organization, endpoint):
    happen(organization, 60)
    page = reverse("webhook", args=[endpoint.public_id])
    first = client.get(page).content.decode()
    assert first.count("<tr>") == 51
    onward = re.search(r'href="(\?[^"]*after=[^"]*)"', first)[1].replace("&amp;", "&")
    second = client.get(page + onward).content.decode()
    assert second.count("<tr>") == 11
    back = re.search(r'href="(\?[^"]*before=[^"]*)"', second)[1].replace("&amp;", "&")
    assert client.get(page + back).content.decode().count("<tr>") == 51
    WebhookDelivery.objects.update(status="delivered")
    WebhookDelivery.objects.filter(event__seq=3).update(status="exhausted")
    assert client.get(f"{page}?status=exhausted").content.decode().count("<tr>") == 2
    assert "1 delivery is" in post(client, "webhook_replay", endpoint, from_seq="1", to_seq="9", only_failed="on")
    assert "9 deliveries are" in post(client, "webhook_replay", endpoint, from_seq="1", to_seq="9")


def test_one_delivery_is_tried_again_unless_it_is_being_sent(client, organization, endpoint):
    happen(organization, 1)
    row = WebhookDelivery.objects.get()
    WebhookDelivery.objects.update(status="exhausted")
    assert "tried again now" in post(client, "webhook_retry", row)
    assert fresh(row).status == "pending"
    WebhookDelivery.objects.update(status="sending")
    assert "cannot be done" in post(client, "webhook_retry", row)


def test_a_manager_reads_the_endpoints_of_own_projects_only(organization, endpoint):
    manager, project = make_member(organization, Role.MANAGER), make_project(organization)
    project.members.add(manager)
    own = webhooks.register(
        organization=organization, mode="live", url=f"{URL}/own", types=["*"], by=SYSTEM, project=project
    )[0]
    browser = signed_in(manager.user)
    page = browser.get("/webhooks/").content.decode()
    assert own.public_id in page
    assert endpoint.public_id not in page
    assert browser.get(reverse("webhook", args=[endpoint.public_id])).status_code == 404
    shown = browser.get(reverse("webhook", args=[own.public_id])).content.decode()
    assert "Send a test event" not in shown
    assert browser.post(reverse("webhook_ping", args=[own.public_id])).status_code == 403


def test_the_log_asks_the_same_number_of_questions_for_one_row_and_for_three(
    client, organization, endpoint, django_assert_max_num_queries
):
    page = reverse("webhook", args=[endpoint.public_id])
    happen(organization, 1)
    client.get(page)
    with django_assert_max_num_queries(8) as one:
        client.get(page)
    happen(organization, 2)
    with django_assert_max_num_queries(len(one)):
        client.get(page)
