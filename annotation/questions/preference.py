"""preference: two items on a signed scale; negative = the first item of the task."""

from typing import Annotated, Literal

from pydantic import Field

from annotation.questions import messages
from annotation.questions.base import Around, Context, Json, Problem, Seen, pointer, problem
from annotation.questions.rating import is_whole, lint_anchors, whole
from annotation.questions.shapes import Model, Words

NAME = "preference"
FIELDS: frozenset[str] | None = frozenset({"items"})
TEXT = MANY = False


class Config(Model):
    """Settings of a preference. `steps` on either side: 1 three-point, 2 five-point, 3 seven-point."""

    steps: Annotated[int, Field(ge=1, le=3)]
    ties: bool = False
    both_bad: bool = False
    anchors: dict[str, Words] = {}


class Value(Model):
    """`score` -3..3."""

    score: int
    both_bad: Literal[True] | None = None


def normalise(value: Json, _config: Config, _context: Context) -> Json:
    """Null members dropped; `both_bad` forces score 0."""
    if not isinstance(value, dict):
        return value
    kept = {name: whole(each) for name, each in value.items() if each is not None}
    return {**kept, "score": 0} if kept.get("both_bad") is True and not kept.keys() - {"score", "both_bad"} else kept


def validate(value: Json, config: Config, context: Context) -> list[Problem]:
    """`out_of_range`, `tie_not_allowed`, `both_bad_not_allowed`, `contradiction`, `needs_two_items`."""
    found = _shape(value)
    if found:
        return found
    if len(context.elements(context.question.on[0])) != 2:
        return [problem("", "needs_two_items")]
    score, both_bad = value["score"], "both_bad" in value
    if both_bad and not config.both_bad:
        return [problem("/both_bad", "both_bad_not_allowed")]
    if both_bad and score:
        return [problem("", "contradiction")]
    if abs(score) > config.steps:
        return [problem("/score", "out_of_range", min=-config.steps, max=config.steps)]
    return [problem("/score", "tie_not_allowed")] if score == 0 and not both_bad and not config.ties else []


def _shape(value: Json) -> list[Problem]:
    if not isinstance(value, dict):
        return [problem("", "type", wanted=messages.AN_OBJECT)]
    found = [
        problem(pointer(name), "type", wanted=messages.NOTHING) for name in value if name not in ("score", "both_bad")
    ]
    if not is_whole(value.get("score")):
        found.append(problem("/score", "type", wanted=messages.A_WHOLE_NUMBER))
    if value.get("both_bad", True) is not True:
        found.append(problem("/both_bad", "type", wanted=messages.TRUE))
    return found


def answered(_value: Json, _config: Config) -> bool:
    """Whatever is chosen."""
    return True


def seen(value: Json, _config: Config) -> Seen:
    """The score."""
    return Seen(value["score"])


def lint(config: Config, _around: Around) -> list[Problem]:
    """Anchors on the scale."""
    return lint_anchors(config.anchors, -config.steps, config.steps)


def suits(_config: Config, context: Context) -> list[Problem]:
    """Exactly two items."""
    name = context.question.on[0]
    return [] if len(context.elements(name)) == 2 else [problem(pointer(name), "needs_two_items")]


def widened(old: Config, new: Config) -> bool:
    """The same steps, and at least the same ways out."""
    return old.steps == new.steps and new.ties >= old.ties and new.both_bad >= old.both_bad
