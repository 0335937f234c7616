"""Schema lint: names that exist, in an order that works, in places where they do; settings that make sense; words in all languages."""

from collections.abc import Iterator, Mapping
from typing import Any

from annotation.questions.base import Around, Json, Problem, Question, pointer, problem
from annotation.questions.options import OptionSettings, lint_keys
from annotation.questions.parsing import Parts
from annotation.questions.rules import Match, Rule


def lint_parts(parts: Parts) -> list[Problem]:
    """Everything that structure alone does not show."""
    found: list[Problem] = []
    earlier: dict[str, Question] = {}
    for name, question in parts.questions.items():
        path = parts.at[name]
        around = Around(parts.fields, earlier, name)
        found.extend(each.under(*path.split("/")[1:], "config") for each in question.kind.lint(question.config, around))
        found.extend(_lint_on(question, parts, earlier, f"{path}/on"))
        found.extend(_lint_per(question, parts, f"{path}/per"))
        if question.show_if:
            leaves = question.show_if.leaves()
            found.extend(_lint_leaves(leaves, parts, earlier, f"{path}/show_if", question))
        earlier = {**earlier, name: question}
    for name, field in parts.fields.items():
        low, high = getattr(field.config, "min", None), getattr(field.config, "max", None)
        if low is not None and high is not None and low > high:
            found.append(problem(f"{parts.at[name]}/config/max", "bad_scale"))
    for path, rule in parts.rules:
        found.extend(_lint_rule(rule, parts, path))
    return found + _lint_exits(parts)


def _lint_on(question: Question, parts: Parts, earlier: Mapping[str, Question], path: str) -> Iterator[Problem]:
    if len(question.on) > 1 and not question.kind.MANY:
        yield problem(path, "bad_reference")
    for place, name in enumerate(question.on):
        at = path if len(question.on) == 1 else f"{path}/{place}"
        if name.startswith("@"):
            yield from _lint_own_text(question, name[1:], parts, earlier, at)
            continue
        field = parts.fields.get(name)
        if field is None:
            yield from _missing_field(name, parts, at)
        elif question.kind.FIELDS is not None and not _fits(question, name, parts):
            yield problem(at, "wrong_field_type", type=field.type)


def _missing_field(name: str, parts: Parts, path: str) -> Iterator[Problem]:
    """Nothing is said of a field that is there but malformed: that is said at the field."""
    if name in parts.questions or name not in parts.at:
        yield problem(path, "unknown_field")


def _missing_question(name: str, parts: Parts, path: str) -> Iterator[Problem]:
    """Nothing is said of a question that is there but malformed."""
    if name in parts.questions:
        yield problem(path, "question_not_earlier", name=name)
    elif name in parts.fields or name not in parts.at:
        yield problem(path, "unknown_question")


def _fits(question: Question, name: str, parts: Parts) -> bool:
    """Spans need text, regions pictures, calls tools; a comparison takes items of any kind."""
    field = parts.fields[name]
    if field.type not in (question.kind.FIELDS or ()):
        return False
    wanted = {"regions": "image", "tool_calls": "tool"}.get(question.type)
    return wanted is None or field.type != "items" or field.config.item_type == wanted


def _lint_own_text(
    question: Question, name: str, parts: Parts, earlier: Mapping[str, Question], path: str
) -> Iterator[Problem]:
    if not question.kind.TEXT:
        yield problem(path, "bad_reference")
    elif name not in earlier:
        yield from _missing_question(name, parts, path)
    elif earlier[name].type != "text" or earlier[name].per:
        yield problem(path, "bad_reference")


def _lint_per(question: Question, parts: Parts, path: str) -> Iterator[Problem]:
    if question.per is None:
        return
    at = path if isinstance(question.document["per"], str) else f"{path}/field"
    field = parts.fields.get(question.per.field)
    if field is None:
        yield from _missing_field(question.per.field, parts, at)
    elif not field.kind.KEYED:
        yield problem(at, "wrong_field_type", type=field.type)


def _lint_leaves(
    leaves: Any, parts: Parts, known: Mapping[str, Question], path: str, question: Question | None = None
) -> Iterator[Problem]:
    for kind, name, tests in leaves:
        if kind == "field":
            if name not in parts.fields:
                yield from _missing_field(name, parts, path)
        elif name not in known:
            yield from _missing_question(name, parts, path)
        else:
            yield from _lint_tests(known[name], tests, path, question)


def _lint_tests(tested: Question, tests: Mapping[str, Json], path: str, question: Question | None) -> Iterator[Problem]:
    """From outside its items only `answered` can be asked; options that are named exist."""
    per = question.per if question else None
    if tested.per and (per is None or per.field != tested.per.field) and set(tests) != {"answered"}:
        yield problem(path, "bad_reference")
    config = tested.config
    if not isinstance(config, OptionSettings) or config.options is None:
        return
    wanted = [tests[test] for test in ("is", "contains") if test in tests]
    for test in ("in", "not_in"):
        wanted.extend(tests.get(test, ()))
    if any(key is not None and key not in config.index for key in wanted):
        yield problem(path, "bad_reference")


def _lint_rule(rule: Rule, parts: Parts, path: str) -> Iterator[Problem]:
    found = list(_lint_leaves(rule.leaves(), parts, parts.questions, path))
    yield from found
    if found or not isinstance(rule, Match):
        return
    if parts.questions[rule.settings.preference].type != "preference":
        yield problem(f"{path}/preference", "bad_reference")
    for place, name in enumerate(rule.settings.ratings):
        rated = parts.questions[name]
        if rated.type != "rating" or rated.per is None or rated.per.field != rule.field:
            yield problem(f"{path}/ratings/{place}", "bad_reference")


def _lint_exits(parts: Parts) -> list[Problem]:
    found: list[Problem] = []
    for name, exit_ in parts.exits.items():
        found.extend(each.under("exits", name) for each in lint_keys(exit_.reasons, "reasons"))
    given = parts.document.get("flags")
    if isinstance(given, list):
        own = parts.flags[len(parts.flags) - len(given) :]
        found.extend(lint_keys(own, "flags"))
    return found


def lint_translations(document: Mapping[str, Json]) -> list[Problem]:
    """Words that lack a language which other words of the schema have."""
    words = list(_words(document, ""))
    languages = {language for _path, each in words for language in each}
    return [
        problem(path, "warning:translation_missing", language=language)
        for path, each in words
        for language in sorted(languages - each.keys())
    ]


def _words(value: Json, path: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Every `{"en": …}` of the document."""
    if isinstance(value, dict):
        if isinstance(value.get("en"), str):
            yield path, value
            return
        for name, each in value.items():
            yield from _words(each, path + pointer(name))
    elif isinstance(value, list):
        for place, each in enumerate(value):
            yield from _words(each, f"{path}/{place}")
