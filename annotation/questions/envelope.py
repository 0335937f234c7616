"""The parts of an answer beside its value: exit, flags, confidence, comment; and what the browser tells of how it came about."""

from collections.abc import Callable, Mapping

from annotation.questions import messages
from annotation.questions.base import WARNING, Json, Payload, Problem, element_keys, pointer, problem
from annotation.questions.fields.parts import Check, check_members, wrong
from annotation.questions.schema import Schema
from annotation.questions.shapes import is_key, is_name

MAX_NOTE, MAX_COMMENT = 2_000, 4_000
# Parts that only tell how the answer came about: malformed ones are left out with a warning, for nobody's work is lost over them.
TOLD = ("timing", "shown", "suggestions", "origins", "events", "ui")
OUTCOMES = ("accepted", "edited", "rejected", "ignored")
ORIGINS = ("typed", "pasted", "model", "model_edited", "prefill")
Checker = Callable[[Json, Schema, Payload, list[Problem]], Json]


def check_part(name: str, value: Json, schema: Schema, payload: Payload) -> tuple[Json, list[Problem]]:
    """One part as it is stored (None: left out), and its problems, whose paths start with `/@name`."""
    problems: list[Problem] = []
    stored = _CHECKS[name](value, schema, payload, problems)
    if not problems or name not in TOLD:
        return stored, problems
    return None, [Problem(each.path, f"{WARNING}{each.code}", each.message, each.params) for each in problems[:1]]


def is_part(name: str) -> bool:
    """Whether an answer may have a part of this name beside value, partial and schema_version."""
    return name in _CHECKS


def _is_count(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _text(limit: int | None) -> Check:
    """A check for a text, maybe of limited length."""

    def check(value: Json, path: str, problems: list[Problem]) -> Json:
        if not isinstance(value, str):
            return wrong(path, messages.A_STRING, problems, value)
        if limit is not None and len(value) > limit:
            problems.append(problem(path, "too_long", max=limit))
        return value

    return check


def _count(value: Json, path: str, problems: list[Problem]) -> Json:
    return value if _is_count(value) else wrong(path, messages.A_WHOLE_NUMBER, problems, value)


def _key(value: Json, path: str, problems: list[Problem]) -> Json:
    return value if is_key(value) else wrong(path, messages.A_KEY, problems, value)


def _name(value: Json, path: str, problems: list[Problem]) -> Json:
    return value if is_name(value) else wrong(path, messages.A_NAME, problems, value)


def _sha256(value: Json, path: str, problems: list[Problem]) -> Json:
    good = isinstance(value, str) and len(value) == 64 and not set(value) - set("0123456789abcdef")
    return value if good else wrong(path, messages.A_STRING, problems, value)


def _one_of(words: tuple[str, ...]) -> Check:
    """A check for one of the words."""

    def check(value: Json, path: str, problems: list[Problem]) -> Json:
        if value not in words:
            problems.append(problem(path, "unknown_option"))
        return value

    return check


_EXIT: Mapping[str, Check] = {"type": _text(None), "reason": _text(None), "note": _text(MAX_NOTE)}
_ANCHOR: Mapping[str, Check] = {"field": _name, "item": _key, "start": _count, "end": _count, "text": _text(None)}
_TIMING: Mapping[str, Check] = {"active_ms": _count, "idle_ms": _count, "first_action_ms": _count}
_EVENTS: Mapping[str, Check] = {"count": _count, "sha256": _sha256}
_SUGGESTION: Mapping[str, Check] = {"question": _name, "id": _text(None), "outcome": _one_of(OUTCOMES)}
_RANGE: Mapping[str, Check] = {"start": _count, "end": _count, "origin": _one_of(ORIGINS)}


def _anchor(value: Json, path: str, problems: list[Problem]) -> Json:
    return check_members(value, _ANCHOR, ("start", "end"), path, problems)


_FLAG: Mapping[str, Check] = {"code": _text(None), "note": _text(MAX_NOTE), "question": _name, "anchor": _anchor}


def _check_exit(value: Json, schema: Schema, _payload: Payload, problems: list[Problem]) -> Json:
    stored = check_members(value, _EXIT, ("type", "reason"), "/@exit", problems)
    if problems:
        return stored
    exit_ = schema.exits.get(stored["type"])
    if exit_ is None:
        problems.append(problem("/@exit/type", "unknown_option"))
    elif not exit_.allowed:
        problems.append(problem("/@exit/type", "exit_not_allowed"))
    elif not exit_.has(stored["reason"]):
        problems.append(problem("/@exit/reason", "unknown_option"))
    return stored


def _check_list(
    value: Json, members: Mapping[str, Check], required: tuple[str, ...], path: str, problems: list[Problem]
) -> Json:
    if not isinstance(value, list):
        return wrong(path, messages.A_LIST, problems, value)
    return [check_members(each, members, required, f"{path}/{place}", problems) for place, each in enumerate(value)]


def _check_flags(value: Json, schema: Schema, _payload: Payload, problems: list[Problem]) -> Json:
    stored = _check_list(value, _FLAG, ("code",), "/@flags", problems)
    if problems:
        return stored
    for place, flag in enumerate(stored):
        if flag["code"] not in schema.flag_codes:
            problems.append(problem(f"/@flags/{place}/code", "unknown_option"))
        if "question" in flag and flag["question"] not in schema.question_of:
            problems.append(problem(f"/@flags/{place}/question", "unknown_question"))
    return stored


def _check_confidence(value: Json, _schema: Schema, _payload: Payload, problems: list[Problem]) -> Json:
    if not isinstance(value, int) or isinstance(value, bool):
        return wrong("/@confidence", messages.A_WHOLE_NUMBER, problems, value)
    if not 1 <= value <= 5:
        problems.append(problem("/@confidence", "out_of_range", min=1, max=5))
    return value


def _check_comment(value: Json, _schema: Schema, _payload: Payload, problems: list[Problem]) -> Json:
    return _text(MAX_COMMENT)(value, "/@comment", problems)


def _check_timing(value: Json, _schema: Schema, _payload: Payload, problems: list[Problem]) -> Json:
    return check_members(value, _TIMING, ("active_ms", "idle_ms"), "/@timing", problems)


def _check_shown(value: Json, schema: Schema, payload: Payload, problems: list[Problem]) -> Json:
    """For each field with keys, all of its keys in the order shown."""
    if not isinstance(value, dict):
        return wrong("/@shown", messages.AN_OBJECT, problems, value)
    for name, keys in value.items():
        field = schema.field_of.get(name)
        if field is None or not field.kind.KEYED:
            problems.append(problem(pointer("@shown", name), "unknown_field"))
        elif not isinstance(keys, list) or not all(map(is_key, keys)):
            wrong(pointer("@shown", name), messages.A_LIST, problems, keys)
        elif sorted(keys) != sorted(element_keys(payload.get(name))):
            problems.append(problem(pointer("@shown", name), "unknown_item"))
    return value


def _check_suggestions(value: Json, schema: Schema, _payload: Payload, problems: list[Problem]) -> Json:
    stored = _check_list(value, _SUGGESTION, ("question", "id", "outcome"), "/@suggestions", problems)
    if not problems and any(each["question"] not in schema.question_of or not each["id"] for each in stored):
        problems.append(problem("/@suggestions", "unknown_question"))
    return stored


def _check_origins(value: Json, schema: Schema, _payload: Payload, problems: list[Problem]) -> Json:
    """For each text question the ranges of its characters by where they came from."""
    if not isinstance(value, dict):
        return wrong("/@origins", messages.AN_OBJECT, problems, value)
    stored = {}
    for name, ranges in value.items():
        path = pointer("@origins", name)
        if name not in schema.question_of or schema.question_of[name].type != "text":
            problems.append(problem(path, "unknown_question"))
        stored[name] = _check_list(ranges, _RANGE, ("start", "end", "origin"), path, problems)
    return stored


def _check_events(value: Json, _schema: Schema, _payload: Payload, problems: list[Problem]) -> Json:
    return check_members(value, _EVENTS, ("count", "sha256"), "/@events", problems)


def _check_ui(value: Json, _schema: Schema, _payload: Payload, problems: list[Problem]) -> Json:
    return _text(None)(value, "/@ui", problems)


_CHECKS: Mapping[str, Checker] = {
    "exit": _check_exit,
    "flags": _check_flags,
    "confidence": _check_confidence,
    "comment": _check_comment,
    "timing": _check_timing,
    "shown": _check_shown,
    "suggestions": _check_suggestions,
    "origins": _check_origins,
    "events": _check_events,
    "ui": _check_ui,
}
