"""The media store: what is kept, how, and what is not."""

import io

import numpy as np
import pytest
import soundfile
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image

from annotation.domain import intake, media, probing
from annotation.models import File, Task
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


def recording(kind: str = "WAV", seconds: float = 0.5, rate: int = 8000, subtype: str | None = None) -> bytes:
    """A tone that becomes louder."""
    time = np.arange(round(seconds * rate)) / rate
    out = io.BytesIO()
    soundfile.write(out, np.sin(time * 4000) * time / max(seconds, 1 / rate), rate, format=kind, subtype=subtype)
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


@pytest.mark.parametrize(
    ("kind", "mime"), [("WAV", "audio/wav"), ("MP3", "audio/mpeg"), ("OGG", "audio/ogg"), ("FLAC", "audio/flac")]
)
def test_a_recording_is_kept_with_its_length_and_its_wave(kind: str, mime: str) -> None:
    data = recording(kind)
    file = media.store(organization=make_organization(), name="a", data=data, by=SYSTEM)
    assert (file.mime, file.sample_rate, file.width) == (mime, 8000, None)
    assert file.seconds == pytest.approx(0.5, abs=0.2)  # MP3 fills its last frame
    assert stored(file) == data
    wave = np.frombuffer(file.peaks, np.int8).reshape(-1, 2)
    assert 1000 <= len(wave) <= probing.PEAKS
    assert (wave[:, 0] <= wave[:, 1]).all()
    quiet, loud = np.abs(wave[: len(wave) // 4]).max(), np.abs(wave).max()
    assert quiet < 50 < 100 < loud <= 127


def test_a_recording_is_known_by_its_bytes_whatever_it_is_called() -> None:
    file = media.store(organization=make_organization(), name="a.png", data=recording(), by=SYSTEM)
    assert file.described == {"seconds": 0.5, "sample_rate": 8000, "sha256": file.sha256}


@pytest.mark.parametrize(
    "data", [recording()[:30], recording("WAV", 0), recording("WAV", subtype="IMA_ADPCM"), b"OggS" * 9]
)
def test_what_no_browser_plays_is_refused(data: bytes) -> None:
    with pytest.raises(probing.UnknownMedium):
        media.store(organization=make_organization(), name="a", data=data, by=SYSTEM)


def test_too_much_sound_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probing, "MOST_SAMPLES", 100)
    with pytest.raises(probing.MediumTooLarge):
        probing.probe(recording("FLAC"))


@pytest.mark.parametrize("data", [b"", b"<svg/>", picture()[:40], picture("BMP")])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(probing.UnknownMedium):
        media.store(organization=make_organization(), name="a", data=data, by=SYSTEM)


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probing, "MOST_PIXELS", 7)
    with pytest.raises(probing.MediumTooLarge):
        probing.probe(picture())
    monkeypatch.setattr(probing, "MOST_BYTES", 10)
    with pytest.raises(probing.MediumTooLarge):
        probing.probe(picture())


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


def test_of_a_recording_a_part_is_given_and_its_wave() -> None:
    organization, data = make_organization(), recording()
    file = media.store(organization=organization, name="a", data=data, by=SYSTEM)
    address = link(file.public_id, organization.pk)
    whole = Client().get(address)
    assert (whole.status_code, whole["Accept-Ranges"], whole.content) == (200, "bytes", data)
    for wanted, part in (("bytes=4-9", data[4:10]), ("bytes=100-", data[100:]), ("bytes=8000-999999", data[8000:])):
        answer = Client().get(address, headers={"range": wanted})
        first = int(wanted[6:].split("-")[0])
        assert (answer.status_code, answer.content) == (206, part)
        assert answer["Content-Range"] == f"bytes {first}-{first + len(part) - 1}/{len(data)}"
        assert "sandbox" in answer["Content-Security-Policy"]
    beyond = Client().get(address, headers={"range": "bytes=999999-"})
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(data)}")
    for odd in ("bytes=9-4", "bytes=0-1,4-5", "lines=1-2"):
        assert Client().get(address, headers={"range": odd}).content == data
    wave = Client().get(link(file.public_id, organization.pk, "/peaks"))
    assert (wave.status_code, wave.content) == (200, bytes(file.peaks))


def test_a_picture_has_no_wave() -> None:
    organization = make_organization()
    file = media.store(organization=organization, name="a", data=picture(), by=SYSTEM)
    assert Client().get(link(file.public_id, organization.pk, "/peaks")).status_code == 404


def test_a_recording_is_no_picture_and_the_other_way_round() -> None:
    schema = {**IMAGE_SCHEMA, "fields": [*IMAGE_SCHEMA["fields"], {"name": "audio", "type": "audio"}]}
    project = make_project(schema=schema)
    seen = media.store(organization=project.organization, name="a", data=picture(), by=SYSTEM)
    heard = media.store(organization=project.organization, name="b", data=recording(), by=SYSTEM)
    rows = [
        {"payload": {"picture": seen.public_id, "audio": heard.public_id}},
        {"payload": {"picture": heard.public_id, "audio": seen.public_id}},
    ]
    good, bad = intake.add(project=project, inputs=rows, by=SYSTEM)
    body = Task.objects.get(public_id=good.task).payload.body
    assert (body["picture"]["width"], body["audio"]["seconds"]) == (4, 0.5)
    assert bad.error is not None
    assert [(each["pointer"], each["code"]) for each in bad.error["errors"]] == [
        ("/payload/picture", "wrong_file"),
        ("/payload/audio", "wrong_file"),
    ]
    shown = with_links(Schema.load(schema), body, project.organization_id)
    assert shown["audio"]["peaks"].startswith(f"/media/{heard.public_id}/peaks?")
    assert "peaks" not in shown["picture"]
