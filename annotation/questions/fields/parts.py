"""What the field types share: text brought into its standard form, members of objects, elements with keys, sources of media."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from annotation.questions import messages, prose
from annotation.questions.base import Json, Problem, element_key, pointer, problem
from annotation.questions.shapes import is_key

Check = Callable[[Json, str, list[Problem]], Json]  # value, path, problems found so far -> value as stored

ORIGINS = frozenset({"human", "model", "model_edited", "unknown"})
_FILE = re.compile(r"fil_[0-9a-z]{20,32}")
_WEB = re.compile(r"https?://[^\s/]+(?:/\S*)?", re.IGNORECASE)
_PATH = re.compile(r"(?![\w.+-]+:)[^\s/\\][^\\]*")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def wrong(path: str, wanted: str, problems: list[Problem], value: Json) -> Json:
    """Note a wrong shape; the value comes back as it is."""
    problems.append(problem(path, "type", wanted=wanted))
    return value


def check_text(value: Json, path: str, problems: list[Problem]) -> Json:
    """Text with LF line ends in NFC, with a warning if that changed it."""
    if not isinstance(value, str):
        return wrong(path, messages.A_STRING, problems, value)
    if value.isascii() and "\r" not in value:
        return value
    text = prose.compose(value)
    if text != value:
        problems.append(problem(path, "warning:text_normalised"))
    return text


def check_plain(value: Json, path: str, problems: list[Problem]) -> Json:
    """A string that is kept as it is."""
    return value if isinstance(value, str) else wrong(path, messages.A_STRING, problems, value)


def check_filled(value: Json, path: str, problems: list[Problem]) -> Json:
    """A string of at least one character."""
    return value if isinstance(value, str) and value else wrong(path, messages.A_STRING, problems, value)


def check_key(value: Json, path: str, problems: list[Problem]) -> Json:
    """A key."""
    return value if is_key(value) else wrong(path, messages.A_KEY, problems, value)


def check_object(value: Json, path: str, problems: list[Problem]) -> Json:
    """Any object."""
    return value if isinstance(value, dict) else wrong(path, messages.AN_OBJECT, problems, value)


def check_boolean(value: Json, path: str, problems: list[Problem]) -> Json:
    """true or false."""
    return value if isinstance(value, bool) else wrong(path, messages.A_BOOLEAN, problems, value)


def check_number(value: Json, path: str, problems: list[Problem]) -> Json:
    """Any number."""
    good = isinstance(value, int | float) and not isinstance(value, bool)
    return value if good else wrong(path, messages.A_NUMBER, problems, value)


def check_not_negative(value: Json, path: str, problems: list[Problem]) -> Json:
    """A number from 0."""
    if isinstance(value, int | float) and not isinstance(value, bool) and value < 0:
        problems.append(problem(path, "out_of_range", min=0, max="∞"))
    return check_number(value, path, problems)


def check_count(value: Json, path: str, problems: list[Problem]) -> Json:
    """A whole number from 0."""
    good = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return value if good else wrong(path, messages.A_WHOLE_NUMBER, problems, value)


def check_size(value: Json, path: str, problems: list[Problem]) -> Json:
    """A whole number from 1."""
    good = isinstance(value, int) and not isinstance(value, bool) and value >= 1
    return value if good else wrong(path, messages.A_WHOLE_NUMBER, problems, value)


def one_of(words: frozenset[str]) -> Check:
    """A check for one of the words."""

    def check(value: Json, path: str, problems: list[Problem]) -> Json:
        if isinstance(value, str) and value in words:
            return value
        problems.append(problem(path, "unknown_option"))
        return value

    return check


def check_members(
    value: Json, members: Mapping[str, Check], required: Sequence[str], path: str, problems: list[Problem]
) -> Json:
    """An object of these members and no others; null members are dropped."""
    if not isinstance(value, dict):
        return wrong(path, messages.AN_OBJECT, problems, value)
    stored = {}
    for name, each in value.items():
        if name not in members:
            problems.append(problem(path + pointer(name), "unknown_member"))
        elif each is not None:
            stored[name] = members[name](each, f"{path}/{name}", problems)
    problems.extend(problem(f"{path}/{name}", "required") for name in required if name not in stored)
    return stored


def check_list(value: Json, check: Check, path: str, problems: list[Problem]) -> Json:
    """A list of things without keys."""
    if not isinstance(value, list):
        return wrong(path, messages.A_LIST, problems, value)
    return [check(each, f"{path}/{place}", problems) for place, each in enumerate(value)]


_CALL: Mapping[str, Check] = {"id": check_filled, "name": check_filled, "arguments": check_object}


def check_call(value: Json, path: str, problems: list[Problem]) -> Json:
    """A call of a tool."""
    return check_members(value, _CALL, ("name", "arguments"), path, problems)


def check_calls(value: Json, path: str, problems: list[Problem]) -> Json:
    """Calls of tools."""
    return check_list(value, check_call, path, problems)


def check_elements(value: Json, check: Check, path: str, problems: list[Problem]) -> Json:
    """A list of elements with keys: none twice, parents present, no circles."""
    if not isinstance(value, list):
        return wrong(path, messages.A_LIST, problems, value)
    if not value:
        problems.append(problem(path, "too_few", min=1))
    stored = [check(each, f"{path}/{place}", problems) for place, each in enumerate(value)]
    _check_keys(stored, path, problems)
    return stored


def _check_keys(elements: list[Json], path: str, problems: list[Problem]) -> None:
    parents: dict[str, Json] = {}
    for place, each in enumerate(elements):
        key = element_key(each, place)
        if key in parents:
            problems.append(problem(f"{path}/{place}/id", "duplicate_key", key=key))
        parents[key] = each.get("parent") if isinstance(each, dict) else None
    if not any(isinstance(parent, str) for parent in parents.values()):
        return
    rooted: set[str] = set()
    for place, each in enumerate(elements):
        if not _has_root(element_key(each, place), parents, rooted):
            problems.append(problem(f"{path}/{place}/parent", "bad_parent"))


def _has_root(key: str, parents: Mapping[str, Json], rooted: set[str]) -> bool:
    """Whether going from parent to parent ends at an element without one. `rooted`: those known to."""
    way: list[str] = []
    on_way: set[str] = set()
    at: Json = key
    while isinstance(at, str) and at not in rooted:
        if at not in parents or at in on_way:
            return False
        way.append(at)
        on_way.add(at)
        at = parents[at]
    rooted.update(way)
    return True


def check_source(value: Json, path: str, problems: list[Problem]) -> Json:
    """A web address, a file id, or a path inside the upload."""
    if not isinstance(value, str):
        return wrong(path, messages.A_SOURCE, problems, value)
    if not (_FILE.fullmatch(value) or _WEB.fullmatch(value) or _is_path(value)):
        problems.append(problem(path, "bad_source"))
    return value


def _is_path(value: str) -> bool:
    return _PATH.fullmatch(value) is not None and ".." not in value.split("/") and value == prose.trim(value)


def check_sha256(value: Json, path: str, problems: list[Problem]) -> Json:
    """64 hexadecimal digits."""
    good = isinstance(value, str) and _SHA256.fullmatch(value)
    return value if good else wrong(path, messages.A_STRING, problems, value)


_IMAGE: Mapping[str, Check] = {
    "src": check_source,
    "sha256": check_sha256,
    "alt": check_text,
    "width": check_size,
    "height": check_size,
}


def check_image(value: Json, path: str, problems: list[Problem]) -> Json:
    """A picture: its source alone, or an object with its source; stored as an object."""
    if isinstance(value, str):
        return {"src": check_source(value, path, problems)}
    return check_members(value, _IMAGE, ("src",), path, problems)


def media_in(value: Json, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The picture or recording, if it is one."""
    if isinstance(value, dict) and isinstance(value.get("src"), str):
        yield path, value
