"""How people's answers differ from the right one: by the hand that gives them, or by a mistake that people make."""

import re
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

from annotation.questions.base import Json

Given = dict[str, Any]
Row = dict[str, Any]

SHAKE_PX = 3.0
SHAKE_S = 0.03  # seconds that the end of a stretch is off by hand
LISTS = ("spans", "regions", "segments", "records")
SOUNDS_LIKE = {
    "zero": "oh",
    "one": "won",
    "two": "to",
    "three": "free",
    "four": "for",
    "five": "nine",
    "six": "sick",
    "seven": "eleven",
    "eight": "ate",
    "nine": "five",
}


def mistaken(kind: str, right: Json, random: Random) -> Json:
    """What comes of a mistake with a question of this type; None: it is answered anew, as if one had not looked."""
    if not isinstance(right, dict):
        return None
    return MISTAKES.get(kind, _overlooked)(right, random)


def in_own_hand(kind: str, right: Json, random: Random) -> Json:
    """The right value, as no two people give it."""
    hand = HANDS.get(kind)
    return hand(right, random) if hand and isinstance(right, dict) else right


def _overlooked(right: Given, random: Random) -> Json:
    """Who marks several things overlooks one."""
    for member in LISTS:
        marks = right.get(member, [])
        if len(marks) > 1:
            return {member: _without_one(marks, random)}
    return None


def _without_one(rows: Sequence[Any], random: Random) -> list[Any]:
    left = random.randrange(len(rows))
    return [row for place, row in enumerate(rows) if place != left]


# --- Pictures --------------------------------------------------------------------------------------------------------
def _drawn(right: Given, random: Random) -> Given:
    """Nobody draws the same box twice."""
    regions = right.get("regions")
    return {**right, "regions": [_shaken(region, random) for region in regions]} if regions else right


def _shaken(region: Row, random: Random) -> Row:
    if "bbox" not in region:
        return region
    x, y, w, h = region["bbox"]
    inset = random.uniform(0, min(SHAKE_PX, w / 10, h / 10))
    return {**region, "bbox": [round(each, 1) for each in (x + inset, y + inset, w - 2 * inset, h - 2 * inset)]}


# --- Recordings ------------------------------------------------------------------------------------------------------
def _cut(right: Given, random: Random) -> Given:
    """Nobody cuts twice at the same thousandth."""
    return {**right, "segments": [_nearly(segment, random) for segment in right.get("segments", [])]}


def _nearly(segment: Row, random: Random) -> Row:
    start, end = (segment[name] + sign * random.uniform(0, SHAKE_S) for name, sign in (("start", 1), ("end", -1)))
    return {**segment, "start": round(start, 3), "end": round(end, 3)}


def _misheard(right: Given, random: Random) -> Json:
    """A word that sounds like another, the wrong speaker, or one who was not heard."""
    segments = right.get("segments", [])
    place = random.randrange(len(segments)) if segments else 0
    changes = [_other_word, *([_other_speaker, _unheard] if len(segments) > 1 else [])]
    return random.choice(changes)(_cut(right, random)["segments"], place, random) if segments else None


def _other_word(segments: list[Row], place: int, random: Random) -> Json:
    words = segments[place].get("text", "").split()
    if not words:
        return None
    at = random.randrange(len(words))
    words[at] = SOUNDS_LIKE.get(words[at], f"{words[at]} {words[at]}")
    return {"segments": _changed(segments, place, text=" ".join(words))}


def _other_speaker(segments: list[Row], place: int, _random: Random) -> Json:
    return {"segments": _changed(segments, place, speaker=segments[place - 1].get("speaker"))}


def _unheard(segments: list[Row], place: int, _random: Random) -> Json:
    return {"segments": segments[:place] + segments[place + 1 :]}


def _changed(rows: list[Row], place: int, **change: Json) -> list[Row]:
    return [*rows[:place], {**rows[place], **change}, *rows[place + 1 :]]


# --- Calls of tools --------------------------------------------------------------------------------------------------
def _called(right: Given, random: Random) -> Given:
    """Another of the values that are as right, now and then; who gives one seldom writes down the others."""
    accept = right.get("accept") or [{} for _ in right.get("calls", [])]
    calls = [
        {**call, "arguments": _with_others(call["arguments"], others, random)}
        for call, others in zip(right.get("calls", []), accept, strict=True)
    ]
    return {**{name: each for name, each in right.items() if name != "accept"}, "calls": calls}


def _with_others(arguments: Given, others: Mapping[str, list[Json]], random: Random) -> Given:
    chosen = {name: random.choice([arguments.get(name, ""), *values]) for name, values in others.items()}
    return {name: each for name, each in {**arguments, **chosen}.items() if each != ""}


def _miscalled(right: Given, random: Random) -> Json:
    """A call forgotten, or an argument that is not what was asked for."""
    calls = right.get("calls", [])
    if len(calls) > 1 and random.random() < 1 / 2:
        return {"calls": _without_one(calls, random)}
    places = [(at, name) for at, call in enumerate(calls) for name in call["arguments"]]
    if not places:
        return None
    at, name = random.choice(places)
    return {"calls": _changed(calls, at, arguments=_with_one_wrong(calls[at]["arguments"], name, random))}


def _wrong(value: Json, random: Random) -> Json:
    """A value that somebody gets wrong; None: they leave it out."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + random.choice((-1, 1))
    if isinstance(value, str) and (words := re.findall(r"\w+", value)):
        return random.choice([each for each in (words[0], value.lower(), None) if each != value])
    if isinstance(value, list) and value:
        return _without_one(value, random) if len(value) > 1 else [_wrong(value[0], random)]
    if isinstance(value, dict) and value:
        return _with_one_wrong(value, random.choice(list(value)), random)
    return None


def _with_one_wrong(members: Given, name: str, random: Random) -> Given:
    wrong = _wrong(members[name], random)
    changed = {key: wrong if key == name else each for key, each in members.items()}
    return {key: each for key, each in changed.items() if (key, each) != (name, None)}


# --- Lists -----------------------------------------------------------------------------------------------------------
def _misjudged(right: Given, random: Random) -> Json:
    """A row forgotten, or a number a step too high or too low."""
    rows = right.get("records", [])
    numbers = [
        (at, name)
        for at, row in enumerate(rows)
        for name, cell in row["cells"].items()
        if isinstance(cell, int) and not isinstance(cell, bool)
    ]
    if not numbers or random.random() < 1 / 2:
        return _overlooked(right, random)
    at, name = random.choice(numbers)
    cells = rows[at]["cells"]
    return {**right, "records": _changed(rows, at, cells={**cells, name: cells[name] + random.choice((-1, 1))})}


MISTAKES: Mapping[str, Callable[[Given, Random], Json]] = {
    "segments": _misheard,
    "tool_calls": _miscalled,
    "records": _misjudged,
}
HANDS: Mapping[str, Callable[[Given, Random], Json]] = {
    "regions": _drawn,
    "segments": _cut,
    "tool_calls": _called,
}
