"""The endpoints of floor 2, as a program meets them."""

import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from annotation.domain import outbox
from annotation.models import Event, Project, Task
from tests.annotation.api.calls import Caller
from tests.annotation.domain.test_media import picture
from tests.annotation.queries.test_exports import settled
from tests.factories import SCHEMA, fresh, make_answer, make_contributor, make_organization, make_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return make_project()


@pytest.fixture
def call(project: Project) -> Caller:
    return Caller(project.organization)


def create(call: Caller, project: Project, text: str = "a", **options: Any) -> Any:
    return call.post(f"projects/{project.public_id}/tasks", {"payload": {"text": text}, **options})


def test_a_project_is_made_changed_paused_and_closed() -> None:
    call = Caller(make_organization())
    made = call.post("projects", {"name": "Tones", "schema": SCHEMA, "guideline": "Read."})
    at = made["Location"].removeprefix("/api/v1/")
    assert (made.status_code, made["ETag"], made.json()["object"]) == (201, '"1"', "project")
    assert call.patch(at, {"name": "New"}).status_code == 428
    stale = call.patch(at, {"name": "New"}, If_Match='"0"')
    assert (stale.status_code, stale["ETag"]) == (412, '"1"')
    assert call.patch(at, {"name": "New"}, If_Match='"1"').json()["name"] == "New"
    assert call.get(at, If_None_Match='"2"').status_code == 304
    for act, status in (("pause", "paused"), ("resume", "open"), ("archive", "archived"), ("archive", "archived")):
        assert call.post(f"{at}/{act}").json()["status"] == status
    refused = call.post(f"{at}/resume")
    assert (refused.status_code, refused.json()["code"], refused.json()["state"]) == (409, "wrong_state", "archived")


def test_schemas_and_guidelines_are_published_and_tried(call: Caller, project: Project) -> None:
    at = f"projects/{project.public_id}"
    parts = {name: SCHEMA[name] for name in ("fields", "questions")}
    tried = call.post(f"{at}/schemas/validate", {**parts, "payloads": [{"text": 7}]}).json()
    assert (tried["ok"], tried["errors"][0]["pointer"]) == (False, "/payloads/0/text")
    assert call.post(f"{at}/schemas/validate", parts).json()["compatible"] is True
    wider = json.loads(json.dumps(parts))
    wider["questions"][0]["config"]["options"].append({"key": "odd", "title": {"en": "Odd"}})
    new = call.post(f"{at}/schemas", wider)
    assert (new.status_code, new.json()["number"]) == (201, 2)
    assert call.get(f"{at}/schemas/2").json()["body"]["questions"] == wider["questions"]
    bad = call.post(f"{at}/schemas", {"fields": [], "questions": []})
    assert (bad.status_code, bad.json()["code"]) == (422, "schema_invalid")
    guideline = call.post(f"{at}/guidelines", {"body": "# Read", "breaking": True})
    assert (guideline.status_code, guideline.json()["number"], guideline.json()["breaking"]) == (201, 2, True)
    assert [each["number"] for each in call.get(f"{at}/guidelines").json()["data"]] == [2, 1]


def test_a_task_is_made_once_changed_and_canceled(call: Caller, project: Project) -> None:
    made = create(call, project, unique_id="r-1", priority=50)
    again = create(call, project, unique_id="r-1", priority=50)
    assert (made.status_code, again.status_code, again["Idempotent-Replayed"]) == (201, 200, "true")
    assert made.json() == again.json()
    assert made.json()["progress"] == {"wanted": 3, "counted": 0, "taken": 0}
    taken = create(call, project, "other", unique_id="r-1")
    assert (taken.status_code, taken.json()["existing"]) == (409, made.json()["id"])
    bad = create(call, project, text=7)
    assert (bad.status_code, bad.json()["errors"][0]["pointer"]) == (422, "/payload/text")
    at = made["Location"].removeprefix("/api/v1/")
    rank = Task.objects.get().rank
    changed = call.patch(at, {"priority": 100, "tags": ["x"], "unique_id": None}, If_Match=made["ETag"])
    assert (changed.json()["priority"], changed.json()["tags"], changed.json()["unique_id"]) == (100, ["x"], None)
    assert Task.objects.get().rank < rank
    assert call.patch(at, {"priority": 1}, If_Match=made["ETag"]).status_code == 412
    other = create(call, project, "b", unique_id="r-2").json()
    clash = call.patch(at, {"unique_id": "r-2"}, If_Match="*")
    assert (clash.status_code, clash.json()["existing"]) == (409, other["id"])
    for _ in range(2):
        assert call.post(f"{at}/cancel", {"free_unique_id": True}).json()["status"] == "canceled"


def test_started_work_may_stop_a_cancel(call: Caller, project: Project) -> None:
    made = create(call, project).json()
    make_answer(Task.objects.get(), make_contributor(), {"tone": "good"})
    refused = call.post(f"tasks/{made['id']}/cancel", {"started": "refuse"})
    assert (refused.status_code, refused.json()["code"], Task.objects.get().status) == (
        409,
        "task_started",
        "collecting",
    )
    assert call.get(f"tasks/{made['id']}").json()["status"] == "in_progress"


def test_a_task_is_reopened_only_once_it_is_completed(call: Caller, project: Project) -> None:
    at = f"tasks/{create(call, project).json()['id']}"
    refused = call.post(f"{at}/reopen", {"reason": "doubt"})
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
    Task.objects.update(status="completed", completed_at=timezone.now())
    assert call.post(f"{at}/reopen", {"reason": "doubt"}).json()["status"] == "in_progress"


def test_lists_are_paged_and_filtered(call: Caller, project: Project) -> None:
    for text in "abcde":
        create(call, project, text, unique_id=text, tags=[text], metadata={"of": text})
    at = f"projects/{project.public_id}/tasks"
    seen, cursor = [], ""
    while True:
        page = call.get(f"{at}?limit=2&order=asc{cursor}").json()
        seen += [each["unique_id"] for each in page["data"]]
        if page["next"] is None:
            break
        cursor = f"&after={page['next']}"
    assert seen == list("abcde")
    other = call.get(f"{at}?limit=2&order=asc&status=open{cursor}")
    assert (other.status_code, other.json()["code"]) == (400, "bad_cursor")
    for query in (
        "unique_id=b",
        "tags=b",
        "metadata.of=b",
        "unique_id=b&status=open&created_after=2020-01-01T00:00:00Z",
    ):
        assert [each["unique_id"] for each in call.get(f"tasks?{query}").json()["data"]] == ["b"]
    assert call.get("tasks?completed_before=2020-01-01T00:00:00Z&status=completed").json()["data"] == []


def test_tasks_are_tried_without_being_kept(call: Caller, project: Project) -> None:
    create(call, project, unique_id="r-1")
    rows = [{"payload": {"text": "x"}}, {"payload": {}}, {"payload": {"text": "x"}, "unique_id": "r-1"}]
    tried = call.post(f"projects/{project.public_id}/tasks/validate", rows).json()["rows"]
    assert [each["ok"] for each in tried] == [True, False, False]
    assert tried[2]["errors"][0]["code"] == "unique_id_taken"
    assert Task.objects.count() == 1


def test_batches(call: Caller, project: Project) -> None:
    made = call.post(f"projects/{project.public_id}/batches", {"name": "one", "deadline": "2030-01-01T00:00:00Z"})
    at = made["Location"].removeprefix("/api/v1/")
    assert call.patch(at, {"priority": 90, "deadline": None}, If_Match=made["ETag"]).json()["deadline"] is None
    task = create(call, project, batch=made.json()["id"]).json()
    assert (task["batch"], task["priority"]) == (made.json()["id"], 90)
    assert call.post(f"{at}/cancel").json()["status"] == "canceled"
    assert call.get(f"tasks/{task['id']}").json()["status"] == "canceled"
    assert create(call, project, batch=made.json()["id"]).status_code == 409


def test_what_came_out_of_a_task(call: Caller, project: Project) -> None:
    waiting = create(call, project, "z").json()
    assert call.get(f"tasks/{waiting['id']}/result").json()["code"] == "not_ready"
    (result,) = settled(project, "a")
    at = f"tasks/{result.task.public_id}"
    assert call.get(f"{at}/result").json()["id"] == result.public_id
    for name in ("results", "annotations", "assignments", "reviews"):
        assert call.get(f"{at}/{name}").status_code == 200
    (answer,) = call.get(f"{at}/annotations").json()["data"]
    assert (answer["answer"]["value"], answer["contributor"][:4]) == ({"tone": "good"}, "ctr_")
    lines = b"".join(call.get(f"projects/{project.public_id}/results.ndjson").streaming_content).splitlines()
    assert [json.loads(line).keys() >= {"task"} for line in lines] == [True, False]
    assert json.loads(lines[-1]) == {"next": None}
    table = b"".join(call.get(f"projects/{project.public_id}/results.csv?include=").streaming_content)
    assert table.count(b"\r\n") == 2
    assert call.get(f"projects/{project.public_id}/results.ndjson?include=names").status_code == 400


def test_rows_are_streamed_in_broken_off_and_resumed(call: Caller, project: Project) -> None:
    job = call.post(f"projects/{project.public_id}/imports").json()
    at = f"imports/{job['id']}"
    rows = [{"payload": {"text": f"{n}"}, "unique_id": f"{n}"} for n in range(5)]
    body = "\n".join(map(json.dumps, rows[:2])) + "\n\nno json\n"

    def send(first: int, content: Any, **headers: str) -> list[Any]:
        answer = call.post(f"{at}/rows?from={first}", content, content_type="application/x-ndjson", **headers)
        assert answer.status_code == 200
        return [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]

    first = send(0, body)
    assert [each["status"] for each in first[:-1]] == ["created", "created", "invalid"]
    assert first[-1] == {"summary": {"from": 0, "to": 3, "created": 2, "existing": 0, "failed": 1, "next_row": 3}}
    assert (first[2]["error"]["status"], first[2]["error"]["errors"][0]["code"]) == (422, "not_json")
    gap = call.post(f"{at}/rows?from=4", "{}", content_type="application/x-ndjson")
    assert (gap.status_code, gap.json()["code"], gap.json()["next_row"]) == (409, "wrong_row", 3)
    everything = "\n".join(map(json.dumps, [rows[0], rows[1], "x", *rows[2:]])).encode()
    second = send(0, gzip.compress(everything), Content_Encoding="gzip")
    assert second[:3] == first[:3]
    assert second[-1]["summary"]["next_row"] == 6
    assert [each["row"] for each in send_get(call, f"{at}/rows?after=3")[:-1]] == [4, 5]
    assert call.post(f"{at}/finish").json()["counts"] == {"created": 5, "existing": 0, "failed": 1}
    assert call.post(f"{at}/abort").status_code == 409
    assert call.get(at).json()["status"] == "finished"


def send_get(call: Caller, path: str) -> list[Any]:
    return [json.loads(line) for line in b"".join(call.get(path).streaming_content).splitlines()]


def test_events_are_read_by_number(call: Caller, project: Project) -> None:
    create(call, project)
    outbox.drain()
    feed = call.get("events?types=task.*,batch.created").json()
    assert [each["type"] for each in feed["data"]] == ["task.created"]
    assert call.get(f"events?after={feed['next']}&types=task.*").json() == {
        "data": [],
        "next": feed["next"],
        "head": feed["head"],
    }
    assert Caller(project.organization, mode="test").get("events?types=task.*").json()["data"] == []


def test_webhooks_and_deliveries(call: Caller) -> None:
    made = call.post("webhooks", {"url": "http://127.0.0.1:9/hook", "types": ["task.*"]})
    assert (made.status_code, made.json()["secret"][:6]) == (201, "whsec_")
    at = made["Location"].removeprefix("/api/v1/")
    assert "secret" not in call.get(at).json()
    assert call.patch(at, {"enabled": False}, If_Match="*").json()["enabled"] is False
    assert call.post(f"{at}/rotate", {"overlap_s": 60}).json()["secret"] != made.json()["secret"]
    delivery = call.post(f"{at}/test").json()
    assert call.get(f"deliveries?endpoint={made.json()['id']}").json()["data"][0]["id"] == delivery["id"]
    assert call.post(f"deliveries/{delivery['id']}/retry").json()["status"] == "pending"
    outbox.drain()
    seq = Event.objects.get(type="ping").seq
    assert call.post(f"{at}/replay", {"from_seq": seq, "to_seq": seq}).json() == {"queued": 1}
    assert call.post(f"{at}/replay", {}).status_code == 400
    assert call.post("webhooks", {"url": "ftp://x.org/", "types": ["task.*"]}).json()["code"] == "url_refused"
    assert [call("DELETE", at).status_code for _ in range(2)] == [204, 404]


def test_files(call: Caller, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
    made = call("POST", "files", head + picture() + b"\r\n--x--\r\n", content_type="multipart/form-data; boundary=x")
    assert (made.status_code, made.json()["mime_type"], made.json()["width"]) == (201, "image/png", 4)
    at = made["Location"].removeprefix("/api/v1/")
    assert call.get(at).json()["url"].startswith("/media/fil_")
    bad = call("POST", "files", head + b"x\r\n--x--\r\n", content_type="multipart/form-data; boundary=x")
    assert (bad.status_code, bad.json()["code"]) == (415, "unsupported_media_type")
    assert [call("DELETE", at).status_code for _ in range(2)] == [204, 404]


def test_gold_and_decisions_about_answers(call: Caller, project: Project) -> None:
    at = f"projects/{project.public_id}/gold"
    planted = call.post(at, {"payload": {"text": "a"}, "expected": {"tone": "good"}})
    assert (planted.status_code, planted.json()["expected"]) == (201, {"tone": "good"})
    assert call.post(at, {"payload": {"text": "a"}, "expected": {"tone": "x"}}).status_code == 422
    assert call.get("tasks").json()["data"] == []
    assert call.post(f"gold/{planted.json()['id']}/retire").json()["status"] == "retired"
    known = {"payload": {"text": "b"}, "expected": {"tone": "bad"}, "training": True, "why": "It complains."}
    practice = call.post(at, known).json()
    assert (planted.json()["training"], practice["training"], practice["why"]) == (False, True, "It complains.")
    call.post(f"gold/{practice['id']}/retire")
    create(call, project)
    task = Task.objects.get(purpose="work")
    right, wrong = (make_answer(task, make_contributor(), {"tone": "good"}) for _ in range(2))
    assert call.post(f"annotations/{right.public_id}/accept").json()["status"] == "accepted"
    refused = call.post(f"annotations/{right.public_id}/reject", {"reasons": ["wrong"], "note": "No."})
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
    with time_machine.travel(wrong.judge_by + timedelta(minutes=1)):
        late = call.post(f"annotations/{wrong.public_id}/reject", {"reasons": ["wrong"], "note": "No."})
    assert (late.status_code, late.json()["code"]) == (409, "too_late_to_reject")
    for _ in range(2):
        shown = call.post(f"annotations/{wrong.public_id}/reject", {"reasons": ["wrong"], "note": "No."}).json()
        assert (shown["status"], shown["answer"], shown["withheld"]) == ("rejected", None, True)
    assert (fresh(task).answers, fresh(task).recycled) == (1, True)
    assert call.post(f"annotations/{wrong.public_id}/reject", {"reasons": [], "note": ""}).status_code == 422


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("by_key", [True, False])
def test_eight_equal_creates_at_once_make_one_task(by_key: bool) -> None:
    project = make_project()
    call = Caller(project.organization)
    body = {"payload": {"text": "a"}, **({} if by_key else {"unique_id": "r-1"})}
    headers = {"Idempotency_Key": "k-1"} if by_key else {}

    def send(_turn: int) -> str:
        try:
            while (answer := call.post(f"projects/{project.public_id}/tasks", body, **headers)).status_code == 409:
                assert answer.json()["code"] == "idempotency_in_progress"
            return str(answer.json()["id"])
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(send, range(8)))
    assert len(ids) == Task.objects.count() == Event.objects.filter(type="task.created").count() == 1
