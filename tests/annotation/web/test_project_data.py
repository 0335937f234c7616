"""Files in, files out: uploads with a look first, imports by a worker, downloads."""

import csv
import io
import json
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotation.domain import imports, uploads
from annotation.models import File, ImportJob, Project, Task
from tests.annotation.domain.test_intake import IMAGE_SCHEMA
from tests.annotation.domain.test_media import picture
from tests.annotation.queries.test_exports import settled
from tests.factories import make_member, make_project, signed_in
from workforce.domain.actor import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_store(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def owner(project: Project) -> Client:
    return signed_in(make_member(project.organization).user)


def upload(client: Client, project: Project, name: str, content: bytes) -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(f"/projects/{project.public_id}/data/", {"file": file}, follow=True)


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


def test_a_file_is_looked_at_then_imported_then_listed_with_what_was_refused() -> None:
    project = make_project()
    client = owner(project)
    lines = [{"payload": {"text": "a"}}, {"payload": {"text": 7}}, {"payload": {"text": "c"}, "unique_id": "c"}]
    content = "\n".join(map(json.dumps, lines)).encode() + b"\nnot json\n"
    page = upload(client, project, "rows.jsonl", content)
    assert "2 of the first 4 rows can be imported" in page.content.decode()
    assert Task.objects.count() == 0
    job = ImportJob.objects.get()
    at = f"/projects/{project.public_id}/data/{job.public_id}/"
    client.post(f"{at}start/")
    uploads.run(job_id=job.pk)
    job.refresh_from_db()
    assert (job.status, job.created, job.failed, job.total_rows) == ("finished", 2, 2, 4)
    assert "4 of 4 rows" in client.get(at, headers={"HX-Request": "true"}).content.decode()
    refused = [json.loads(line) for line in b"".join(client.get(f"{at}refused/").streaming_content).splitlines()]
    assert [(each["row"], each["errors"][0]["code"]) for each in refused] == [(2, "type"), (4, "not_json")]
    upload(client, project, "rows.jsonl", content)
    again = ImportJob.objects.latest("pk")
    uploads.start(job=again, by=SYSTEM)
    uploads.run(job_id=again.pk)
    again.refresh_from_db()
    assert (again.created, again.existing) == (0, 2)


def test_csv_columns_are_fields_and_options() -> None:
    project = make_project()
    client = owner(project)
    text = '\ufefftext,unique_id,priority,metadata.from,colour\r\n"a, ""b""\nc",r-1,70,x,red\r\nd,r-2,,,\r\n1,2,3,4,5,6\r\n'
    page = upload(client, project, "rows.csv", text.encode())
    assert "These columns are not used: colour" in page.content.decode()
    job = ImportJob.objects.get()
    uploads.start(job=job, by=SYSTEM)
    uploads.run(job_id=job.pk)
    first = Task.objects.select_related("payload", "key").get(key__unique_id="r-1")
    assert (first.payload.body, first.priority, first.payload.metadata) == ({"text": 'a, "b"\nc'}, 70, {"from": "x"})
    job.refresh_from_db()
    assert (job.created, job.failed) == (2, 1)


def test_a_zip_brings_its_pictures() -> None:
    project = make_project(schema=IMAGE_SCHEMA)
    client = owner(project)
    rows = [{"payload": {"picture": f"img/{name}.png"}} for name in ("a", "b", "lost")]
    content = zipped(
        rows_dot_jsonl="\n".join(map(json.dumps, rows)).encode(), img__a_dot_png=picture(), img__b_dot_png=b"no picture"
    )
    page = upload(client, project, "all.zip", content)
    assert "1 of the first 3 rows can be imported" in page.content.decode()
    job = ImportJob.objects.get()
    uploads.start(job=job, by=SYSTEM)
    uploads.run(job_id=job.pk)
    assert Task.objects.get().payload.body["picture"]["src"] == File.objects.get().public_id


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.txt", b"x"), ("a.zip", b"no zip"), ("a.zip", zipped(a_dot_png=b"x")), ("a.jsonl", b"\xff\xfe{}")],
)
def test_other_files_are_refused_with_a_reason(name: str, content: bytes) -> None:
    project = make_project()
    page = upload(owner(project), project, name, content)
    assert page.status_code == 422
    assert "Upload a .jsonl or .csv file" in page.content.decode()


def test_an_import_goes_on_where_it_stopped() -> None:
    project = make_project()
    client = owner(project)
    upload(
        client, project, "rows.jsonl", b"\n".join(json.dumps({"payload": {"text": f"{n}"}}).encode() for n in range(7))
    )
    job = ImportJob.objects.get()
    uploads.start(job=job, by=SYSTEM)
    job.refresh_from_db()
    with uploads.opened(job) as opened:
        rows = list(opened.rows())[:3]
    imports.add_rows(job=job, inputs=rows, first_row=0, by=SYSTEM)
    ImportJob.objects.update(updated_at="2020-01-01T00:00:00Z")
    assert uploads.go_on() == 1
    uploads.run(job_id=job.pk)
    uploads.run(job_id=job.pk)
    job.refresh_from_db()
    assert (job.status, job.created, Task.objects.count()) == ("finished", 7, 7)


def test_a_discarded_file_is_gone() -> None:
    project = make_project()
    client = owner(project)
    upload(client, project, "rows.jsonl", b'{"payload": {"text": "a"}}')
    job = ImportJob.objects.get()
    client.post(f"/projects/{project.public_id}/data/{job.public_id}/discard/")
    job.refresh_from_db()
    assert (job.status, Task.objects.count()) == ("aborted", 0)
    assert not uploads.default_storage.exists(job.storage_key)


@pytest.mark.parametrize("page", ["data/", "data/imp_01m83tcnf8es8r65rzyjka792g/", "exports/", "exports/download/"])
def test_pages_are_for_members_with_the_right(page: str) -> None:
    project = make_project()
    at = f"/projects/{project.public_id}/{page}"
    assert Client().get(at).status_code == 302
    assert signed_in(make_member(make_project().organization).user).get(at).status_code == 404
    assert signed_in(make_member(project.organization, "labeler").user).get(at).status_code == 403


def test_the_list_has_as_many_statements_for_three_imports_as_for_one() -> None:
    project = make_project()
    client = owner(project)
    client.get(f"/projects/{project.public_id}/data/")
    counts = []
    for number in (1, 2):
        for _ in range(number):
            imports.begin(project=project, by=SYSTEM)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/projects/{project.public_id}/data/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_results_are_downloaded_as_chosen() -> None:
    project = make_project()
    client = owner(project)
    at = f"/projects/{project.public_id}/exports/"
    assert "No results yet" in client.get(at).content.decode()
    settled(project, "a", "b")
    assert "Download results" in client.get(at).content.decode()
    answer = client.get(f"{at}download/?format=jsonl&annotations=on")
    assert answer["Content-Disposition"].startswith('attachment; filename="project-')
    lines = [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]
    assert (len(lines), "payload" in lines[0], len(lines[0]["annotations"])) == (2, False, 1)
    table = b"".join(client.get(f"{at}download/?format=csv&payload=on").streaming_content).decode()
    assert [row["field.text"] for row in csv.DictReader(io.StringIO(table))] == ["a", "b"]
    assert client.get(f"{at}download/?format=xml").status_code == 422
