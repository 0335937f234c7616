"""Checks of tasks and answers against a compiled schema. Plain checks, no models: they run for every row.

The order of an answer: parse, then question by question hide, normalise, required, validate; then the rules. Conditions see the normalised
values of earlier questions, and nothing of one that is hidden, unanswered or invalid.
"""

from collections.abc import Iterator
from typing import Any

from annotation.questions import envelope, messages
from annotation.questions.base import (
    Context,
    Json,
    Payload,
    Per,
    Problem,
    Question,
    Seen,
    element_key,
    elements_of,
    pointer,
    problem,
)
from annotation.questions.conditions import is_where
from annotation.questions.rules import Given, rule_problem
from annotation.questions.schema import Schema
from annotation.questions.storage import storable, storage_problems

MOST = 100  # problems reported of one answer or task
Checked = tuple[dict[str, Json], list[Problem]]


def check_payload(schema: Schema, payload: Json) -> Checked:
    """The task as it is stored, and its problems; paths start at the payload. A blocking problem: nothing may be stored."""
    if type(payload) is not dict:
        return {}, [problem("", "type", wanted=messages.AN_OBJECT)]
    if not storable(payload):
        return payload, storage_problems(payload)
    problems: list[Problem] = []
    stored: dict[str, Json] = {}
    for field in schema.fields:
        value = payload.get(field.name)
        if value is None:
            if field.required:
                problems.append(problem(f"/{field.name}", "required"))
        else:
            stored[field.name] = field.kind.check(value, field.config, f"/{field.name}", problems)
    if len(stored) < len(payload):
        unknown = (name for name in payload if name not in schema.field_of)
        problems.extend(problem(pointer(name), "unknown_field") for name in unknown)
    if not any(each.blocking for each in problems):
        problems.extend(_unfit(schema, stored))
    return stored, problems[:MOST]


def _unfit(schema: Schema, payload: Payload) -> Iterator[Problem]:
    """What keeps a question from being asked about this task."""
    for question in schema.questions:
        yield from question.kind.suits(question.config, Context(question, schema.field_of, payload, {}))


def media_of(schema: Schema, payload: Payload) -> Iterator[tuple[str, dict[str, Any]]]:
    """(JSON Pointer, `{src, …}`) of every picture and recording of a checked task. Intake fills in sizes and lengths in place."""
    for field in schema.fields:
        if field.name in payload:
            for path, medium in field.kind.media(payload[field.name], field.config):
                yield f"/{field.name}{path}", medium


def items_of(schema: Schema, question: Question, payload: Payload) -> list[str]:
    """Keys of the items that a question with `per` is asked about, in payload order."""
    return selected(question.per, payload) if question.per and question.per.field in schema.field_of else []


def selected(per: Per, payload: Payload) -> list[str]:
    """Elements whose members have one of the values of `where`; of these the first, or the last, or both."""
    value = payload.get(per.field)
    keys = [element_key(each, place) for place, each in enumerate(elements_of(value)) if is_where(each, per.where)]
    if per.first is None and per.last is None:
        return keys
    first, last = per.first or 0, len(keys) - (per.last or 0)
    return [key for place, key in enumerate(keys) if place < first or place >= last]


def check_answer(schema: Schema, payload: Payload, answer: Json) -> Checked:
    """The answer as it is stored, and its problems. `payload` has passed `check_payload`; `answer` is the envelope as it came.

    Exactly one of `value` and `exit`; `partial` may ride with an exit. Telemetry that is malformed is left out with a warning.
    """
    if type(answer) is not dict:
        return {}, [problem("", "type", wanted=messages.AN_OBJECT)]
    if not storable(answer):
        return answer, list(_unstorable(answer))[:MOST]
    stored, problems = _beside(schema, payload, answer)
    problems.extend(_outline_problems(stored, answer.get("value")))
    if answer.get("value") is not None:
        stored["value"], found = _Answer(schema, payload).check(answer["value"])
        problems.extend(found)
    return stored, problems[:MOST]


def _unstorable(answer: dict[str, Json]) -> Iterator[Problem]:
    """What cannot be stored, at its place."""
    for name, part in answer.items():
        at = "" if name == "value" else pointer(f"@{name}") if storable(name) else "/@"
        yield from storage_problems(name, at)
        yield from storage_problems(part, at)


def _beside(schema: Schema, payload: Payload, answer: dict[str, Json]) -> Checked:
    """The parts beside the value."""
    stored: dict[str, Json] = {}
    problems: list[Problem] = []
    for name, part in answer.items():
        if part is None or name == "value":
            continue
        if name in ("schema_version", "partial"):
            stored[name] = part
        elif not envelope.is_part(name):
            problems.append(problem(pointer(f"@{name}"), "unknown_member"))
        else:
            kept, found = envelope.check_part(name, part, schema, payload)
            problems.extend(found)
            if kept is not None:
                stored[name] = kept
    return stored, problems


def _outline_problems(stored: dict[str, Json], value: Json) -> Iterator[Problem]:
    version = stored.get("schema_version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 0:
        yield problem("/@schema_version", "type", wanted=messages.A_WHOLE_NUMBER)
    if value is None and "exit" not in stored:
        yield problem("", "required")
    if value is not None and "exit" in stored:
        yield problem("/@exit", "contradiction")
    if "partial" in stored and "exit" not in stored:
        yield problem("/@partial", "contradiction")
    if not isinstance(stored.get("partial", {}), dict):
        yield problem("/@partial", "type", wanted=messages.AN_OBJECT)


def check_expected(schema: Schema, payload: Payload, value: Json) -> Checked:
    """A gold value: the shape of an answer's value, for any subset of questions and items. Nothing is hidden, no rule is asked."""
    if not storable(value):
        return {}, storage_problems(value)
    return _Answer(schema, payload, partly=True).check(value)


class _Sight:
    """What conditions see while an answer is checked. `item`, `field`: where a question with `per` stands."""

    __slots__ = ("item", "items", "payload", "per_field", "seen")

    def __init__(self, payload: Payload) -> None:
        self.payload = payload
        self.seen: dict[str, Seen] = {}
        self.items: dict[str, tuple[str, dict[str, Seen]]] = {}  # question -> (field, item -> seen)
        self.per_field = ""
        self.item: str | None = None

    def question(self, name: str) -> Seen | None:
        """Item by item under the same `per`; from outside, whether any item is answered."""
        if name not in self.items:
            return self.seen.get(name)
        field, by_item = self.items[name]
        if self.item is not None and field == self.per_field:
            return by_item.get(self.item)
        return Seen() if by_item else None

    def field(self, name: str) -> Json:
        """The value in the payload."""
        return self.payload.get(name)


class _Answer:
    """One pass over the questions of one answer. `partly`: a gold value, which may leave out anything."""

    __slots__ = ("partly", "payload", "problems", "schema", "sight", "values")

    def __init__(self, schema: Schema, payload: Payload, *, partly: bool = False) -> None:
        self.schema, self.payload, self.partly = schema, payload, partly
        self.values: dict[str, Json] = {}
        self.problems: list[Problem] = []
        self.sight = _Sight(payload)

    def check(self, value: Json) -> Checked:
        """The normalised value in the order of the questions, and its problems."""
        if type(value) is not dict:
            return {}, [problem("", "type", wanted=messages.AN_OBJECT)]
        known = self.schema.question_of
        self.problems.extend(problem(pointer(name), "unknown_question") for name in value if name not in known)
        for question in self.schema.questions:
            if question.per:
                self._check_items(question, question.per, value.get(question.name))
            else:
                self._check_one(question, value.get(question.name))
        if self.schema.rules and not self.partly and not any(each.blocking for each in self.problems):
            given = Given(self.sight, self.values, self.payload)
            self.problems.extend(filter(None, (rule_problem(rule, given) for rule in self.schema.rules)))
        return self.values, self.problems

    def _hidden(self, question: Question) -> bool:
        return question.show_if is not None and not self.partly and not question.show_if.holds(self.sight)

    def _check_one(self, question: Question, value: Json) -> None:
        if self._hidden(question):
            return
        context = Context(question, self.schema.field_of, self.payload, self.values)
        kept, found = checked(question, value, context)
        if kept is None:
            if question.required and not self.partly:
                self.problems.append(problem(f"/{question.name}", "required"))
            return
        self.values[question.name] = kept
        if found:
            self.problems.extend(each.under(question.name) for each in found)
        if not any(each.blocking for each in found):
            self.sight.seen[question.name] = question.kind.seen(kept, question.config)

    def _check_items(self, question: Question, per: Per, value: Json) -> None:
        """One value for each selected item that is not hidden."""
        keys = selected(per, self.payload)
        seen: dict[str, Seen] = {}
        self.sight.items[question.name] = (per.field, seen)
        if value is not None and not isinstance(value, dict):
            self.problems.append(problem(f"/{question.name}", "type", wanted=messages.AN_OBJECT))
            return
        given = value or {}
        known = set(keys)
        unknown = (key for key in given if key not in known)
        self.problems.extend(problem(pointer(question.name, key), "unknown_item") for key in unknown)
        self.sight.per_field = per.field
        kept = {
            key: each for key in keys if (each := self._check_item(question, key, given.get(key), seen)) is not None
        }
        self.sight.per_field, self.sight.item = "", None
        if kept:
            self.values[question.name] = kept

    def _check_item(self, question: Question, key: str, value: Json, seen: dict[str, Seen]) -> Json:
        self.sight.item = key
        if self._hidden(question):
            return None
        context = Context(question, self.schema.field_of, self.payload, self.values, key)
        kept, found = checked(question, value, context)
        if kept is None and question.required and not self.partly:
            self.problems.append(problem(pointer(question.name, key), "missing_item", item=key))
        if kept is None:
            return None
        self.problems.extend(each.under(question.name, key) for each in found)
        if not any(each.blocking for each in found):
            seen[key] = question.kind.seen(kept, question.config)
        return kept


def checked(question: Question, value: Json, context: Context) -> tuple[Json, list[Problem]]:
    """The normalised value of one question, None if it is no answer, and its problems, relative to it."""
    if value is None:
        return None, []
    kept = question.kind.normalise(value, question.config, context)
    if not question.kind.answered(kept, question.config):
        return None, []
    return kept, question.kind.validate(kept, question.config, context)
