"""text: writing, rewriting, code."""

import json
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field

from annotation.questions import checks, constraints, messages, patterns, prose
from annotation.questions.base import Around, Context, Json, Problem, Seen, pointer, problem
from annotation.questions.options import lint_listed, not_higher, not_lower
from annotation.questions.shapes import Model, Name, Words

NAME = "text"
FIELDS: frozenset[str] | None = None
TEXT = MANY = False
Value: Any = str
Positive = Annotated[int, Field(ge=1)]
NotNegative = Annotated[int, Field(ge=0)]
CHECKS = ("language", "personal_data", "effort")  # near_duplicate and machine_written need more than the text


class Constraint(Model):
    """A writing rule: a program of `constraints` with its arguments."""

    rule: str
    args: dict[str, Any] = {}
    message: Words = ""


class Config(Model):
    """Settings of a text. Limits count code points and words of the normalised text."""

    format: Literal["plain", "markdown", "code"] = "plain"
    lines: Annotated[int, Field(ge=1, le=60)] | None = None
    syntax: str | None = None
    lang: str | None = None
    min_chars: NotNegative | None = None
    max_chars: Positive | None = None
    min_words: NotNegative | None = None
    max_words: Positive | None = None
    pattern: str | None = None
    constraints: list[Constraint] = []
    constraints_from: Name | None = None
    prefill: Name | None = None
    must_differ: bool = False
    checks: list[Literal["language", "personal_data", "near_duplicate", "effort", "syntax", "machine_written"]] = []
    paste: Literal["allow", "allow_with_source", "own_only", "block"] | None = None
    placeholder: Words = ""
    compare: Literal["exact", "normalised", "edit_distance", "words", "none"] | None = None
    diff: bool | None = None

    @cached_property
    def matcher(self) -> patterns.Matcher:
        """The pattern, for the whole text."""
        return patterns.matcher(self.pattern or "")


def normalise(value: Json, config: Config, _context: Context) -> Json:
    """LF, NFC; no blanks at line ends, except in code."""
    if not isinstance(value, str):
        return value
    text = prose.compose(value)
    return text if config.format == "code" else prose.strip_line_ends(text)


def validate(value: Json, config: Config, context: Context) -> list[Problem]:
    """Limits, `pattern`, `unchanged`, `bad_syntax`, `constraint:<group>:<name>`; `warning:check:<name>`."""
    if not isinstance(value, str):
        return [problem("", "type", wanted=messages.A_STRING)]
    found = _limits(value, config)
    if config.pattern is not None and not patterns.fits(value, config.matcher):
        found.append(problem("", "pattern"))
    if config.must_differ and config.prefill and value == _prefilled(config, context):
        found.append(problem("", "unchanged"))
    if config.constraints or config.constraints_from:
        found.extend(_broken_rules(value, config, context))
    return found + _checked(value, config, context) if config.checks else found


def _limits(value: str, config: Config) -> list[Problem]:
    found = []
    if config.min_chars is not None and len(value) < config.min_chars:
        found.append(problem("", "too_short", min=config.min_chars))
    if config.max_chars is not None and len(value) > config.max_chars:
        found.append(problem("", "too_long", max=config.max_chars))
    if config.min_words is None and config.max_words is None:
        return found
    count = prose.words(value)
    if config.min_words is not None and count < config.min_words:
        found.append(problem("", "too_few_words", min=config.min_words))
    if config.max_words is not None and count > config.max_words:
        found.append(problem("", "too_many_words", max=config.max_words))
    return found


def _prefilled(config: Config, context: Context) -> Json:
    return normalise(context.payload.get(config.prefill or ""), config, context)


def _broken_rules(value: str, config: Config, context: Context) -> list[Problem]:
    """Fixed rules first, then those of the task; a rule's own words are its message."""
    rules = [(each.rule, each.args, each.message) for each in config.constraints]
    own = [each for each in context.elements(config.constraints_from or "") if isinstance(each, dict)]
    rules += [(str(each.get("rule")), each.get("args") or {}, each.get("content") or "") for each in own]
    return [_broken(rule, words) for rule, args, words in rules if not constraints.holds(rule, args, value)]


def _broken(rule: str, words: Any) -> Problem:
    found = problem("", f"constraint:{rule}", rule=rule)
    own = words.get("en") if isinstance(words, dict) else words
    return Problem("", found.code, own, {"rule": rule, "words": words}) if own and isinstance(own, str) else found


def _checked(value: str, config: Config, context: Context) -> list[Problem]:
    found = []
    if "syntax" in config.checks and config.syntax == "json" and not _is_json(value):
        found.append(problem("", "bad_syntax", syntax="JSON"))
    lang = config.lang or _language_of(context)
    failed = (name for name in CHECKS if name in config.checks and not checks.passes(name, value, lang))
    return found + [problem("", f"warning:check:{name}") for name in failed]


def _language_of(context: Context) -> str | None:
    """The language of the field that the text is written on."""
    field = context.fields.get(context.question.on[0]) if context.question.on else None
    return getattr(field.config, "lang", None) if field else None


def _is_json(value: str) -> bool:
    try:
        json.loads(value)
    except (ValueError, RecursionError):
        return False
    return True


def answered(value: Json, _config: Config) -> bool:
    """Blanks are no answer."""
    return not isinstance(value, str) or bool(prose.trim(value))


def seen(value: Json, _config: Config) -> Seen:
    """The text, and the number of its characters."""
    return Seen(value, count=len(value))


def lint(config: Config, around: Around) -> list[Problem]:
    """Limits that can be met, a pattern that compiles, known rules, a text to start from."""
    found = lint_listed(config, "constraints_from", around)
    for unit in ("chars", "words"):
        low, high = getattr(config, f"min_{unit}"), getattr(config, f"max_{unit}")
        if low is not None and high is not None and low > high:
            found.append(problem(f"/max_{unit}", "bad_scale"))
    if config.pattern is not None and not patterns.compiles(config.pattern):
        found.append(problem("/pattern", "bad_pattern"))
    for place, each in enumerate(config.constraints):
        if not constraints.known(each.rule, each.args):
            found.append(problem(f"/constraints/{place}", "bad_reference"))
    return found + _lint_prefill(config, around)


def _lint_prefill(config: Config, around: Around) -> list[Problem]:
    if config.prefill is None:
        return [problem("/must_differ", "bad_reference")] if config.must_differ else []
    field = around.fields.get(config.prefill)
    if field is None:
        return [problem("/prefill", "unknown_field")]
    plain = field.kind.MARKABLE and not field.kind.KEYED
    return [] if plain else [problem("/prefill", "wrong_field_type", type=field.type)]


def suits(config: Config, context: Context) -> list[Problem]:
    """Rules that a task brings are known."""
    name = config.constraints_from or ""
    found = []
    for index, each in enumerate(context.elements(name)):
        rule, args = (each.get("rule"), each.get("args") or {}) if isinstance(each, dict) else (None, {})
        if not isinstance(rule, str) or not constraints.known(rule, args):
            found.append(problem(pointer(name, index, "rule"), "bad_reference"))
    return found


def widened(old: Config, new: Config) -> bool:
    """At least the same texts, started from and judged alike."""
    limits = (
        not_higher(old.min_chars, new.min_chars)
        and not_lower(old.max_chars, new.max_chars)
        and not_higher(old.min_words, new.min_words)
        and not_lower(old.max_words, new.max_words)
    )
    rules = all(each in old.constraints for each in new.constraints) and new.constraints_from == old.constraints_from
    alike = (new.format, new.syntax, new.prefill) == (old.format, old.syntax, old.prefill)
    looser = new.pattern in (None, old.pattern) and new.must_differ <= old.must_differ
    return limits and rules and alike and looser
