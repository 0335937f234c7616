"""choice: one of several."""

from typing import Any, Literal

from annotation.questions import options
from annotation.questions.base import Around, Context, Json, Problem, Seen

NAME = "choice"
FIELDS: frozenset[str] | None = None
TEXT = MANY = False
Value: Any = str | options.Other


class Config(options.OptionSettings):
    """Settings of a choice. `measure`: how unlike two options are, nominal or by their `value`."""

    layout: Literal["buttons", "list", "grid", "select"] | None = None
    measure: Literal["nominal", "ordinal", "interval"] = "nominal"
    submit_on_pick: bool = False


def normalise(value: Json, config: Config, context: Context) -> Json:
    """Own words are trimmed; equal to a title they become its key."""
    return options.normalise_choice(value, config, context)


def validate(value: Json, config: Config, context: Context) -> list[Problem]:
    """`unknown_option`, `other_not_allowed`."""
    return options.choice_problems(value, config, options.index_of(config, context.payload))


def answered(_value: Json, _config: Config) -> bool:
    """Whatever is chosen."""
    return True


def seen(value: Json, _config: Config) -> Seen:
    """The key; nothing of own words."""
    return Seen(value if isinstance(value, str) else None)


def lint(config: Config, around: Around) -> list[Problem]:
    """Keys, colours, hotkeys, the field that supplies the options."""
    return options.lint_options(config, around)


def suits(config: Config, context: Context) -> list[Problem]:
    """At least two options."""
    return options.suits_options(config, context)


def widened(old: Config, new: Config) -> bool:
    """Every old choice may still be made."""
    return options.widened_options(old, new)
