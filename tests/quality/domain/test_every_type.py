"""Each question type goes all ways: agreement settles, doubt asks for more, then a reviewer decides; gold is scored by its rule."""

from typing import Any

import pytest

from annotation.models import Annotation, Project, Result, Task
from annotation.questions.answers import check_answer
from annotation.questions.schema import Schema
from quality.domain import gold, invariants, pipeline, review_queue, reviews
from quality.domain.decisions import Decision
from quality.models import Consensus, GoldOutcome, Review
from tests.factories import grant_skill, make_answer, make_contributor, make_project, make_tasks
from workforce.domain.actor import SYSTEM

pytestmark = pytest.mark.django_db

TEXT = {"name": "text", "type": "text", "title": {"en": "Text"}}
ITEMS = {"name": "items", "type": "items", "title": {"en": "Items"}, "config": {"item_type": "text"}}
AUDIO = {"name": "audio", "type": "audio", "title": {"en": "Recording"}}
RECORDING = {"audio": {"src": "https://example.org/x.wav", "seconds": 10}}
IMAGE = {"name": "picture", "type": "image", "title": {"en": "Picture"}}
OPTIONS = [{"key": key, "title": {"en": key.title()}} for key in ("a", "b", "c")]
PICTURE = {"picture": {"src": "https://example.org/x.png", "width": 100, "height": 100}}
PAIR = {"items": ["one", "two"]}
THREE = {"items": [{"id": key, "content": key} for key in ("x", "y", "z")]}


def span(label: str, start: int, end: int) -> dict[str, Any]:
    return {"spans": [{"id": "r1", "label": label, "start": start, "end": end}]}


def box(x: float, y: float) -> dict[str, Any]:
    return {"regions": [{"id": "r1", "label": "a", "shape": "box", "bbox": [x, y, 20, 20]}]}


def walk(*verdicts: str) -> dict[str, Any]:
    return {"items": [{"item": item, "verdict": verdict} for item, verdict in zip("xyz", verdicts, strict=False)]}


def call(**arguments: Any) -> dict[str, Any]:
    return {"calls": [{"name": "weather", "arguments": arguments}]}


def heard(label: str, start: float, end: float) -> dict[str, Any]:
    return {"segments": [{"id": "r1", "label": label, "start": start, "end": end}]}


def rows(*named: tuple[str, int]) -> dict[str, Any]:
    cells = [{"name": name, "points": points} for name, points in named]
    return {"records": [{"id": f"r{place}", "cells": each} for place, each in enumerate(cells)]}


COLUMNS = [{"key": "name", "type": "text", "required": True}, {"key": "points", "type": "integer"}]
BY_NAME = {"columns": COLUMNS, "match": ["name"]}
TOOLS = {"name": "tools", "type": "items", "title": {"en": "Tools"}, "config": {"item_type": "tool"}}
TOOL = {"name": "weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}

WALK = {
    "options": [{"key": "right"}, {"key": "wrong", "error": True, "stop": True}],
    "stop_at_first": True,
    "first": "derived",
}

# type: field, payload, question, the value, a value that contradicts it
CASES: dict[str, tuple[dict, dict, dict, Any, Any]] = {
    "choice": (TEXT, {"text": "Ada lives in Oslo."}, {"config": {"options": OPTIONS}}, "a", "b"),
    "choices": (TEXT, {"text": "Ada lives in Oslo."}, {"config": {"options": OPTIONS}}, ["a", "b"], ["c"]),
    "rating": (TEXT, {"text": "Ada lives in Oslo."}, {"config": {"min": 1, "max": 5}}, 5, 1),
    "number": (TEXT, {"text": "Ada lives in Oslo."}, {"config": {"tolerance": 1}}, 12, 40),
    "text": (TEXT, {"text": "Ada lives in Oslo."}, {"config": {"compare": "normalised"}}, "Oslo", "Bergen"),
    "preference": (ITEMS, PAIR, {"on": "items", "config": {"steps": 3, "ties": True}}, {"score": 2}, {"score": -3}),
    "ranking": (ITEMS, THREE, {"on": "items"}, {"order": [["x"], ["y"], ["z"]]}, {"order": [["z"], ["y"], ["x"]]}),
    "spans": (TEXT, {"text": "Ada lives in Oslo."}, {"on": "text", "config": {"labels": OPTIONS}}, span("a", 0, 3), span("b", 13, 17)),
    "verdicts": (ITEMS, THREE, {"on": "items", "config": WALK}, walk("right", "wrong"), walk("right", "right", "right")),
    "records": (TEXT, {"text": "Ada lives in Oslo."}, {"config": BY_NAME}, rows(("Oslo", 5)), rows(("Bergen", 1))),
    "tool_calls": (TOOLS, {"tools": [TOOL]}, {"on": "tools"}, call(city="Oslo"), call(city="Bergen")),
    "segments": (AUDIO, RECORDING, {"on": "audio", "config": {"labels": OPTIONS}}, heard("a", 0, 4), heard("b", 5, 9)),
    "regions": (IMAGE, PICTURE, {"on": "picture", "config": {"labels": OPTIONS, "shapes": ["box"]}}, box(10, 10), box(60, 60)),
}  # fmt: skip
KINDS = sorted(CASES)


def schema_of(kind: str, **more: Any) -> dict[str, Any]:
    field, _, question, _, _ = CASES[kind]
    asked = {"name": "q", "type": kind, "title": {"en": "Q"}, **question, **more}
    return {"language": "manyhands/1", "fields": [field], "questions": [asked]}


def payload_of(kind: str) -> dict[str, Any]:
    return CASES[kind][1]


def canonical(kind: str, value: Any) -> dict[str, Any]:
    """The value as `answers.submit` would store it."""
    answer, problems = check_answer(
        Schema.load(schema_of(kind)), payload_of(kind), {"schema_version": 1, "value": {"q": value}}
    )
    assert problems == []
    return answer["value"]


def answered(kind: str, *values: Any, project: Project | None = None, most: int = 3, below: float = 0.0) -> Task:
    quality = {"overlap": {"min": len(values), "max": most}, "review": {"below_confidence": below}}
    project = project or make_project(schema=schema_of(kind), quality=quality)
    (task,) = make_tasks(project, 1, payload=payload_of(kind), seats=len(values), seats_max=most)
    for value in values:
        make_answer(task, make_contributor(), canonical(kind, value))
    return task


def sound() -> bool:
    return all(not found.violations for found in map(invariants.check, invariants.ALL) if found.invariant.code != "I9")


@pytest.mark.parametrize("kind", KINDS)
def test_agreement_settles(kind):
    *_, value, _other = CASES[kind]
    task = answered(kind, value, value, value)

    assert pipeline.run(keys=[task.public_id]).settled == 1

    result = Result.objects.get(task=task)
    merged = result.answers["q"]
    expected = canonical(kind, value)["q"]
    assert meaning(merged["value"]) == meaning(expected)
    assert merged["confidence"] > 0.9
    assert merged["agreement"] == 1.0
    assert merged["n"] == 3
    assert set(Annotation.objects.values_list("status", flat=True)) == {"accepted"}
    assert sound()


def meaning(value: Any) -> Any:
    """A value without the ids of its marks, which mean nothing."""
    if not isinstance(value, dict):
        return value
    for name in ("spans", "regions", "segments"):
        if name in value:
            return [
                {key: part for key, part in mark.items() if key not in ("id", "text", "attributes")}
                for mark in value[name]
            ]
    return value


@pytest.mark.parametrize("kind", KINDS)
def test_doubt_asks_for_one_more_and_then_for_a_reviewer(kind):
    *_, value, other = CASES[kind]
    task = answered(kind, value, other, most=3, below=0.99)

    first = pipeline.run(keys=[task.public_id])
    assert first.more + first.review == 1
    task.refresh_from_db()
    if first.more:
        make_answer(task, make_contributor(), canonical(kind, other))
        assert pipeline.run(keys=[task.public_id]).review == 1

    review = Review.objects.get(task=task)
    assert review.cause in ("answers_used_up", "tie", "spread", "low_confidence", "cannot_merge")
    known = Consensus.objects.get(task=task)
    assert known.agreement < 1
    assert known.answers["q"]["n"] >= 2

    person = make_contributor()
    grant_skill(person, "review")
    seat = review_queue.take(project_id=task.project_id, contributor_id=person.pk, by=SYSTEM)
    decision = Decision("correct", value=canonical(kind, value))
    reviews.decide(
        assignment=seat.assignment,
        contributor_id=person.pk,
        epoch=seat.epoch,
        decision=decision,
        active_ms=0,
        by=SYSTEM,
    )

    result = Result.objects.get(task=task)
    assert meaning(result.answers["q"]["value"]) == meaning(canonical(kind, value)["q"])
    assert result.answers["q"]["method"] == "review"
    states = list(Annotation.objects.filter(task=task).order_by("id").values_list("status", flat=True))
    assert states == ["accepted"] + ["corrected"] * (len(states) - 1)
    assert sound()


@pytest.mark.parametrize("kind", KINDS)
def test_gold_is_scored_by_the_rule_of_the_type(kind):
    *_, value, other = CASES[kind]
    project = make_project(schema=schema_of(kind))
    item = gold.plant(project=project, payload=payload_of(kind), expected={"q": value}, by=SYSTEM)
    right = make_answer(item.task, make_contributor(), canonical(kind, value))
    wrong = make_answer(item.task, make_contributor(), canonical(kind, other))

    pipeline.run(keys=[item.task.public_id])

    assert GoldOutcome.objects.get(annotation=right).questions["q"] == {"passed": True, "score": 1.0}
    assert not GoldOutcome.objects.get(annotation=wrong).questions["q"]["passed"]
    assert sound()


def test_a_question_asked_of_each_item_is_merged_item_by_item():
    schema = {
        "language": "manyhands/1",
        "fields": [ITEMS],
        "questions": [
            {"name": "q", "type": "choice", "title": {"en": "Q"}, "per": "items", "config": {"options": OPTIONS}}
        ],
    }
    project = make_project(schema=schema, quality={"overlap": {"min": 3, "max": 3}, "review": {"below_confidence": 0}})
    (task,) = make_tasks(project, 1, payload=THREE, seats=3, seats_max=3)
    for last in ("c", "c", "a"):
        make_answer(task, make_contributor(), {"q": {"x": "a", "y": "b", "z": last}})

    assert pipeline.run(keys=[task.public_id]).settled == 1

    merged = Result.objects.get().answers["q"]
    assert merged["value"] == {"x": "a", "y": "b", "z": "c"}
    assert 0.5 < merged["confidence"] < 0.95
    assert len(merged["dissent"]) == 1
    assert sound()


def test_free_texts_are_never_merged():
    schema = schema_of("text", config={})
    project = make_project(schema=schema, quality={"overlap": {"min": 2, "max": 2}, "review": {"below_confidence": 0}})
    (task,) = make_tasks(project, 1, payload=payload_of("text"), seats=2, seats_max=2)
    for words in ("One way to say it.", "Another."):
        make_answer(task, make_contributor(), {"q": words})

    pipeline.run(keys=[task.public_id])

    assert Review.objects.get().cause == "cannot_merge"


def test_a_hidden_question_is_left_out_and_holds_nothing_up():
    schema = schema_of("choice")
    schema["questions"].append(
        {
            "name": "why",
            "type": "text",
            "title": {"en": "Why?"},
            "show_if": {"question": "q", "is": "b"},
            "config": {"compare": "exact"},
        }
    )
    project = make_project(schema=schema, quality={"overlap": {"min": 3, "max": 3}, "review": {"below_confidence": 0}})
    (task,) = make_tasks(project, 1, payload=payload_of("choice"), seats=3, seats_max=3)
    for value in ({"q": "a"}, {"q": "a"}, {"q": "b", "why": "Because."}):
        make_answer(task, make_contributor(), value)

    assert pipeline.run(keys=[task.public_id]).settled == 1

    assert list(Result.objects.get().answers) == ["q"]
