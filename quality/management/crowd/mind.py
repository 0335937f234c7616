"""What a simulated person answers: what is true with the accuracy they have, else something that people get wrong."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from annotation.questions.answers import check_answer, items_of
from annotation.questions.base import Context, Json, Payload, Question
from annotation.questions.schema import Schema, canonical
from quality.management.crowd import slips
from quality.management.crowd.drawing import DRAWS

TRIES = 30
# How long one question takes, against an average one.
EFFORT = {
    "rating": 0.6,
    "choice": 0.6,
    "choices": 0.8,
    "number": 0.8,
    "preference": 2.0,
    "spans": 1.4,
    "ranking": 3.5,
    "regions": 6.0,
    "segments": 6.0,
    "verdicts": 4.0,
    "records": 8.0,
    "tool_calls": 3.0,
}


def digest(payload: Payload) -> str:
    """The same for the same task, whatever address its pictures have at the moment."""
    return hashlib.sha256(canonical(_without_addresses(payload)).encode()).hexdigest()


def _without_addresses(value: Json) -> Json:
    """Pictures are known by their content: where there is `sha256`, everything else of the picture is left out."""
    if isinstance(value, dict):
        if "src" in value and "sha256" in value:
            return {"sha256": value["sha256"]}
        return {name: _without_addresses(each) for name, each in value.items()}
    return [_without_addresses(each) for each in value] if isinstance(value, list) else value


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a task: the true value of some or all questions, and what real people answered."""

    expected: Mapping[str, Json] = field(default_factory=dict)
    answers: tuple[Mapping[str, Json], ...] = ()


def effort(schema: Schema) -> float:
    """How long a task of this schema takes, against one average question."""
    return sum(EFFORT.get(question.type, 1.0) for question in schema.questions)


def truth(schema: Schema, payload: Payload, known: Known) -> dict[str, Json]:
    """The true value: what is known, and for the rest one drawn from the task's content, the same for everybody who asks."""
    return _valid(schema, payload, known.expected, Random(digest(payload))) or dict(known.expected)


def answer(schema: Schema, payload: Payload, known: Known, accuracy: float, random: Random) -> dict[str, Json] | None:
    """A valid value, or None if none was found (then the person skips the task).

    Where people of the data set answered this task, one of their answers is given as often as a right one would be otherwise.
    """
    right = truth(schema, payload, known)
    if known.answers and random.random() < accuracy:
        right = {**right, **random.choice(known.answers)}
    for _ in range(TRIES):
        wanted = {
            question.name: _given(question, right.get(question.name), accuracy, random) for question in schema.questions
        }
        found = _valid(schema, payload, {name: each for name, each in wanted.items() if each is not None}, random)
        if found is not None:
            return found
    return _valid(schema, payload, right, random)


def _given(question: Question, right: Json, accuracy: float, random: Random) -> Json:
    """The right value of a question as somebody else would give it, or what comes of a mistake; None: it must be drawn anew."""
    if right is None:
        return None
    if random.random() >= accuracy:
        return slips.mistaken(question.type, right, random)
    return slips.in_own_hand(question.type, right, random)


def _valid(schema: Schema, payload: Payload, wanted: Mapping[str, Json], random: Random) -> dict[str, Json] | None:
    """A value that passes the check: `wanted`, with what it does not say drawn; None if no try succeeds."""
    for _ in range(TRIES):
        value: dict[str, Json] = {}
        for question in schema.questions:
            given = wanted.get(question.name)
            value[question.name] = _drawn(schema, question, payload, value, random) if given is None else given
        stored, problems = check_answer(schema, payload, {"schema_version": 1, "value": _present(value)})
        if not any(problem.blocking for problem in problems):
            found: dict[str, Json] = stored["value"]
            return found
    return None


def _present(value: Mapping[str, Json]) -> dict[str, Json]:
    return {name: each for name, each in value.items() if each is not None}


def _drawn(schema: Schema, question: Question, payload: Payload, before: Mapping[str, Json], random: Random) -> Json:
    """A value of one question, of each item where it asks per item; None for a type that nobody can draw."""
    draw = DRAWS.get(question.type)
    if draw is None:
        return None
    if question.per is None:
        return draw(Context(question, schema.field_of, payload, before), random)
    items = items_of(schema, question, payload)
    return {key: draw(Context(question, schema.field_of, payload, before, key), random) for key in items}
