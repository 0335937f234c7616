"""Pydantic ground of the settings: strict, closed models; keys, names, words and options."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from annotation.questions import messages
from annotation.questions.base import Json, Problem, pointer, problem
from annotation.questions.prose import BLANKS

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
MAX_KEY = 128


class SettingError(ValueError):
    """What a validator of ours finds: the problem's code and parameters."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def not_a(wanted: str) -> SettingError:
    """The fault of a wrong shape."""
    return SettingError("type", wanted=wanted)


class Model(BaseModel):
    """Closed, frozen, strict. A member is left out, never null."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _no_nulls(cls, data: Any) -> Any:
        if isinstance(data, dict) and None in data.values():
            raise not_a(messages.SOMETHING_ELSE)
        return data


def is_key(value: Json) -> bool:
    """Whether it may be a key: 1 to 128 characters of any script, no control characters or line ends, no blank at either end."""
    return (
        isinstance(value, str)
        and 0 < len(value) <= MAX_KEY
        and value[0] not in BLANKS
        and value[-1] not in BLANKS
        and not _CONTROLS.search(value)
    )


def is_name(value: Json) -> bool:
    """Whether it may be the name of a field or question."""
    return isinstance(value, str) and _NAME.fullmatch(value) is not None


def _key(value: str) -> str:
    if not is_key(value):
        raise not_a(messages.A_KEY)
    return value


def _name(value: str) -> str:
    if not is_name(value):
        raise not_a(messages.A_NAME)
    return value


def _words(value: Any) -> Any:
    if isinstance(value, dict) and all(isinstance(each, str) for each in value.values()):
        if not value.get("en"):
            raise SettingError("title_missing")
        if all(value.values()) and all(map(_LANGUAGE.fullmatch, value)):
            return value
    elif isinstance(value, str):
        if not value:
            raise SettingError("title_missing")
        return value
    raise not_a(messages.A_STRING)


Key = Annotated[str, AfterValidator(_key)]
Name = Annotated[str, AfterValidator(_name)]
Words = Annotated[Any, BeforeValidator(_words)]  # text, or {language: text} with "en"
Slot = Annotated[int, Field(ge=1, le=20)]  # of the label palette


class Examples(Model):
    """Good and bad ones, in words."""

    good: list[Words] = []
    bad: list[Words] = []


class Option(Model):
    """Something to choose: an option, a label, a reason."""

    key: Key
    title: Words = ""
    help: Words = ""
    hotkey: Annotated[str, Field(min_length=1, max_length=24)] | None = None
    colour: Slot | None = None
    value: float | None = None
    exclusive: bool = False
    abstain: bool = False
    error: bool = False
    stop: bool = False
    examples: Examples | None = None


Options = Annotated[list[Option], Field(min_length=2)]
Labels = Annotated[list[Option], Field(min_length=1)]


def titles(words: Any) -> list[str]:
    """Every language's text."""
    if isinstance(words, dict):
        return list(words.values())
    return [words] if words else []


# What pydantic calls it, and what we call it.
_CODES = {
    "missing": "required",
    "extra_forbidden": "unknown_member",
    "too_short": "too_few",
    "too_long": "too_many",
    "string_too_short": "too_short",
    "string_too_long": "too_long",
}
_RANGES = ("greater_than", "less_than")
_WANTED = {
    "string_type": messages.A_STRING,
    "bool_type": messages.A_BOOLEAN,
    "int_type": messages.A_WHOLE_NUMBER,
    "float_type": messages.A_NUMBER,
    "list_type": messages.A_LIST,
    "dict_type": messages.AN_OBJECT,
    "model_type": messages.AN_OBJECT,
}


def parse(model: Any, data: Json, problems: list[Problem], *path: str | int) -> Any:
    """The model's instance, or None with the problems added."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        problems.extend(_problem(each, path) for each in error.errors(include_url=False))
        return None


def _problem(error: Mapping[str, Any], path: Sequence[str | int]) -> Problem:
    kind, limits = error["type"], error.get("ctx", {})
    where = pointer(*path, *error["loc"])
    if kind == "value_error":
        fault: SettingError = limits["error"]
        return problem(where, fault.code, **fault.params)
    if kind.startswith(_RANGES):
        low, high = limits.get("ge", limits.get("gt", "-∞")), limits.get("le", limits.get("lt", "∞"))
        return problem(where, "out_of_range", min=low, max=high)
    if kind in _CODES:
        return problem(where, _CODES[kind], min=limits.get("min_length"), max=limits.get("max_length"))
    return problem(where, "type", wanted=_WANTED.get(kind, messages.SOMETHING_ELSE))
