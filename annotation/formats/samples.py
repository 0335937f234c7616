"""Sample data: rows of published data sets, as tasks with known answers. What the demo works on; sources in `samples/LICENSES.md`."""

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]
Value = dict[str, Any]

FOLDER = Path(__file__).with_name("samples")
SCORES = {"a": -1, "tie": 0, "b": 1}
KINDS = {"dict": "object", "float": "number", "tuple": "array"}  # kinds of Python, as JSON Schema calls them
LEFT_OUT = ""  # among the accepted values of an argument: it may be left out


@dataclass(frozen=True, slots=True)
class Sample:
    """One task. `expected`: the value taken as true, None if the source has none; `answers`: what people of the source answered.

    `media`: pictures and recordings below the sample folder that `payload` names as they are written here.
    """

    key: str
    payload: Value
    expected: Value | None
    answers: tuple[tuple[str, Value], ...] = ()
    media: tuple[str, ...] = ()


def pandalm(row: Row) -> Sample:
    """chat_preference -> preset `pairwise`: a = -1, tie = 0, b = 1; three people each. No gold where they are split three ways."""
    preferred = row["gold"]["preferred"]
    return Sample(
        key=row["id"],
        payload=_conversation(row),
        expected=None if preferred is None else _better(preferred),
        answers=tuple((each["annotator"], _better(each["value"]["preferred"])) for each in row["annotations"]),
    )


def vader(row: Row) -> Sample:
    """classify -> preset `classify_scale`: twenty people each; gold is the step nearest to their mean."""
    return Sample(
        key=row["id"],
        payload={"text": row["input"]["text"]},
        expected={"score": math.floor(row["gold"]["mean"] + 0.5)},
        answers=tuple((each["annotator"], {"score": each["value"]}) for each in row["annotations"]),
    )


def wnut17(row: Row) -> Sample:
    """span_label -> preset `ner`: the adjudicated names; none: confirmed empty."""
    spans = [
        {"id": f"r{number}", **{name: span[name] for name in ("label", "start", "end", "text")}}
        for number, span in enumerate(row["gold"]["spans"], 1)
    ]
    found: Value = {"spans": spans} if spans else {"spans": [], "none": True}
    return Sample(key=row["id"], payload={"text": row["input"]["text"]}, expected={"entities": found})


def bccd(row: Row) -> Sample:
    """image_boxes -> preset `object_detection` with the labels of blood cells."""
    given = row["input"]
    regions = [
        {"id": f"r{number}", "label": box["label"], "shape": "box", "bbox": box["bbox"]}
        for number, box in enumerate(row["gold"]["boxes"], 1)
    ]
    image = {"src": given["image"], "width": given["width"], "height": given["height"]}
    return Sample(
        key=row["id"],
        payload={"image": image},
        expected={"objects": {"regions": regions}},
        media=(given["image"],),
    )


def oasst_ranking(row: Row) -> Sample:
    """chat_ranking -> preset `ranking`: one order, every reply in a group of its own."""
    order = [[key] for key in row["gold"]["ranking"]]
    return Sample(key=row["id"], payload=_conversation(row), expected={"order": {"order": order}})


def arithmetic(row: Row) -> Sample:
    """step_labels -> preset `step_labels`: right up to the first error, then wrong, nothing behind it; the final answer likewise."""
    given, first = row["input"], row["gold"]["first_error_step"]
    judged = [{"item": str(at), "verdict": "good"} for at in range(len(given["steps"]))]
    walk: Value = {"items": judged}
    if first is not None:
        walk = {"items": [*judged[:first], {"item": str(first), "verdict": "bad"}], "first": str(first)}
    payload = {"problem": given["problem"], "steps": given["steps"], "reference": given["reference_answer"]}
    return Sample(
        key=row["id"], payload=payload, expected={"steps_ok": walk, "final": "yes" if first is None else "no"}
    )


def bfcl(row: Row) -> Sample:
    """tool_call -> preset `tool_call`: of each argument the first accepted value; the others that the tool takes would be as right."""
    given = row["input"]
    tools = [{**tool, "parameters": _json_schema(tool["parameters"])} for tool in given["tools"]]
    takes = {tool["name"]: tool["parameters"].get("properties", {}) for tool in tools}
    made = [each for call in row["gold"]["allowed_calls"] for each in call.items()]
    calls: Value = {"calls": [{"name": name, "arguments": _first_accepted(accepted)} for name, accepted in made]}
    others = [_others(accepted, takes[name]) for name, accepted in made]
    return Sample(
        key=row["id"],
        payload={"conversation": given["messages"], "tools": tools},
        expected={"calls": {**calls, **({"accept": others} if any(others) else {})}},
    )


def fsdd(row: Row) -> Sample:
    """transcribe -> preset `transcribe`: spoken digits; whoever speaks without another between is one segment."""
    given, turns = row["input"], row["gold"]["turns"]
    voices = list(dict.fromkeys(turn["speaker"] for turn in turns))
    said = [
        {
            "id": f"s{number}",
            **{name: turn[name] for name in ("start", "end")},
            "speaker": f"S{voices.index(turn['speaker']) + 1}",
            "text": turn["text"],
        }
        for number, turn in enumerate(turns, 1)
    ]
    return Sample(
        key=row["id"],
        payload={
            "audio": {
                "src": given["audio"],
                **{name: given[name] for name in ("seconds", "sample_rate")},
                "lang": given["language"],
            }
        },
        expected={"speech": {"segments": said}},
        media=(given["audio"],),
    )


def rubrics(row: Row) -> Sample:
    """rubric_author -> preset `rubric_author`: a request with two replies to look at; three people's criteria, and those taken as true."""
    said = _conversation(row)
    return Sample(
        key=row["id"],
        payload={"conversation": said["conversation"], "samples": said["replies"]},
        expected=_criteria(row["gold"]),
        answers=tuple((each["annotator"], _criteria(each["value"])) for each in row["annotations"]),
    )


def _criteria(written: Row) -> Value:
    rows = [{"id": f"c{number}", "cells": cells} for number, cells in enumerate(written["criteria"], 1)]
    return {"criteria": {"records": rows}}


def _json_schema(parameter: Value) -> Value:
    """A parameter with its kind as JSON Schema calls it; where it may be anything, none is named."""
    schema = {name: each for name, each in parameter.items() if (name, each) != ("type", "any")}
    if "type" in schema:
        schema["type"] = KINDS.get(schema["type"], schema["type"])
    if "properties" in schema:
        schema["properties"] = {name: _json_schema(each) for name, each in schema["properties"].items()}
    if "items" in schema:
        schema["items"] = _json_schema(schema["items"])
    return schema


def _first_accepted(accepted: Mapping[str, list[Any]]) -> Value:
    """Values of an object by the lists of what is accepted for each; an empty list accepts the empty list alone."""
    first = {name: values[0] if values else [] for name, values in accepted.items()}
    return {name: _unfolded(value) for name, value in first.items() if value != LEFT_OUT}


def _others(accepted: Mapping[str, list[Any]], takes: Value) -> Value:
    """What is accepted behind the first value, but for defaults that the tool itself would refuse: nothing, or one not listed."""

    def taken(name: str, value: Any) -> bool:
        return value == LEFT_OUT or (value is not None and value in takes.get(name, {}).get("enum", [value]))

    found = {name: [each for each in _unfolded(values[1:]) if taken(name, each)] for name, values in accepted.items()}
    return {name: values for name, values in found.items() if values}


def _unfolded(value: Any) -> Any:
    """Inside a value objects have lists of accepted values again."""
    if isinstance(value, dict):
        return _first_accepted(value)
    return [_unfolded(each) for each in value] if isinstance(value, list) else value


def _conversation(row: Row) -> Value:
    """Messages and replies; a reply whose model is not known says nothing of it."""
    messages = [{"role": each["role"], "content": each["content"]} for each in row["input"]["messages"]]
    replies = [
        {name: each[name] for name in ("id", "content", "model") if each.get(name) is not None}
        for each in row["input"]["responses"]
    ]
    return {"conversation": messages, "replies": replies}


def _better(preferred: str) -> Value:
    return {"better": {"score": SCORES[preferred]}}


def as_it_is(schema: Value) -> Value:
    """The preset's schema."""
    return schema


def with_optional_reasons(schema: Value) -> Value:
    """The preset's schema; a fault may go without a reason, for the source gives none."""
    walk, *rest = schema["questions"]
    return {**schema, "questions": [{**walk, "config": {**walk["config"], "reason": "optional"}}, *rest]}


def with_blood_cells(schema: Value) -> Value:
    """The boxes preset with the three kinds of cells as its labels, and nothing else to say about them."""
    labels = [
        {"key": "RBC", "title": {"en": "Red blood cell", "zh-Hans": "红细胞"}, "hotkey": "r", "colour": 1},
        {"key": "WBC", "title": {"en": "White blood cell", "zh-Hans": "白细胞"}, "hotkey": "w", "colour": 2},
        {"key": "Platelets", "title": {"en": "Platelet", "zh-Hans": "血小板"}, "hotkey": "t", "colour": 3},
    ]
    question = schema["questions"][0]
    config = {**question["config"], "labels": labels, "attributes": []}
    return {**schema, "questions": [{**question, "config": config}]}


@dataclass(frozen=True, slots=True)
class SampleSet:
    """A file of rows: the preset they are answered with, how a row is converted, and how the preset's schema is changed for them."""

    kind: str
    preset: str
    convert: Callable[[Row], Sample]
    adapt: Callable[[Value], Value] = as_it_is

    def read(self) -> Iterator[Sample]:
        """All samples, in the order of the file."""
        with (FOLDER / f"{self.kind}.jsonl").open(encoding="utf-8") as lines:
            yield from (self.convert(json.loads(line)) for line in lines)


SETS: Mapping[str, SampleSet] = {
    each.kind: each
    for each in (
        SampleSet("chat_preference", "pairwise", pandalm),
        SampleSet("classify", "classify_scale", vader),
        SampleSet("span_label", "ner", wnut17),
        SampleSet("image_boxes", "object_detection", bccd, with_blood_cells),
        SampleSet("chat_ranking", "ranking", oasst_ranking),
        SampleSet("step_labels", "step_labels", arithmetic, with_optional_reasons),
        SampleSet("tool_call", "tool_call", bfcl),
        SampleSet("transcribe", "transcribe", fsdd),
        SampleSet("rubric_author", "rubric_author", rubrics),
    )
}
