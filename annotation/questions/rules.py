"""Rules over several questions: `implies`, `require_any`, `preference_matches_ratings`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Protocol

from pydantic import Field

from annotation.questions.base import (
    WARNING,
    Condition,
    Json,
    Payload,
    Problem,
    Question,
    Sight,
    element_keys,
    pointer,
    problem,
)
from annotation.questions.conditions import compile_condition
from annotation.questions.shapes import Model, Name, Words, parse


class RuleSettings(Model):
    """What all rules have. `message`: the schema's own words."""

    level: Literal["error", "warning"] = "error"
    message: Words = ""


class ImpliesSettings(RuleSettings):
    """`if` one condition holds, `then` the other must."""

    rule: Literal["implies"]
    if_: Annotated[dict[str, Any], Field(alias="if")]
    then: dict[str, Any]


class RequireAnySettings(RuleSettings):
    """At least one of the questions is answered."""

    rule: Literal["require_any"]
    questions: Annotated[list[Name], Field(min_length=2)]


class MatchSettings(RuleSettings):
    """The preferred item is not rated lower. `slack`: points by which it may be; `unless` that question is answered."""

    rule: Literal["preference_matches_ratings"]
    preference: Name
    ratings: Annotated[list[Name], Field(min_length=1)]
    slack: Annotated[float, Field(ge=0)] = 0
    unless: Name | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """A whole answer, as rules see it."""

    sight: Sight
    values: Mapping[str, Json]
    payload: Payload


class Rule(Protocol):
    """A compiled rule."""

    @property
    def settings(self) -> Any:
        """As written."""

    def broken(self, given: Given) -> bool:
        """Whether the answer breaks it."""

    def at(self) -> str:
        """The question to look at."""

    def leaves(self) -> Iterable[tuple[str, str, Mapping[str, Json]]]:
        """Everything it looks at."""


@dataclass(frozen=True, slots=True)
class Implies:
    """See `ImpliesSettings`."""

    settings: ImpliesSettings
    if_: Condition
    then: Condition

    def broken(self, given: Given) -> bool:
        """The first holds, the second does not."""
        return self.if_.holds(given.sight) and not self.then.holds(given.sight)

    def at(self) -> str:
        """The first question of the consequence, else of the condition."""
        named = [name for kind, name, _tests in self.then.leaves() if kind == "question"]
        named += [name for kind, name, _tests in self.if_.leaves() if kind == "question"]
        return named[0] if named else ""

    def leaves(self) -> Iterable[tuple[str, str, Mapping[str, Json]]]:
        """Those of both conditions."""
        yield from self.if_.leaves()
        yield from self.then.leaves()


@dataclass(frozen=True, slots=True)
class RequireAny:
    """See `RequireAnySettings`."""

    settings: RequireAnySettings

    def broken(self, given: Given) -> bool:
        """None is answered."""
        return not any(name in given.values for name in self.settings.questions)

    def at(self) -> str:
        """The first of them."""
        return self.settings.questions[0]

    def leaves(self) -> Iterable[tuple[str, str, Mapping[str, Json]]]:
        """All of them."""
        yield from (("question", name, {"answered": True}) for name in self.settings.questions)


@dataclass(frozen=True, slots=True)
class Match:
    """See `MatchSettings`."""

    settings: MatchSettings
    field: str  # the items that are compared

    def broken(self, given: Given) -> bool:
        """The mean rating of the preferred item is lower by more than `slack`. Ties and missing ratings say nothing."""
        value = given.values.get(self.settings.preference)
        score = value.get("score") if isinstance(value, dict) else None
        if not score or (self.settings.unless and self.settings.unless in given.values):
            return False
        keys = element_keys(given.payload.get(self.field))
        means = [self._mean(given, key) for key in keys]
        if len(means) != 2 or means[0] is None or means[1] is None:
            return False
        lead = means[0] - means[1] if score < 0 else means[1] - means[0]
        return lead < -self.settings.slack

    def _mean(self, given: Given, key: str) -> float | None:
        ratings = [given.values.get(name) for name in self.settings.ratings]
        steps = [each[key] for each in ratings if isinstance(each, dict) and isinstance(each.get(key), int)]
        return sum(steps) / len(steps) if steps else None

    def at(self) -> str:
        """The preference."""
        return self.settings.preference

    def leaves(self) -> Iterable[tuple[str, str, Mapping[str, Json]]]:
        """All questions that it names."""
        named = [self.settings.preference, *self.settings.ratings]
        yield from (("question", name, {"answered": True}) for name in [*named, self.settings.unless or named[0]])


_KINDS: Mapping[str, Any] = {
    "implies": ImpliesSettings,
    "require_any": RequireAnySettings,
    "preference_matches_ratings": MatchSettings,
}


def compile_rule(document: Json, questions: Mapping[str, Question], problems: list[Problem], path: str) -> Rule | None:
    """The rule, or None with the problems added."""
    kind = document.get("rule") if isinstance(document, dict) else None
    if not isinstance(kind, str) or kind not in _KINDS:
        problems.append(problem(f"{path}/rule", "unsupported_type", type=str(kind)))
        return None
    before = len(problems)
    settings = parse(_KINDS[kind], document, problems, *path.split("/")[1:])
    if settings is None or len(problems) > before:
        return None
    if kind == "require_any":
        return RequireAny(settings)
    if kind == "implies":
        one = compile_condition(settings.if_, problems, f"{path}/if")
        two = compile_condition(settings.then, problems, f"{path}/then")
        return Implies(settings, one, two) if one and two else None
    preference = questions.get(settings.preference)
    return Match(settings, preference.on[0] if preference and preference.on else "")


def rule_problem(rule: Rule, given: Given) -> Problem | None:
    """The problem if the answer breaks the rule: with the schema's own words, if it has any."""
    if not rule.broken(given):
        return None
    code = f"{WARNING}rule" if rule.settings.level == "warning" else "rule"
    at = rule.at()
    found = problem(pointer(at) if at else "", code)
    words = rule.settings.message
    own = words.get("en") if isinstance(words, dict) else words
    return Problem(found.path, code, own, {"words": words}) if own else found
