"""choices: any of several."""

from typing import Annotated, Any, Literal

from pydantic import Field

from annotation.questions import messages, options
from annotation.questions.base import Around, Context, Json, Problem, Seen, problem

NAME = "choices"
FIELDS: frozenset[str] | None = None
TEXT = MANY = False
Value: Any = list[str | options.Other]


class Config(options.OptionSettings):
    """Settings of a multiple choice. An explicit `min` of 0 makes the empty list an answer."""

    layout: Literal["buttons", "list", "grid", "select"] | None = None
    min: Annotated[int, Field(ge=0)] | None = None
    max: Annotated[int, Field(ge=1)] | None = None


def normalise(value: Json, config: Config, context: Context) -> Json:
    """Option order of the schema, unknown ones behind, own words last."""
    if not isinstance(value, list) or not all(_well_shaped(each) for each in value):
        return value
    index = options.index_of(config, context.payload)
    chosen = [options.normalise_choice(each, config, context) for each in value]
    last = len(index)
    return sorted(chosen, key=lambda each: index.get(each, last) if isinstance(each, str) else last + 1)


def _well_shaped(value: Json) -> bool:
    if isinstance(value, str):
        return True
    return isinstance(value, dict) and value.keys() == {"other"} and isinstance(value["other"], str)


def validate(value: Json, config: Config, context: Context) -> list[Problem]:
    """`unknown_option`, `other_not_allowed`, `duplicate`, `too_few`, `too_many`, `exclusive`."""
    if not isinstance(value, list):
        return [problem("", "type", wanted=messages.A_LIST)]
    index = options.index_of(config, context.payload)
    found: list[Problem] = []
    before = set()
    for place, each in enumerate(value):
        faults = options.choice_problems(each, config, index)
        found.extend(one.under(place) for one in faults)
        if faults:
            continue
        chosen = (each, "") if isinstance(each, str) else ("", each["other"])
        if chosen in before:
            found.append(problem(f"/{place}", "duplicate"))
        before.add(chosen)
    return found or _together(value, config)


def _together(value: list[Json], config: Config) -> list[Problem]:
    found = []
    if config.min is not None and len(value) < config.min:
        found.append(problem("", "too_few", min=config.min))
    if config.max is not None and len(value) > config.max:
        found.append(problem("", "too_many", max=config.max))
    alone = [each for each in value if isinstance(each, str) and each in config.exclusive]
    if alone and len(value) > 1:
        found.append(problem("", "exclusive", key=alone[0]))
    return found


def answered(value: Json, config: Config) -> bool:
    """An empty list is an answer only where `min` is given as 0."""
    return value != [] or config.min == 0


def seen(value: Json, _config: Config) -> Seen:
    """The keys, and how many were chosen."""
    return Seen(keys=frozenset(each for each in value if isinstance(each, str)), count=len(value))


def lint(config: Config, around: Around) -> list[Problem]:
    """As a choice; and limits that can be met."""
    found = options.lint_options(config, around)
    low, high, most = config.min or 0, config.max, len(config.options) if config.options and not config.other else None
    if (high is not None and low > high) or (most is not None and low > most):
        found.append(problem("/min", "bad_scale"))
    return found


def suits(config: Config, context: Context) -> list[Problem]:
    """At least two options."""
    return options.suits_options(config, context)


def widened(old: Config, new: Config) -> bool:
    """Every old choice may still be made."""
    limits = options.not_higher(old.min, new.min) and options.not_lower(old.max, new.max)
    return limits and options.widened_options(old, new)
