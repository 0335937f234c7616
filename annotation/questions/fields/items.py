"""items: a list of strings or objects, whose `content` is shaped by `item_type`, or by `type` on one item. Key = `id`, else the index."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from annotation.questions import messages
from annotation.questions.base import Json, Problem, element_key, problem
from annotation.questions.fields import chat, parts
from annotation.questions.fields.text import Direction
from annotation.questions.shapes import Model, SettingError, not_a

NAME = "items"
KEYED = True
MARKABLE = True
LATER = ("audio", "video")
_RULE = re.compile(r"[a-z_]+:[a-z_]+")


def _check_any(value: Json, _path: str, _problems: list[Problem]) -> Json:
    return value


def _check_chat(value: Json, path: str, problems: list[Problem]) -> Json:
    return chat.check_chat(value, path, problems)


# what `content` is; tools and constraints have members of their own, and words for people as content
CONTENTS: Mapping[str, parts.Check] = {
    "text": parts.check_text,
    "markdown": parts.check_text,
    "code": parts.check_text,
    "json": _check_any,
    "chat": _check_chat,
    "image": parts.check_image,
    "tool": parts.check_text,
    "constraint": parts.check_text,
}
NEEDED = {"tool": ("name",), "constraint": ("rule",)}


def _item_type(value: Any) -> Any:
    if value in LATER:
        raise SettingError("unsupported_type", type=value)
    if value not in CONTENTS:
        raise not_a(messages.A_CHOICE)
    return value


class Config(Model):
    """Settings of an items field. `min`, `max` number of items; `hide` members that contributors do not see."""

    item_type: Annotated[str, AfterValidator(_item_type)] = "text"
    min: Annotated[int, Field(ge=1)] | None = None
    max: Annotated[int, Field(ge=1)] | None = None
    layout: Literal["list", "columns", "grid", "tree"] | None = None
    shuffle: bool = False
    hide: list[Literal["model", "origin", "title", "id"]] = []
    syntax: str | None = None
    math: bool = False
    lang: str | None = None
    dir: Direction | None = None


def _check_rule(value: Json, path: str, problems: list[Problem]) -> Json:
    good = isinstance(value, str) and _RULE.fullmatch(value)
    return value if good else parts.wrong(path, messages.A_NAME, problems, value)


_ITEM: Mapping[str, parts.Check] = {
    "id": parts.check_key,
    "title": parts.check_text,
    "parent": parts.check_plain,
    "origin": parts.one_of(parts.ORIGINS),
    "model": parts.check_plain,
    "lang": parts.check_plain,
    "points": parts.check_number,
    "weight": parts.check_not_negative,
    "axis": parts.check_plain,
    "must": parts.check_boolean,
    "type": parts.one_of(frozenset(CONTENTS)),
    "name": parts.check_filled,
    "description": parts.check_text,
    "parameters": parts.check_object,
    "rule": _check_rule,
    "args": parts.check_object,
    "meta": parts.check_object,
}
_MEMBERS = {kind: {**_ITEM, "content": content} for kind, content in CONTENTS.items()}


def check(value: Json, config: Config, path: str, problems: list[Problem]) -> Json:
    """A list of `min` to `max` items."""

    def check_item(item: Json, at: str, found: list[Problem]) -> Json:
        return _check_item(item, config.item_type, at, found)

    stored = parts.check_elements(value, check_item, path, problems)
    if isinstance(value, list) and value:
        if config.min is not None and len(value) < config.min:
            problems.append(problem(path, "too_few", min=config.min))
        if config.max is not None and len(value) > config.max:
            problems.append(problem(path, "too_many", max=config.max))
    return stored


def _check_item(item: Json, item_type: str, path: str, problems: list[Problem]) -> Json:
    if isinstance(item, str):
        if item_type in NEEDED or item_type == "chat":
            return parts.wrong(path, messages.AN_OBJECT, problems, item)
        content = CONTENTS[item_type](item, path, problems)
        return {"content": content} if item_type == "image" else content
    kind = item.get("type") if isinstance(item, dict) else None
    if isinstance(kind, str) and kind in LATER:
        problems.append(problem(f"{path}/type", "unsupported_type", type=kind))
        return item
    kind = kind if isinstance(kind, str) and kind in CONTENTS else item_type
    return parts.check_members(item, _MEMBERS[kind], NEEDED.get(kind, ()), path, problems)


def text(value: Json, item: str | None) -> str | None:
    """The item, or its content, if that is text."""
    for place, each in enumerate(value if isinstance(value, list) else ()):
        if element_key(each, place) == item:
            content = each.get("content") if isinstance(each, dict) else each
            return content if isinstance(content, str) else None
    return None


def media(value: Json, config: Config) -> Iterator[tuple[str, dict[str, Any]]]:
    """Pictures among the items, and those attached to messages of conversations among them."""
    for place, each in enumerate(value if isinstance(value, list) else ()):
        if not isinstance(each, dict):
            continue
        kind, content = each.get("type", config.item_type), each.get("content")
        if kind == "image":
            yield from parts.media_in(content, f"/{place}/content")
        elif kind == "chat":
            yield from ((f"/{place}/content{path}", image) for path, image in chat.pictures(content))
