"""segments: stretches of time in a recording, in seconds: who speaks, what is said, or what is heard there."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from annotation.questions import marks, messages, prose
from annotation.questions.attributes import is_number, without_nulls
from annotation.questions.base import Around, Context, Json, Problem, Seen, pointer, problem
from annotation.questions.options import (
    MaybeLabels,
    hotkeys_in,
    label_keys_of,
    lint_colours,
    lint_hotkeys,
    lint_keys,
    lint_listed,
    not_lower,
    widened_list,
)
from annotation.questions.rating import is_whole
from annotation.questions.shapes import Key, Model, Option, SettingError, is_key
from annotation.questions.stretches import clipped, gaps, length_of, overlaps, rounded

NAME = "segments"
FIELDS: frozenset[str] | None = frozenset({"audio"})
TEXT = MANY = False
MEMBERS = ("id", "start", "end", "label", "speaker", "text", "tags", "channel")
OWN_KEYS = tuple("sioe")  # of the editor: split, start here, end here, edit the words
LATER = ("attributes",)

Seconds = Annotated[float, Field(ge=0)]
Segment = dict[str, Json]


class Speakers(Model):
    """Who may speak: at most so many different ones; `names`, if they are known."""

    max: Annotated[int, Field(ge=1)] | None = None
    names: list[Annotated[str, Field(min_length=1)]] = []


class Config(MaybeLabels, marks.Limits):
    """Settings of segments. `cover`: nothing of the recording may be left out; `overlap`: several may speak at the same time.

    `collar`: seconds that an end may be off when answers are compared; `text_rules`: how speech is written down, said to people.
    """

    speakers: Speakers | None = None
    transcript: Literal["none", "optional", "required"] = "none"
    tags: list[Option] = []
    overlap: bool = False
    cover: bool = False
    min_seconds: Seconds = 0
    collar: Seconds = 0.25
    text_rules: Literal["verbatim", "clean"] | None = None

    @model_validator(mode="before")
    @classmethod
    def _not_yet(cls, data: Any) -> Any:
        for name in LATER:
            if isinstance(data, dict) and name in data:
                raise SettingError("unsupported_type", type=name)
        return data


class Stretch(Model):
    """A stretch of time, `start` to `end` in seconds."""

    id: Key
    start: Seconds
    end: Seconds
    label: Key | None = None
    speaker: str | None = None
    text: str | None = None
    tags: list[Key] | None = None
    channel: Annotated[int, Field(ge=0)] | None = None


class Value(Model):
    """`none`: confirmed that there is nothing to mark."""

    segments: list[Stretch]
    none: Literal[True] | None = None


# --- Normal form ----------------------------------------------------------------------------------------------------
def normalise(value: Json, config: Config, context: Context) -> Json:
    """Times in thousandths within the recording, in their order; texts trimmed; tags in the order of the schema; speakers `S1`, `S2`, … by
    who is heard first, unless they have names.
    """
    if not isinstance(value, dict):
        return value
    kept = without_nulls(value)
    if kept == {"none": True}:
        kept["segments"] = []
    if isinstance(kept.get("segments"), list) and all(isinstance(each, dict) for each in kept["segments"]):
        kept["segments"] = [without_nulls(each) for each in kept["segments"]]
    if _shape(kept):
        return kept
    length = _length(context)
    found = [_tidy(each, config, length) for each in kept["segments"]]
    found.sort(key=lambda each: (each["start"], each["end"]))
    kept["segments"] = found if config.speakers and config.speakers.names else _renamed(found)
    return kept


def _length(context: Context) -> float | None:
    return length_of(context.payload.get(context.question.on[0]))


def _tidy(segment: Segment, config: Config, length: float | None) -> Segment:
    made = {name: segment[name] for name in MEMBERS if name in segment}
    made["start"], made["end"] = (clipped(rounded(segment[name]), length) for name in ("start", "end"))
    for name in ("text", "speaker"):
        if name in made:
            made[name] = prose.trim(prose.compose(made[name]))
    if "tags" in made:
        order = {tag.key: place for place, tag in enumerate(config.tags)}
        made["tags"] = sorted(dict.fromkeys(made["tags"]), key=lambda tag: order.get(tag, len(order)))
    return {name: each for name, each in made.items() if each not in ("", [])}


def _renamed(segments: list[Segment]) -> list[Segment]:
    order = dict.fromkeys(each["speaker"] for each in segments if "speaker" in each)
    names = {speaker: f"S{place}" for place, speaker in enumerate(order, 1)}
    return [{**each, "speaker": names[each["speaker"]]} if "speaker" in each else each for each in segments]


# --- What is wrong --------------------------------------------------------------------------------------------------
def validate(value: Json, config: Config, context: Context) -> list[Problem]:
    """Each stretch by itself, then how they lie beside each other, and how many there are."""
    found = _shape(value)
    if found:
        return found
    labels, length = label_keys_of(config, context.payload), _length(context)
    ids: set[str] = set()
    speakers: set[str] = set()
    for place, segment in enumerate(value["segments"]):
        wrong = [*_time_problems(segment, config, length), *_word_problems(segment, config, labels)]
        if segment["id"] in ids:
            wrong.append(problem("/id", "duplicate"))
        if "speaker" in segment and not _may_speak(segment["speaker"], config, speakers):
            wrong.append(problem("/speaker", "unknown_speaker"))
        ids.add(segment["id"])
        found.extend(each.under("segments", place) for each in wrong)
    if not config.overlap:
        found.extend(overlaps(value["segments"]))
    if config.cover:
        found.extend(gaps(value["segments"], length))
    return found + marks.limit_problems(value, "segments", config)


def _shape(value: Json) -> list[Problem]:
    if not isinstance(value, dict):
        return [problem("", "type", wanted=messages.AN_OBJECT)]
    found = [
        problem(pointer(name), "type", wanted=messages.NOTHING) for name in value if name not in ("segments", "none")
    ]
    if value.get("none", True) is not True:
        found.append(problem("/none", "type", wanted=messages.TRUE))
    if not isinstance(value.get("segments"), list):
        return [*found, problem("/segments", "type", wanted=messages.A_LIST)]
    for place, segment in enumerate(value["segments"]):
        found.extend(each.under("segments", place) for each in _segment_shape(segment))
    return found


def _segment_shape(segment: Json) -> list[Problem]:
    if not isinstance(segment, dict):
        return [problem("", "type", wanted=messages.AN_OBJECT)]
    found = [problem(pointer(name), "type", wanted=messages.NOTHING) for name in segment if name not in MEMBERS]
    found += [
        problem(f"/{name}", "type", wanted=messages.A_NUMBER)
        for name in ("start", "end")
        if not is_number(segment.get(name))
    ]
    if not is_key(segment.get("id")):
        found.append(problem("/id", "type", wanted=messages.A_KEY))
    if not is_key(segment.get("label", "-")):
        found.append(problem("/label", "type", wanted=messages.A_KEY))
    found += [
        problem(f"/{name}", "type", wanted=messages.A_STRING)
        for name in ("speaker", "text")
        if not isinstance(segment.get(name, ""), str)
    ]
    tags, channel = segment.get("tags", []), segment.get("channel", 0)
    if not isinstance(tags, list) or not all(map(is_key, tags)):
        found.append(problem("/tags", "type", wanted=messages.A_LIST))
    if not is_whole(channel) or channel < 0:
        found.append(problem("/channel", "type", wanted=messages.A_WHOLE_NUMBER))
    return found


def _time_problems(segment: Segment, config: Config, length: float | None) -> Iterator[Problem]:
    start, end = segment["start"], segment["end"]
    if not 0 <= start < end or (length is not None and end > length):
        yield problem("", "bad_time")
    elif rounded(end - start) < config.min_seconds:
        yield problem("", "too_short:seconds", min=config.min_seconds)


def _word_problems(segment: Segment, config: Config, labels: frozenset[str]) -> Iterator[Problem]:
    """Label, transcript and tags."""
    labelled = config.labels is not None or config.labels_from is not None
    if "label" in segment and segment["label"] not in labels:
        yield problem("/label", "unknown_label")
    elif labelled and "label" not in segment:
        yield problem("/label", "required")
    if "text" in segment and config.transcript == "none":
        yield problem("/text", "type", wanted=messages.NOTHING)
    elif "text" not in segment and config.transcript == "required":
        yield problem("/text", "required")
    known = {tag.key for tag in config.tags}
    for place, tag in enumerate(segment.get("tags", ())):
        if tag not in known:
            yield problem(f"/tags/{place}", "unknown_tag")


def _may_speak(speaker: str, config: Config, heard: set[str]) -> bool:
    """Whether there is such a speaker, and not too many with them. `heard`: those so far."""
    offered = config.speakers
    heard.add(speaker)
    if offered is None or (offered.names and speaker not in offered.names):
        return False
    return offered.max is None or len(heard) <= offered.max


# --- What others ask of it ------------------------------------------------------------------------------------------
def answered(_value: Json, _config: Config) -> bool:
    """An empty list says that nothing was found."""
    return True


def seen(value: Json, _config: Config) -> Seen:
    """The number of stretches."""
    return marks.seen_marks(value, "segments")


def lint(config: Config, around: Around) -> list[Problem]:
    """Keys of labels and tags, limits that fit together, speakers that are told apart."""
    hotkeys = [*hotkeys_in(config.labels, "labels"), *hotkeys_in(config.tags, "tags")]
    found = [
        *lint_listed(config, "labels_from", around),
        *lint_keys(config.labels, "labels"),
        *lint_colours(config.labels, "labels"),
        *lint_keys(config.tags, "tags"),
        *lint_hotkeys(hotkeys, OWN_KEYS),
    ]
    if config.min is not None and config.max is not None and config.min > config.max:
        found.append(problem("/max", "bad_scale"))
    names = config.speakers.names if config.speakers else []
    found.extend(
        problem(f"/speakers/names/{place}", "duplicate_key", key=name)
        for place, name in enumerate(names)
        if name in names[:place]
    )
    return found


def suits(config: Config, context: Context) -> list[Problem]:
    """A task that supplies the labels supplies at least one."""
    return marks.suits_labels(config, context)


def widened(old: Config, new: Config) -> bool:
    """At least the same stretches, with the same words."""
    same = (old.labels_from, old.text_rules) == (new.labels_from, new.text_rules)
    words = new.transcript == old.transcript or new.transcript == "optional"
    looser = new.overlap >= old.overlap and new.cover <= old.cover and new.min_seconds <= old.min_seconds
    listed = widened_list(old.labels, new.labels) and widened_list(old.tags, new.tags)
    return same and words and looser and listed and _widened_speakers(old, new) and marks.widened_limits(old, new)


def _widened_speakers(old: Config, new: Config) -> bool:
    if old.speakers is None or new.speakers is None:
        return old.speakers is None
    named = bool(old.speakers.names) == bool(new.speakers.names) and set(old.speakers.names) <= set(new.speakers.names)
    return named and not_lower(old.speakers.max, new.speakers.max)
