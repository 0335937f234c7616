"""Schema: a project's fields and questions, compiled once and then asked about every task and answer."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from annotation.questions.base import Field, Json, Problem, Question
from annotation.questions.compatibility import Change, compare
from annotation.questions.exits import Exit
from annotation.questions.linting import lint_parts, lint_translations
from annotation.questions.parsing import parse_document
from annotation.questions.rules import Rule
from annotation.questions.shapes import Option
from annotation.questions.storage import storage_problems

WITH_MEDIA = frozenset(
    {"image", "audio", "items", "chat", "trajectory"}
)  # field types that may hold pictures or recordings
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)


class InvalidSchemaError(ValueError):
    """The document is no schema of this language: `problems` say why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{each.path} {each.code}" for each in problems))
        self.problems = problems


@dataclass(frozen=True, eq=False)
class Schema:
    """A compiled schema. Immutable; make it once with `load` and keep it. Fields and questions in their order."""

    document: Mapping[str, Json]
    fields: tuple[Field, ...]
    questions: tuple[Question, ...]
    rules: tuple[Rule, ...]
    exits: Mapping[str, Exit]
    flags: tuple[Option, ...]

    @classmethod
    def load(cls, document: Json) -> "Schema":
        """Compile a document. Raises InvalidSchemaError if it is malformed; what `lint` alone finds does not keep it from working."""
        problems = storage_problems(document)
        if problems:
            raise InvalidSchemaError(problems)
        parts, problems = parse_document(document)
        if problems:
            raise InvalidSchemaError(problems)
        rules = tuple(rule for _path, rule in parts.rules)
        return cls(
            parts.document,
            tuple(parts.fields.values()),
            tuple(parts.questions.values()),
            rules,
            parts.exits,
            parts.flags,
        )

    @cached_property
    def field_of(self) -> Mapping[str, Field]:
        """Fields by name."""
        return {field.name: field for field in self.fields}

    @cached_property
    def question_of(self) -> Mapping[str, Question]:
        """Questions by name."""
        return {question.name: question for question in self.questions}

    @cached_property
    def has_media(self) -> bool:
        """Whether a task may hold pictures or recordings."""
        return any(field.type in WITH_MEDIA for field in self.fields)

    @cached_property
    def flag_codes(self) -> frozenset[str]:
        """Codes of all flags."""
        return frozenset(option.key for option in self.flags)

    @cached_property
    def sha256(self) -> str:
        """Of the canonical body, in hexadecimal."""
        return hashlib.sha256(canonical(self.document).encode()).hexdigest()


def canonical(document: Json) -> str:
    """JSON without blanks, members sorted by name: equal documents give equal text."""
    return _ENCODER.encode(document)


def lint(document: Json) -> list[Problem]:
    """Everything that is wrong with a schema document; paths start at the document. Warnings do not keep it from being saved."""
    problems = storage_problems(document)
    if problems:
        return problems
    parts, problems = parse_document(document)
    problems += lint_parts(parts)
    return problems or lint_translations(document)


def compatible(old: Json, new: Json) -> Change:
    """`same` if answers to `old` may be pooled with those to `new`, else `major`. Both are documents that passed `lint`."""
    return compare(parse_document(old)[0], parse_document(new)[0])
