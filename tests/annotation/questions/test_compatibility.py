"""Which changes of a live schema keep old answers comparable."""

import copy
from typing import Any

import pytest

from annotation.questions.schema import Schema, canonical, compatible, lint

OLD: dict[str, Any] = {
    "language": "manyhands/1",
    "fields": [
        {"name": "text", "type": "text", "title": {"en": "Text"}, "config": {"max_chars": 500}},
        {"name": "replies", "type": "items", "config": {"item_type": "text", "min": 2, "max": 4}},
        {"name": "image", "type": "image", "required": False},
    ],
    "questions": [
        {"name": "ask", "type": "choice", "title": {"en": "Ask"}, "config": {"options": [{"key": "yes"}, {"key": "no"}]}},
        {"name": "tags", "type": "choices", "title": {"en": "Tags"}, "config": {
            "options": [{"key": "x"}, {"key": "y"}], "min": 1, "max": 1}},
        {"name": "rate", "type": "rating", "title": {"en": "Rate"}, "per": "replies", "config": {"min": 1, "max": 5}},
        {"name": "why", "type": "text", "title": {"en": "Why"}, "config": {"min_chars": 5, "max_chars": 50, "pattern": "[a-z]+"}},
        {"name": "better", "type": "preference", "title": {"en": "Better"}, "on": "replies", "config": {"steps": 3}},
        {"name": "order", "type": "ranking", "title": {"en": "Order"}, "on": "replies", "config": {"top": 2}},
        {"name": "marks", "type": "spans", "title": {"en": "Marks"}, "on": "text", "show_if": {"question": "ask", "is": "yes"}, "config": {
            "labels": [{"key": "a"}, {"key": "b"}], "max": 3, "overlap": "different_labels",
            "attributes": [{"key": "sure", "type": "choice", "options": [{"key": "1"}, {"key": "2"}], "required": True}],
            "relations": [{"key": "r", "from": ["a"], "to": ["b"]}]}},
        {"name": "boxes", "type": "regions", "title": {"en": "Boxes"}, "on": "image", "config": {
            "labels": [{"key": "a"}], "shapes": ["box"], "min_size": 4}},
    ],
    "rules": [{"rule": "require_any", "questions": ["ask", "why"]}],
}  # fmt: skip
GONE = object()

SAME = {
    "nothing": [],
    "words": [("questions/0/title", {"en": "Please ask", "de": "Bitte"}), ("questions/0/help", "Help"), ("fields/0/title", "T")],
    "words of an option, its key and its colour": [
        ("questions/0/config/options/0", {"key": "yes", "title": "Yes", "hotkey": "y", "colour": 3}),
    ],
    "place, group and weight": [("questions/0/place", "side"), ("questions/0/group", "g"), ("questions/0/weight", 3)],
    "looks of a field": [("fields/0/place", "top"), ("fields/0/sensitive", True)],
    "a new option": [("questions/0/config/options/2", {"key": "maybe"})],
    "options in another order": [("questions/0/config/options", [{"key": "no"}, {"key": "yes"}])],
    "a new label": [("questions/6/config/labels/2", {"key": "c"})],
    "a new optional question": [("questions/8", {"name": "note", "type": "text", "title": "Note", "required": False, "config": {}})],
    "a new optional field": [("fields/3", {"name": "more", "type": "text", "required": False})],
    "no longer required": [("questions/0/required", False)],
    "own words are offered": [("questions/0/config/other", True)],
    "wider limits of choices": [("questions/1/config/min", GONE), ("questions/1/config/max", 2)],
    "n/a is offered": [("questions/2/config/allow_na", True)],
    "wider limits of a text": [("questions/3/config", {"min_chars": 1, "max_chars": 90})],
    "ties are offered": [("questions/4/config/ties", True), ("questions/5/config/ties", True), ("questions/5/config/all_bad", True)],
    "more marks, anywhere": [("questions/6/config/max", GONE), ("questions/6/config/overlap", "any")],
    "an attribute is no longer needed": [("questions/6/config/attributes/0/required", False)],
    "a new optional attribute": [("questions/6/config/attributes/1", {"key": "note", "type": "text"})],
    "a relation between more labels": [("questions/6/config/relations/0/from", ["a", "b"]), ("questions/6/config/relations/0/to", GONE)],
    "a new shape, smaller ones, turned ones": [
        ("questions/7/config/shapes/1", "polygon"), ("questions/7/config/min_size", 1), ("questions/7/config/rotate", True),
    ],
    "longer texts in tasks": [("fields/0/config/max_chars", GONE), ("fields/1/config/max", 9)],
    "other exits": [("exits", {"skip": {"allowed": False}})],
    "a rule less": [("rules", [])],
    "a rule that only warns": [("rules/1", {"rule": "require_any", "questions": ["ask", "tags"], "level": "warning"})],
    "other words of a rule": [("rules/0/message", "Please.")],
}  # fmt: skip
MAJOR = {
    "a question less": [("questions/7", GONE)],
    "a question renamed": [("questions/3/name", "because"), ("rules", [])],
    "a question of another type": [("questions/1/type", "choice"), ("questions/1/config", {"options": [{"key": "x"}, {"key": "y"}]})],
    "a field less": [("fields/2", GONE), ("questions/7", GONE)],
    "a field of another type": [("fields/0", {"name": "text", "type": "markdown"})],
    "on another field": [("fields/3", {"name": "body", "type": "text", "required": False}), ("questions/6/on", "body")],
    "no longer per item": [("questions/2/per", GONE)],
    "asked in other cases": [("questions/6/show_if", {"question": "ask", "is": "no"})],
    "a new required question": [("questions/8", {"name": "note", "type": "text", "title": "Note", "config": {}})],
    "a new required field": [("fields/3", {"name": "more", "type": "text"})],
    "a field becomes required": [("fields/2/required", True)],
    "an option less": [("questions/0/config/options", [{"key": "yes"}, {"key": "maybe"}])],
    "an option that counts otherwise": [("questions/0/config/options/0/value", 2)],
    "an option that is no vote": [("questions/0/config/options/1/abstain", True)],
    "options from the task": [("questions/0/config", {"options_from": "replies"})],
    "fewer choices": [("questions/1/config/max", GONE), ("questions/1/config/min", 2)],
    "another scale": [("questions/2/config/max", 7)],
    "a shorter text": [("questions/3/config/max_chars", 40)],
    "a longer text": [("questions/3/config/min_chars", 9)],
    "another pattern": [("questions/3/config/pattern", "[0-9]+")],
    "a rule of writing": [("questions/3/config/constraints", [{"rule": "punctuation:no_comma"}])],
    "other steps": [("questions/4/config/steps", 2)],
    "fewer places": [("questions/5/config/top", 1)],
    "a label less": [("questions/6/config/labels", [{"key": "a"}, {"key": "c"}]), ("questions/6/config/relations", [])],
    "fewer marks": [("questions/6/config/max", 2)],
    "no overlap": [("questions/6/config/overlap", "none")],
    "empty must be confirmed": [("questions/6/config/confirm_empty", True)],
    "an attribute less": [("questions/6/config/attributes", [])],
    "a new required attribute": [("questions/6/config/attributes/1", {"key": "note", "type": "text", "required": True})],
    "a relation that has a direction": [("questions/6/config/relations/0/directed", True)],
    "larger boxes only": [("questions/7/config/min_size", 9)],
    "whole pixels": [("questions/7/config/integer", True)],
    "shorter texts in tasks": [("fields/0/config/max_chars", 100)],
    "fewer items in tasks": [("fields/1/config/max", 3)],
    "items of another type": [("fields/1/config/item_type", "markdown")],
    "a new rule": [("rules/1", {"rule": "require_any", "questions": ["ask", "tags"]})],
    "a rule that now refuses": [("rules/0/questions", ["ask", "tags"])],
}  # fmt: skip


def changed(changes: list[tuple[str, Any]]) -> dict[str, Any]:
    document = copy.deepcopy(OLD)
    for path, value in changes:
        *way, last = path.split("/")
        at: Any = document
        for step in way:
            at = at[int(step)] if isinstance(at, list) else at[step]
        key = int(last) if isinstance(at, list) else last
        if value is GONE:
            del at[key]
        elif isinstance(at, list) and key == len(at):
            at.append(value)
        else:
            at[key] = value
    return document


@pytest.mark.parametrize("name", SAME)
def test_the_same_major(name):
    new = changed(SAME[name])
    assert not any(each.blocking for each in lint(new))
    assert compatible(OLD, new) == "same"


@pytest.mark.parametrize("name", MAJOR)
def test_a_new_major(name):
    new = changed(MAJOR[name])
    assert not any(each.blocking for each in lint(new))
    assert compatible(OLD, new) == "major"


def test_the_hash_is_of_the_content_not_of_its_writing():
    other = {name: OLD[name] for name in reversed(OLD)}
    assert canonical(other) == canonical(OLD)
    assert Schema.load(other).sha256 == Schema.load(OLD).sha256
    assert Schema.load(changed(SAME["words"])).sha256 != Schema.load(OLD).sha256
    assert len(Schema.load(OLD).sha256) == 64
