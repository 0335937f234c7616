"""The short lane: what pages need is left out, what protects is not."""

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client, RequestFactory

from config.errors import server_error
from tests.factories import make_contributor, make_project, make_tasks, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return signed_in(make_contributor().user)


@pytest.fixture
def project():
    row = make_project()
    make_tasks(row)
    return row


def test_an_answer_of_the_lane_is_protected(client, project):
    answer = client.post(f"/workspace/{project.public_id}/take", {}, content_type="application/json")
    assert answer.status_code == 200
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Request-Id"]
    assert int(answer["Content-Length"]) == len(answer.content)


def test_without_a_token_nothing_happens(client, project):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    answer = strict.post(f"/workspace/{project.public_id}/take", {}, content_type="application/json")
    assert answer.status_code == 403
    assert "application/json" not in answer["Content-Type"]


def test_a_foreign_host_is_refused(client):
    answer = client.get("/workspace/me", headers={"host": "elsewhere.example"})
    assert answer.status_code == 400


def test_unknown_addresses_are_not_found():
    assert Client().get("/workspace/no/such/address").status_code == 404


def test_the_callers_language_is_spoken_to_strangers():
    answer = Client().get("/workspace/me", headers={"accept-language": "zh-hans"})
    assert (answer.status_code, answer.json()["message"]) == (401, "请重新登录。")


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_database_that_does_not_answer_in_time_is_503_and_says_when_to_come_again(accept):
    request = RequestFactory().get("/projects/", headers={"accept": accept})
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 1; SELECT pg_sleep(1)")
    except OperationalError:
        answer = server_error(request)
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
