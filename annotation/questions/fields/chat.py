"""chat: messages in order; `parent` makes a tree. Key = message `id`, else its index."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from annotation.questions.base import Json, Problem, element_key, problem
from annotation.questions.fields import parts
from annotation.questions.fields.text import Direction
from annotation.questions.shapes import Model

NAME = "chat"
KEYED = True
MARKABLE = True
ROLES = frozenset({"system", "developer", "user", "assistant", "tool"})
LATER = frozenset({"audio", "video", "pdf"})  # attachments of a later version


class Config(Model):
    """Settings of a chat field."""

    lang: str | None = None
    dir: Direction | None = None
    layout: Literal["thread", "tree"] | None = None
    show_system: bool | None = None
    show_thinking: bool | None = None
    collapse_over: Annotated[int, Field(ge=1)] | None = None
    markdown: bool | None = None
    math: bool = False


def _check_attachment(value: Json, path: str, problems: list[Problem]) -> Json:
    kind = value.get("kind") if isinstance(value, dict) else None
    if isinstance(kind, str) and kind in LATER:
        problems.append(problem(f"{path}/kind", "unsupported_type", type=kind))
        return value
    media = {"image": parts.check_image, "text": parts.check_text}.get(str(kind), parts.check_plain)
    return parts.check_members(value, {**_ATTACHMENT, "media": media}, ("kind", "media"), path, problems)


def _check_attachments(value: Json, path: str, problems: list[Problem]) -> Json:
    return parts.check_list(value, _check_attachment, path, problems)


_ATTACHMENT: Mapping[str, parts.Check] = {"kind": parts.one_of(frozenset({"image", "text"})), "title": parts.check_text}
_MESSAGE: Mapping[str, parts.Check] = {
    "id": parts.check_key,
    "parent": parts.check_plain,
    "role": parts.one_of(ROLES),
    "content": parts.check_text,
    "thinking": parts.check_text,
    "name": parts.check_plain,
    "tool_calls": parts.check_calls,
    "tool_call_id": parts.check_plain,
    "attachments": _check_attachments,
    "origin": parts.one_of(parts.ORIGINS),
    "model": parts.check_plain,
    "lang": parts.check_plain,
    "rank": parts.check_count,
    "meta": parts.check_object,
}


def check_message(value: Json, path: str, problems: list[Problem]) -> Json:
    """One message; null members dropped."""
    return parts.check_members(value, _MESSAGE, ("role",), path, problems)


def check_chat(value: Json, path: str, problems: list[Problem]) -> Json:
    """A list of messages."""
    return parts.check_elements(value, check_message, path, problems)


def check(value: Json, _config: Any, path: str, problems: list[Problem]) -> Json:
    """A list of messages."""
    return check_chat(value, path, problems)


def text(value: Json, item: str | None) -> str | None:
    """The content of a message."""
    for place, message in enumerate(value if isinstance(value, list) else ()):
        if element_key(message, place) == item:
            content = message.get("content") if isinstance(message, dict) else None
            return content if isinstance(content, str) else None
    return None


def media(value: Json, _config: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Pictures attached to messages."""
    yield from pictures(value)


def pictures(value: Json) -> Iterator[tuple[str, dict[str, Any]]]:
    """Pictures attached to messages."""
    for place, message in enumerate(value if isinstance(value, list) else ()):
        attachments = message.get("attachments") if isinstance(message, dict) else None
        for number, each in enumerate(attachments if isinstance(attachments, list) else ()):
            if isinstance(each, dict) and each.get("kind") == "image":
                yield from parts.media_in(each.get("media"), f"/{place}/attachments/{number}/media")
