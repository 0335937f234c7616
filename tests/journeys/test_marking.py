"""Marks on real items in the real workspace: a tweet and a picture of blood cells, with the keyboard alone."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from annotation.domain import media
from annotation.models import Annotation, Project
from tests.factories import make_contributor, make_project, make_tasks
from tests.journeys.conftest import axe
from workforce.domain.actor import SYSTEM

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

Open = Callable[..., Page]
SAMPLES = settings.BASE_DIR / "annotation/formats/samples"
PRESETS = settings.BASE_DIR / "annotation/questions/presets"


def schema(preset: str) -> dict[str, Any]:
    made: dict[str, Any] = json.loads((PRESETS / f"{preset}.json").read_text(encoding="utf-8"))["schema"]
    return made


def started(open_page: Open, project: Project) -> Page:
    page = open_page(make_contributor().user, f"/workspace/{project.public_id}/")
    expect(page.locator(".ws")).to_have_attribute("data-state", "working")
    expect(page.locator("[data-ws=lease]")).to_be_visible()
    return page


def given(page: Page) -> Any:
    """What was stored once the page knows that it arrived."""
    expect(page.locator("[data-ws=answers]")).to_contain_text("1")
    return Annotation.objects.get().answer["value"]


def test_a_tweet(open_page: Open) -> None:
    row = json.loads((SAMPLES / "span_label.jsonl").read_text(encoding="utf-8").splitlines()[0])
    project = make_project(schema=schema("ner"))
    make_tasks(project, 1, payload={"text": row["input"]["text"]})
    page = started(open_page, project)
    for chord in ("Control+Home", *["Control+ArrowRight"] * 2, "ArrowRight", "Control+Shift+ArrowRight", "r"):
        page.keyboard.press(chord)
    expect(page.locator(".marks-list__row")).to_have_count(1)
    assert axe(page) == []
    page.keyboard.press("Enter")
    assert given(page)["entities"]["spans"] == [
        {"id": "r1", "label": "product", "start": 5, "end": 14, "text": "minecraft"}
    ]


def test_blood_cells(open_page: Open) -> None:
    row = json.loads((SAMPLES / "image_boxes.jsonl").read_text(encoding="utf-8").splitlines()[0])
    boxes = schema("object_detection")
    boxes["questions"][0]["config"]["labels"] = [{"key": key} for key in row["input"]["labels"]]
    project = make_project(schema=boxes)
    data = (SAMPLES / row["input"]["image"]).read_bytes()
    file = media.store(organization=project.organization, name="cells.jpg", data=data, by=SYSTEM)
    make_tasks(project, 1, payload={"image": {"src": file.public_id, "width": 640, "height": 480}})
    page = started(open_page, project)
    page.keyboard.press("2")
    for chord in ("Shift+ArrowLeft", "Space", *["Shift+ArrowDown"] * 5, *["Shift+ArrowLeft"] * 4, "Space", "Enter"):
        page.keyboard.press(chord)
    expect(page.locator(".marks-list__row")).to_have_count(1)
    assert axe(page) == []
    page.keyboard.press("Enter")
    assert given(page)["objects"]["regions"] == [
        {"id": "r1", "label": "WBC", "shape": "box", "bbox": [270, 240, 40, 50]}
    ]
