"""From a document to compiled parts: structure only. Whether names exist and settings make sense is `linting`'s."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import Field as Limits

from annotation.questions import messages
from annotation.questions.base import Condition, Field, Json, Per, Problem, Question, problem
from annotation.questions.conditions import compile_condition
from annotation.questions.exits import FLAGS, Exit, ExitsSettings, exits_of, flags_of
from annotation.questions.registry import FIELD_TYPES, QUESTION_TYPES
from annotation.questions.rules import Rule, compile_rule
from annotation.questions.shapes import Key, Model, Name, Option, Words, is_name, parse

LANGUAGE = "manyhands/1"
Place = Literal["main", "side", "top", "bottom"]
Scalars = Annotated[list[str | float | bool], Limits(min_length=1)]
MEMBERS = ("language", "fields", "questions", "rules", "exits", "flags")


class FieldSettings(Model):
    """A field, but for its `config`."""

    name: Name
    type: str
    title: Words = ""
    help: Words = ""
    required: bool = True
    place: Place | None = None
    sensitive: bool = False
    config: dict[str, Any] = {}


class PerSettings(Model):
    """`per` in its long form."""

    field: Name
    where: dict[str, Scalars] = {}
    first: Annotated[int, Limits(ge=1)] | None = None
    last: Annotated[int, Limits(ge=1)] | None = None


class QuestionSettings(Model):
    """A question, but for its `config`, `on`, `per` and `show_if`."""

    name: Name
    type: str
    title: Words
    help: Words = ""
    required: bool = True
    on: Any = None
    per: Any = None
    show_if: Any = None
    weight: Annotated[float, Limits(ge=0)] = 1
    place: Place | None = None
    group: Key | None = None
    suggest: Literal["hidden", "after_first", "prefilled"] = "hidden"
    config: dict[str, Any] = {}


class FlagsSettings(Model):
    """The schema's own flags."""

    flags: list[Option]


@dataclass(slots=True)
class Parts:
    """What was found in a document. `at`: JSON Pointer of each field and question by name, of those too that are malformed."""

    document: Mapping[str, Json]
    fields: dict[str, Field] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)
    rules: list[tuple[str, Rule]] = field(default_factory=list)
    exits: Mapping[str, Exit] = field(default_factory=dict)
    flags: tuple[Option, ...] = FLAGS
    at: dict[str, str] = field(default_factory=dict)


def parse_document(document: Json) -> tuple[Parts, list[Problem]]:
    """All parts that can be understood, and what is wrong with the rest."""
    if not isinstance(document, dict):
        return Parts({}), [problem("", "type", wanted=messages.AN_OBJECT)]
    problems = [problem(f"/{name}", "unknown_member") for name in document if name not in MEMBERS]
    if document.get("language") != LANGUAGE:
        problems.append(problem("/language", "unsupported_type", type=str(document.get("language"))))
    parts = Parts(document)
    for place, each in enumerate(_list(document, "fields", problems)):
        _add_field(parts, each, f"/fields/{place}", problems)
    for place, each in enumerate(_list(document, "questions", problems)):
        _add_question(parts, each, f"/questions/{place}", problems)
    for place, each in enumerate(_list(document, "rules", problems) if "rules" in document else ()):
        rule = compile_rule(each, parts.questions, problems, f"/rules/{place}")
        if rule:
            parts.rules.append((f"/rules/{place}", rule))
    exits = parse(ExitsSettings, document.get("exits", {}), problems, "exits")
    flags = parse(FlagsSettings, {"flags": document.get("flags", [])}, problems)
    parts.exits, parts.flags = exits_of(exits or ExitsSettings()), flags_of(flags.flags if flags else [])
    return parts, problems


def _list(document: Mapping[str, Json], name: str, problems: list[Problem]) -> list[Json]:
    value = document.get(name)
    if not isinstance(value, list):
        problems.append(problem(f"/{name}", "required" if value is None else "type", wanted=messages.A_LIST))
        return []
    if not value and name != "rules":
        problems.append(problem(f"/{name}", "too_few", min=1))
    return value


def _named(parts: Parts, name: str, path: str, problems: list[Problem]) -> bool:
    """Fields and questions share one namespace."""
    if name in parts.at:
        problems.append(problem(f"{path}/name", "duplicate_name", name=name))
        return False
    parts.at[name] = path
    return True


def _add_field(parts: Parts, document: Json, path: str, problems: list[Problem]) -> None:
    settings = parse(FieldSettings, document, problems, *path.split("/")[1:])
    if settings is None:
        return
    kind = FIELD_TYPES.get(settings.type)
    if not _named(parts, settings.name, path, problems):
        return
    if kind is None:
        problems.append(problem(f"{path}/type", "unsupported_type", type=settings.type))
    elif settings.type == "items" and "config" not in document:
        problems.append(problem(f"{path}/config", "required"))
    else:
        config = parse(kind.Config, settings.config, problems, *path.split("/")[1:], "config")
        if config is not None:
            parts.fields[settings.name] = Field(settings.name, settings.type, settings.required, config, kind, document)


def _add_question(parts: Parts, document: Json, path: str, problems: list[Problem]) -> None:
    settings = parse(QuestionSettings, document, problems, *path.split("/")[1:])
    if settings is None:
        return
    kind = QUESTION_TYPES.get(settings.type)
    named = _named(parts, settings.name, path, problems)
    if kind is None:
        problems.append(problem(f"{path}/type", "unsupported_type", type=settings.type))
        return
    config = parse(kind.Config, settings.config, problems, *path.split("/")[1:], "config")
    on = _on(settings.on, f"{path}/on", problems, needed=kind.FIELDS is not None)
    per = _per(settings.per, f"{path}/per", problems)
    show_if = _show_if(settings.show_if, f"{path}/show_if", problems)
    if not named or config is None or on is None:
        return
    parts.questions[settings.name] = Question(
        name=settings.name,
        type=settings.type,
        required=settings.required,
        on=on,
        per=per,
        show_if=show_if,
        weight=settings.weight,
        config=config,
        kind=kind,
        document=document,
    )


def _show_if(value: Json, path: str, problems: list[Problem]) -> Condition | None:
    return None if value is None else compile_condition(value, problems, path)


def _on(value: Json, path: str, problems: list[Problem], *, needed: bool) -> tuple[str, ...] | None:
    if value is None:
        if needed:
            problems.append(problem(path, "required"))
        return None if needed else ()
    if isinstance(value, str) and is_name(value.removeprefix("@")):
        return (value,)
    several = isinstance(value, list) and all(map(is_name, value))
    if several and len(value) > 1 and len(set(value)) == len(value):
        return tuple(value)
    problems.append(problem(path, "type", wanted=messages.A_NAME))
    return None


def _per(value: Json, path: str, problems: list[Problem]) -> Per | None:
    if value is None or is_name(value):
        return Per(value, {}, None, None) if value else None
    settings = parse(PerSettings, value, problems, *path.split("/")[1:])
    if settings is None:
        return None
    where = {name: tuple(values) for name, values in settings.where.items()}
    return Per(settings.field, where, settings.first, settings.last)
