"""Values out of thin air: for every question type one that fits the question's settings and the task. Rules over several questions,
patterns and the like are not looked at; whoever uses these draws again until the answer is valid.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from random import Random
from typing import Any

from annotation.questions import options
from annotation.questions.attributes import Attribute
from annotation.questions.base import Context, Json, element_keys
from annotation.questions.columns import Column
from annotation.questions.verdicts import asked_of

PROSE = (
    "the answer is clear and correct but it could say more about why this works for most people who ask "
    "a short example would help here because readers often look for one before they read on"
)
WORDS = PROSE.split()
FEW_MARKS = 3
UNKNOWN_S = 10.0  # length of a recording that nobody knows
FAULTS = 0.15  # share of the elements of a walk that are judged as a fault
UNCALLED = 0.1  # share of the tasks in which no tool is called
CELLS: Mapping[str, Callable[[Random], Json]] = {
    "boolean": lambda random: random.random() < 1 / 2,
    "date": lambda random: f"2026-{random.randint(1, 12):02}-{random.randint(1, 28):02}",
    "url": lambda random: f"https://example.org/{random.choice(WORDS)}",
}
PATTERNED = ("{}", "yes", "1", "2026-01-15", "A1", "a@example.org")  # what a project's pattern often asks for


def choice(context: Context, random: Random) -> Json:
    """One option; an abstention only where there is nothing else."""
    found = options.options_of(context.question.config, context.payload)
    definite = [each.key for each in found if not each.abstain]
    return random.choice(definite or [each.key for each in found])


def choices(context: Context, random: Random) -> Json:
    """A few options within the limits, none beside an exclusive one."""
    config = context.question.config
    keys = [each for each in options.index_of(config, context.payload) if each not in config.exclusive]
    low, high = config.min or 1, config.max or max(len(keys) // 2, 1)
    return random.sample(keys, min(len(keys), random.randint(min(low, high), max(low, high))))


def rating(context: Context, random: Random) -> Json:
    """A step of the scale."""
    return random.randint(context.question.config.min, context.question.config.max)


def number(context: Context, random: Random) -> Json:
    """One that may be said, a few steps above the lowest."""
    config = context.question.config
    low = config.min if config.min is not None else 0.0
    steps = random.randint(0, 10) * (config.step or 1.0)
    return min(low + steps, config.max) if config.max is not None else low + steps


def preference(context: Context, random: Random) -> Json:
    """A side and how far, or a tie where ties are allowed."""
    config = context.question.config
    return {"score": random.choice([step for step in range(-config.steps, config.steps + 1) if step or config.ties])}


def ranking(context: Context, random: Random) -> Json:
    """Any order without ties."""
    keys = element_keys(context.payload.get(context.question.on[0]))
    return {"order": [[key] for key in random.sample(keys, len(keys))]}


def text(context: Context, random: Random) -> Json:
    """A sentence or more within the limits; what it is to start from, with a few words more."""
    config = context.question.config
    start = context.payload.get(config.prefill or "")
    if config.syntax == "json":
        return '{"ok": true}'
    if config.pattern is not None:
        return random.choice([*PATTERNED, *(each for each in context.payload.values() if isinstance(each, str))])
    low, high = config.min_words or 6, config.max_words or max(config.min_words or 0, 14)
    words = [random.choice(WORDS) for _ in range(random.randint(min(low, high), high))]
    if isinstance(start, str):
        return f"{start} {' '.join(words[:4])}."
    sentence = _long_enough(" ".join(words).capitalize() + ".", config.min_chars, random)
    return sentence[: config.max_chars].rstrip() if config.max_chars else sentence


def _long_enough(sentence: str, least: int | None, random: Random) -> str:
    while least is not None and len(sentence) < least:
        sentence += f" {random.choice(WORDS).capitalize()} {random.choice(WORDS)}."
    return sentence


# --- Walks ---------------------------------------------------------------------------------------------------------
def verdicts(context: Context, random: Random) -> Json:
    """Most elements without a fault; with a reason and a better version where they are needed."""
    config, found = context.question.config, []
    good = [each.key for each in config.options if not each.error and not each.abstain]
    for key in asked_of(config, context):
        faulty = config.faults and (not good or random.random() < FAULTS)
        verdict = random.choice(sorted(config.faults) if faulty else good)
        found.append({"item": key, "verdict": verdict} | _more_of(context, verdict, random))
        if verdict in config.stops:
            break
    faults = [each["item"] for each in found if each["verdict"] in config.faults]
    return {"items": found} | ({"first": faults[0]} if faults and config.first != "none" else {})


def _more_of(context: Context, verdict: str, random: Random) -> dict[str, Json]:
    config = context.question.config
    more: dict[str, Json] = {}
    fault = verdict in config.faults
    if config.reason == "always" or (config.reason == "on_error" and fault):
        more["reason"] = _long_enough(
            random.choice(PROSE.split(" because ")).capitalize() + ".", config.reason_min_chars, random
        )
    if config.fix_required and fault:
        more["fix"] = "Better." if config.fix == "text" else {"name": "none", "arguments": {}}
    return more


# --- Calls of tools ------------------------------------------------------------------------------------------------
def tool_calls(context: Context, random: Random) -> Json:
    """Calls of any of the tools, as few as may be; sometimes none where that is allowed."""
    config, tools = context.question.config, context.elements(context.question.on[0])
    if config.no_call and random.random() < UNCALLED:
        return {"calls": [], "no_call": random.choice(config.no_call).key}
    called = [random.choice(tools) for _ in range(config.min or 1)]
    return {"calls": [_call(tool, random) for tool in called]}


def _call(tool: Mapping[str, Json], random: Random) -> Json:
    parameters = tool.get("parameters", {})
    known = parameters.get("properties", {})
    needed = [name for name in parameters.get("required", []) if name in known]
    return {"name": tool["name"], "arguments": {name: _argument(known[name], random) for name in needed}}


def _argument(parameter: Mapping[str, Json], random: Random) -> Json:
    """A value of the kind that is asked for; objects and lists empty."""
    if parameter.get("enum"):
        return random.choice(parameter["enum"])
    made: Mapping[Json, Json] = {"boolean": True, "array": [], "object": {}, "number": 1, "integer": 1, "null": None}
    kind = parameter.get("type", "string")
    return made.get(kind if isinstance(kind, str) else kind[0], random.choice(WORDS))


# --- Records -------------------------------------------------------------------------------------------------------
def records(context: Context, random: Random) -> Json:
    """A few rows, every cell filled; none of them below another."""
    config = context.question.config
    count = _count(context, random)
    return {
        "records": [{"id": f"r{at}", "cells": _cells(config.columns, context, random)} for at in range(1, count + 1)]
    }


def _cells(columns: Sequence[Column], context: Context, random: Random) -> dict[str, Json]:
    cells = {column.key: _cell(column, context, random) for column in columns}
    return {key: cell for key, cell in cells.items() if cell is not None}


def _cell(column: Column, context: Context, random: Random) -> Json:
    if column.type in CELLS:
        return CELLS[column.type](random)
    if column.options or column.type == "ref":
        return _attribute(column, context, random)
    if column.type in ("integer", "number"):
        low = column.min if column.min is not None else -5
        return random.randint(round(low), round(column.max) if column.max is not None else round(low) + 10)
    if column.pattern is not None:
        return random.choice(PATTERNED)
    start = random.randrange(len(WORDS) - 3)
    return _long_enough(" ".join(WORDS[start : start + 3]), column.min_chars, random)[: column.max_chars].strip()


# --- Marks ----------------------------------------------------------------------------------------------------------
def spans(context: Context, random: Random) -> Json:
    """A few words of the texts, each with a label."""
    places = list(_words_of(context))
    chosen = sorted(random.sample(range(len(places)), min(len(places), _count(context, random))))
    labels = _labels(context)
    found = []
    for number, index in enumerate(chosen, 1):
        where, start, end = places[index]
        mark = {"id": f"r{number}", "label": random.choice(labels), "start": start, "end": end, **where}
        found.append(mark | _attributes(context, mark["label"], random))
    return {"spans": found} if found else {"spans": [], "none": True}


def _words_of(context: Context) -> Any:
    """(place, start, end) of every word that may be marked; the place names field and item where several are possible."""
    for name in context.question.on:
        where = {"field": name} if len(context.question.on) > 1 else {}
        for item, source in _texts(context, name):
            if context.question.per is None or item is None or item == context.item:
                inside = where | ({"item": item} if item is not None else {})
                yield from ((inside, word.start(), word.end()) for word in re.finditer(r"\w{2,}", source))


def _texts(context: Context, name: str) -> list[tuple[str | None, str]]:
    """(item, text): the texts of a field, or the contributor's own text."""
    if name.startswith("@"):
        own = context.values.get(name[1:])
        return [(None, own)] if isinstance(own, str) else []
    field, value = context.fields[name], context.payload.get(name)
    if not field.kind.KEYED:
        return [(None, value)] if isinstance(value, str) else []
    return [(key, found) for key in element_keys(value) if (found := field.kind.text(value, key))]


def regions(context: Context, random: Random) -> Json:
    """A few shapes on the picture, each with a label."""
    config, field = context.question.config, context.fields[context.question.on[0]]
    pictures = [
        image for _path, image in field.kind.media(context.payload.get(field.name), field.config) if image.get("width")
    ]
    picture = pictures[0] if pictures else {"width": 100, "height": 100}
    items = element_keys(context.payload.get(field.name)) if field.kind.KEYED else []
    labels, found = _labels(context), []
    for number in range(1, _count(context, random) + 1):
        label = random.choice(labels)
        shape = random.choice(config.label_shapes.get(label) or config.shapes)
        mark = {"id": f"r{number}", "label": label, "shape": shape, **_outline(shape, picture, random)}
        if items:
            mark["item"] = context.item or items[0]
        found.append(mark | _attributes(context, label, random))
    return {"regions": found} if found else {"regions": [], "none": True}


def _outline(shape: str, picture: Mapping[str, Json], random: Random) -> dict[str, Json]:
    """A box, or the polygon of its corners, of a tenth to a third of the picture."""
    width, height = picture["width"], picture["height"]
    w, h = random.uniform(0.1, 0.33) * width, random.uniform(0.1, 0.33) * height
    x, y = random.uniform(0, width - w), random.uniform(0, height - h)
    box = [round(each, 1) for each in (x, y, w, h)]
    if shape == "box":
        return {"bbox": box}
    x, y, w, h = box
    return {"points": [[x, y], [round(x + w, 1), y], [round(x + w, 1), round(y + h, 1)], [x, round(y + h, 1)]]}


def segments(context: Context, random: Random) -> Json:
    """The recording cut into equal parts, all of them marked; one where words are to be written down."""
    config, recording = context.question.config, context.payload.get(context.question.on[0])
    seconds = recording.get("seconds") if isinstance(recording, dict) else None
    count = (config.min or 1) if config.transcript != "none" else _count(context, random)
    cuts = [round((seconds or UNKNOWN_S) * part / count, 3) for part in range(count + 1)]
    return {
        "segments": [
            {"id": f"r{place}", "start": start, "end": end, **_heard(context, random)}
            for place, (start, end) in enumerate(pairwise(cuts), 1)
        ]
    }


def _heard(context: Context, random: Random) -> dict[str, Json]:
    """Label, speaker and words of a stretch."""
    config, said = context.question.config, {}
    labels = _labels(context)
    if labels:
        said["label"] = random.choice(labels)
    if config.speakers:
        said["speaker"] = random.choice(config.speakers.names or ["S1"])
    if config.transcript != "none":
        start = random.randrange(len(WORDS) - 4)
        said["text"] = " ".join(WORDS[start : start + 4])
    return said


def _count(context: Context, random: Random) -> int:
    config = context.question.config
    low, high = config.min or 1, config.max or FEW_MARKS
    return random.randint(min(low, high), max(low, high))


def _labels(context: Context) -> Sequence[str]:
    return [label.key for label in options.labels_of(context.question.config, context.payload)]


def _attributes(context: Context, label: str, random: Random) -> dict[str, Json]:
    """Values of the attributes that must be there."""
    wanted = [each for each in context.question.config.attributes if each.required and each.about(label)]
    values = {each.key: _attribute(each, context, random) for each in wanted}
    return {"attributes": values} if values else {}


def _attribute(attribute: Attribute | Column, context: Context, random: Random) -> Json:
    if attribute.options:
        key = random.choice([option.key for option in attribute.options])
        return [key] if attribute.type == "choices" else key
    if attribute.type == "number":
        low = attribute.min if attribute.min is not None else 0
        return low if attribute.max is None else random.choice([low, attribute.max])
    if attribute.type == "ref":
        keys = element_keys(context.payload.get(attribute.to or ""))
        return random.choice(keys) if keys else "r1"
    return True if attribute.type == "boolean" else random.choice(WORDS)[: attribute.max_chars]


DRAWS: Mapping[str, Callable[[Context, Random], Json]] = {
    "choice": choice,
    "choices": choices,
    "rating": rating,
    "number": number,
    "text": text,
    "preference": preference,
    "ranking": ranking,
    "spans": spans,
    "regions": regions,
    "segments": segments,
    "verdicts": verdicts,
    "tool_calls": tool_calls,
    "records": records,
}
