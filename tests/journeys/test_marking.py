"""Marks on real items in the real workspace: a tweet and a picture of blood cells, with the keyboard alone."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from annotation.domain import media
from annotation.models import Annotation, Project
from tests.factories import make_contributor, make_project, make_tasks
from tests.journeys.conftest import axe, stands
from workforce.domain.actor import SYSTEM

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

Open = Callable[..., Page]
SAMPLES = settings.BASE_DIR / "annotation/formats/samples"
PRESETS = settings.BASE_DIR / "annotation/questions/presets"
# What marks the game in the tweet, and a white blood cell in the picture.
TWEET_KEYS = ("Control+Home", *["Control+ArrowRight"] * 2, "ArrowRight", "Control+Shift+ArrowRight", "r")
CELLS_KEYS = ("2", "Shift+ArrowLeft", "Space", *["Shift+ArrowDown"] * 5, *["Shift+ArrowLeft"] * 4, "Space", "Enter")
TWEET = {"spans": [{"id": "r1", "label": "product", "start": 5, "end": 14, "text": "minecraft"}]}
CELLS = {"regions": [{"id": "r1", "label": "WBC", "shape": "box", "bbox": [270, 240, 40, 50]}]}


def schema(preset: str) -> dict[str, Any]:
    made: dict[str, Any] = json.loads((PRESETS / f"{preset}.json").read_text(encoding="utf-8"))["schema"]
    return made


def started(open_page: Open, project: Project) -> Page:
    page = open_page(make_contributor().user, f"/workspace/{project.public_id}/")
    stands(page)
    return page


def given(page: Page) -> Any:
    """What was stored once the page knows that it arrived."""
    expect(page.locator("[data-ws=answers]")).to_contain_text("1")
    return Annotation.objects.get().answer["value"]


def sample(kind: str) -> dict[str, Any]:
    """The first shipped item of its kind."""
    row = json.loads((SAMPLES / f"{kind}.jsonl").read_text(encoding="utf-8").splitlines()[0])
    shown: dict[str, Any] = row["input"]
    return shown


def tweets(**fields: Any) -> tuple[Project, dict[str, Any]]:
    """A project that marks names, and the payload of a task."""
    return make_project(schema=schema("ner"), **fields), {"text": sample("span_label")["text"]}


def cells(**fields: Any) -> tuple[Project, dict[str, Any]]:
    """A project that boxes blood cells, and the payload of a task."""
    shown, boxes = sample("image_boxes"), schema("object_detection")
    boxes["questions"][0]["config"]["labels"] = [{"key": key} for key in shown["labels"]]
    project = make_project(schema=boxes, **fields)
    data = (SAMPLES / shown["image"]).read_bytes()
    file = media.store(organization=project.organization, name="cells.jpg", data=data, by=SYSTEM)
    return project, {"image": {"src": file.public_id, "width": 640, "height": 480}}


def test_a_recording(open_page: Open) -> None:
    """Heard, cut, written down and sent; its wave comes from the server."""
    project = make_project(schema=schema("transcribe"))
    data = (SAMPLES / "media/0_george_11.wav").read_bytes()
    file = media.store(organization=project.organization, name="zero.wav", data=data, by=SYSTEM)
    make_tasks(project, 1, payload={"audio": {"src": file.public_id, **file.described}})
    page = started(open_page, project)
    page.locator(".sound__wave path[d*=L1000]").wait_for(state="attached")
    page.keyboard.press("s")
    page.keyboard.press("Enter")
    page.locator(".segment.is-playing").wait_for()
    page.keyboard.type("zero")
    assert axe(page) == []
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    said = {"id": "r1", "start": 0, "end": 0.458, "speaker": "S1", "text": "zero"}
    assert given(page) == {"speech": {"segments": [said]}}


def marked(page: Page, keys: Sequence[str]) -> None:
    """Press these keys; one mark arises."""
    for key in keys:
        page.keyboard.press(key)
    expect(page.locator(".marks-list__row")).to_have_count(1)


def test_a_tweet(open_page: Open) -> None:
    project, payload = tweets()
    make_tasks(project, 1, payload=payload)
    page = started(open_page, project)
    marked(page, TWEET_KEYS)
    assert axe(page) == []
    page.keyboard.press("Enter")
    assert given(page)["entities"] == TWEET


def test_blood_cells(open_page: Open) -> None:
    project, payload = cells()
    make_tasks(project, 1, payload=payload)
    page = started(open_page, project)
    marked(page, CELLS_KEYS)
    assert axe(page) == []
    page.keyboard.press("Enter")
    assert given(page)["objects"] == CELLS
