"""What all parts share: problems, the compiled question and field, and the protocol that a type's module fulfils."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from annotation.questions.messages import MESSAGES

WARNING = "warning:"
Json = Any
Payload = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Problem:
    """`path`: JSON Pointer; `code`: stable; `message`: English. To translate: `MESSAGES` entry of the code, filled with `params`.

    In an answer the path starts at its `value`; the other parts of the envelope are written `/@exit/reason` (no question's name has `@`).
    In a task it starts at the payload, in a schema at the document. `params["words"]`: the schema's own words, per language, if it has any.
    """

    path: str
    code: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def blocking(self) -> bool:
        """False for a warning, which never stops anybody."""
        return not self.code.startswith(WARNING)

    @property
    def in_answer(self) -> str:
        """JSON Pointer into the whole answer envelope."""
        return f"/{self.path[2:]}" if self.path.startswith("/@") else f"/value{self.path}"

    def under(self, *parts: str | int) -> "Problem":
        """The same problem, seen from further out."""
        return Problem(pointer(*parts) + self.path, self.code, self.message, self.params)


def pointer(*parts: str | int) -> str:
    """JSON Pointer (RFC 6901) of the parts."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)


def message_of(code: str) -> str:
    """The catalogue's words for a code: without `warning:`, and with the first parts of a code that has no words of its own."""
    plain = code.removeprefix(WARNING)
    while plain not in MESSAGES:
        plain, colon, _last = plain.rpartition(":")
        if not colon:
            raise KeyError(code)
    return MESSAGES[plain]


def problem(path: str, code: str, **params: Any) -> Problem:
    """A problem with the catalogue's message."""
    return Problem(path, code, message_of(code) % params, params)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a condition sees of an answered question: a scalar, or keys, or a count, as section 2 of the language says for its type."""

    scalar: Json = None
    keys: frozenset[str] | None = None
    count: int | None = None


class Sight(Protocol):
    """What a condition may look at."""

    def question(self, name: str) -> Seen | None:
        """What is seen of an earlier question; None if unanswered or hidden."""

    def field(self, name: str) -> Json:
        """The value of a field; None if the task leaves it out."""


class Condition(Protocol):
    """A compiled `show_if`, or a side of an `implies` rule."""

    def holds(self, sight: Sight) -> bool:
        """Whether it is true."""

    def leaves(self) -> Iterable[tuple[str, str, Mapping[str, Json]]]:
        """(`question` or `field`, name, tests) of everything it looks at."""


class FieldType(Protocol):
    """A module of `annotation.questions.fields`."""

    NAME: str
    KEYED: bool  # its value has elements with keys
    MARKABLE: bool  # it has text that spans can mark
    Config: Any  # pydantic model of `config`

    def check(self, value: Json, config: Any, path: str, problems: list[Problem]) -> Json:
        """The value as it is stored. Adds what is wrong, and `warning:text_normalised` where a text was changed."""

    def text(self, value: Json, item: str | None) -> str | None:
        """The source text of the field, or of its element; None if there is no such element."""

    def media(self, value: Json, config: Any) -> Iterable[tuple[str, dict[str, Json]]]:
        """(JSON Pointer inside the value, object with its `src`) of every picture or recording."""


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """A compiled field of a schema: what is shown."""

    name: str
    type: str
    required: bool
    config: Any
    kind: FieldType
    document: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Per:
    """Ask once for each element of `field` whose members are among those of `where`; then only the first or the last few of them."""

    field: str
    where: Mapping[str, tuple[Json, ...]]
    first: int | None
    last: int | None


class QuestionType(Protocol):
    """A module of a question type. `validate` and `normalise` take any JSON and never raise; paths are relative to the value.

    `normalise` returns malformed input unchanged and is idempotent. `validate` is given a normalised value.
    """

    NAME: str
    FIELDS: frozenset[str] | None  # field types that `on` may name; None: any, or no `on` at all
    TEXT: bool  # `on` may be the contributor's own text, `@question`
    MANY: bool  # `on` may name several fields
    Config: Any  # pydantic model of `config`
    Value: Any  # the shape of a value, for the documentation of the API

    def normalise(self, value: Json, config: Any, context: "Context") -> Json:
        """The canonical form of the value."""

    def validate(self, value: Json, config: Any, context: "Context") -> list[Problem]:
        """What is wrong with a normalised value."""

    def answered(self, value: Json, config: Any) -> bool:
        """Whether a normalised value other than null is an answer at all."""

    def seen(self, value: Json, config: Any) -> Seen:
        """What conditions see of a valid value."""

    def lint(self, config: Any, around: "Around") -> list[Problem]:
        """What is wrong with the settings in themselves; paths are relative to `config`."""

    def suits(self, config: Any, context: "Context") -> list[Problem]:
        """What is wrong with a task for this question; paths start at the payload. Called at intake."""

    def widened(self, old: Any, new: Any) -> bool:
        """Whether every answer to the old settings is one to the new settings, with the same meaning."""


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A compiled question of a schema: what is asked. `document`: as written, with the words shown to people."""

    name: str
    type: str
    required: bool
    on: tuple[str, ...]
    per: Per | None
    show_if: Condition | None
    weight: float
    config: Any
    kind: QuestionType
    document: Mapping[str, Json]


@dataclass(
    slots=True, eq=False
)  # not frozen: that would take five times as long, for every question of every task and answer
class Context:
    """What one question is asked about: the schema's fields, the task, the normalised answers before it, and the item under `per`."""

    question: Question
    fields: Mapping[str, Field]
    payload: Payload
    values: Mapping[str, Json]
    item: str | None = None

    def elements(self, name: str) -> list[Json]:
        """The elements of a field with keys; none if the task leaves it out."""
        return elements_of(self.payload.get(name))


@dataclass(frozen=True, slots=True, eq=False)
class Around:
    """What the lint of a question's settings may look at: the fields, and the questions before it by name."""

    fields: Mapping[str, Field]
    earlier: Mapping[str, Question]
    name: str


def elements_of(value: Json) -> list[Json]:
    """The elements of the value of a field with keys: a list, or the steps of a trajectory; none of anything else."""
    found = value.get("steps") if isinstance(value, dict) else value
    return found if isinstance(found, list) else []


def element_key(element: Json, index: int) -> str:
    """The key of an element of a list: its `id`, else its index as decimal text."""
    if isinstance(element, dict):
        key = element.get("id")
        if isinstance(key, str):
            return key
    return str(index)


def element_keys(value: Json) -> list[str]:
    """Keys of the elements in their order."""
    return [element_key(each, index) for index, each in enumerate(elements_of(value))]
