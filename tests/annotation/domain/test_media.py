"""The media store: what is kept, how, and what is not."""

import io

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image

from annotation.domain import media
from annotation.models import File
from annotation.queries.media import link, with_links
from annotation.questions.schema import Schema
from tests.annotation.domain.test_intake import IMAGE_SCHEMA
from tests.factories import make_organization, make_project, make_tasks
from workforce.domain.actor import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_store(settings: pytest.FixtureRequest, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


def picture(kind: str = "PNG", size: tuple[int, int] = (4, 2), orientation: int = 0) -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    if orientation:
        exif[0x0112] = orientation
    Image.new("RGB", size, "red").save(out, format=kind, exif=exif)
    return out.getvalue()


def stored(file: File) -> bytes:
    with default_storage.open(file.storage_key) as content:
        return bytes(content.read())


def test_a_picture_is_kept_once_per_organization() -> None:
    organization = make_organization()
    first = media.store(organization=organization, name="a.png", data=picture(), by=SYSTEM)
    again = media.store(organization=organization, name="b.png", data=picture(), by=SYSTEM)
    other = media.store(organization=make_organization(), name="a.png", data=picture(), by=SYSTEM)
    assert first == again != other
    assert (first.name, first.mime, first.width, first.height) == ("a.png", "image/png", 4, 2)
    assert stored(first) == picture()


def test_a_photograph_is_turned_upright_and_loses_its_metadata() -> None:
    file = media.store(organization=make_organization(), name="a.jpg", data=picture("JPEG", orientation=6), by=SYSTEM)
    with Image.open(io.BytesIO(stored(file))) as image:
        assert image.size == (file.width, file.height) == (2, 4)
        assert not image.getexif()


@pytest.mark.parametrize("data", [b"", b"<svg/>", picture()[:40], picture("BMP")])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(media.NotAPicture):
        media.store(organization=make_organization(), name="a", data=data, by=SYSTEM)


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "MOST_PIXELS", 7)
    with pytest.raises(media.PictureTooLarge):
        media.probe(picture())
    monkeypatch.setattr(media, "MOST_BYTES", 10)
    with pytest.raises(media.PictureTooLarge):
        media.probe(picture())


def test_a_file_that_tasks_show_stays() -> None:
    project = make_project(schema=IMAGE_SCHEMA)
    file = media.store(organization=project.organization, name="a", data=picture(), by=SYSTEM)
    (task,) = make_tasks(project, payload={"picture": {"src": file.public_id}})
    with pytest.raises(media.FileInUse):
        media.remove(file=file, by=SYSTEM)
    task.payload.delete()
    media.remove(file=file, by=SYSTEM)
    assert not File.objects.exists()


def test_a_link_shows_the_picture_safely_and_runs_out() -> None:
    organization = make_organization()
    file = media.store(organization=organization, name="a.png", data=picture(), by=SYSTEM)
    address = link(file.public_id, organization.pk)
    answer = Client().get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert answer.content == picture()
    assert (answer["X-Content-Type-Options"], "sandbox" in answer["Content-Security-Policy"]) == ("nosniff", True)
    assert answer["Cache-Control"].startswith("private, max-age=")
    for wrong in (
        address[:-1] + ("0" if address[-1] != "0" else "1"),
        address.replace("until=", "until=9"),
        address.partition("?")[0],
        link(file.public_id, make_organization().pk),
        link("fil_nobody", organization.pk),
    ):
        assert Client().get(wrong).status_code == 404


def test_payloads_are_shown_with_links() -> None:
    schema = Schema.load(IMAGE_SCHEMA)
    payload = {"picture": {"src": "fil_" + "0" * 26, "width": 3}}
    shown = with_links(schema, payload, 7)
    assert shown["picture"]["src"].startswith("/media/fil_")
    assert (shown["picture"]["width"], payload["picture"]["src"]) == (3, "fil_" + "0" * 26)
