"""Conditions: `show_if`, and both sides of an `implies` rule. Compiled once, then asked about each answer."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotation.questions import messages
from annotation.questions.base import Condition, Json, Problem, Seen, Sight, pointer, problem
from annotation.questions.shapes import is_name

MAX_DEPTH = 20
_SCALARS = (str, int, float, bool, type(None))


def same(a: Json, b: Json) -> bool:
    """Equality of JSON scalars: true is not 1, and 1.0 is 1."""
    return a == b and isinstance(a, bool) == isinstance(b, bool)


def is_where(element: Json, where: Mapping[str, Sequence[Json]]) -> bool:
    """Whether each of these members of an element has one of its values; a member that is left out is null."""
    if not where:
        return True
    if not isinstance(element, dict):
        return False
    return all(any(same(element.get(name), each) for each in wanted) for name, wanted in where.items())


def _is(seen: Seen, wanted: Json) -> bool:
    return seen.keys == {wanted} if seen.keys is not None else same(seen.scalar, wanted)


def _in(seen: Seen, wanted: list[Json]) -> bool:
    if seen.keys is not None:
        return any(each in seen.keys for each in wanted)
    return any(same(seen.scalar, each) for each in wanted)


def _not_in(seen: Seen, wanted: list[Json]) -> bool:
    return not _in(seen, wanted)


def _contains(seen: Seen, wanted: Json) -> bool:
    return seen.keys is not None and wanted in seen.keys


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _gte(seen: Seen, wanted: float) -> bool:
    return _is_number(seen.scalar) and seen.scalar >= wanted


def _lte(seen: Seen, wanted: float) -> bool:
    return _is_number(seen.scalar) and seen.scalar <= wanted


def _answered(_seen: Seen, wanted: bool) -> bool:
    return wanted


def _count_gte(seen: Seen, wanted: int) -> bool:
    return seen.count is not None and seen.count >= wanted


def _count_lte(seen: Seen, wanted: int) -> bool:
    return seen.count is not None and seen.count <= wanted


def _scalar(value: Json) -> bool:
    return isinstance(value, _SCALARS)


def _scalars(value: Json) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_scalar, value))


def _count(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _boolean(value: Json) -> bool:
    return isinstance(value, bool)


# test: (how it is asked, what it may be compared with)
TESTS: Mapping[str, tuple[Callable[[Seen, Any], bool], Callable[[Json], bool]]] = {
    "is": (_is, _scalar),
    "in": (_in, _scalars),
    "not_in": (_not_in, _scalars),
    "contains": (_contains, _scalar),
    "gte": (_gte, _is_number),
    "lte": (_lte, _is_number),
    "answered": (_answered, _boolean),
    "count_gte": (_count_gte, _count),
    "count_lte": (_count_lte, _count),
}
FIELD_TESTS = {"is": _scalar, "in": _scalars, "present": _boolean}


@dataclass(frozen=True, slots=True)
class QuestionTest:
    """Tests of one question; all must hold. Of an unanswered one only `answered: false` does."""

    question: str
    tests: Mapping[str, Json]

    def holds(self, sight: Sight) -> bool:
        """Whether all tests hold."""
        seen = sight.question(self.question)
        if seen is None:
            return self.tests == {"answered": False}
        return all(TESTS[test][0](seen, wanted) for test, wanted in self.tests.items())

    def leaves(self) -> Iterable[tuple[str, str, Mapping[str, Json]]]:
        """Itself."""
        yield "question", self.question, self.tests


@dataclass(frozen=True, slots=True)
class FieldTest:
    """Tests of one field; all must hold."""

    field: str
    tests: Mapping[str, Json]

    def holds(self, sight: Sight) -> bool:
        """Whether all tests hold."""
        value = sight.field(self.field)
        for test, wanted in self.tests.items():
            if test == "present":
                held = (value is not None) == wanted
            else:
                held = value is not None and any(same(value, each) for each in (wanted if test == "in" else [wanted]))
            if not held:
                return False
        return True

    def leaves(self) -> Iterable[tuple[str, str, Mapping[str, Json]]]:
        """Itself."""
        yield "field", self.field, self.tests


@dataclass(frozen=True, slots=True)
class Compound:
    """`all`, `any` or `not` of other conditions."""

    how: str
    parts: tuple[Condition, ...]

    def holds(self, sight: Sight) -> bool:
        """Whether the parts hold together as `how` says."""
        if self.how == "any":
            return any(part.holds(sight) for part in self.parts)
        every = all(part.holds(sight) for part in self.parts)
        return every if self.how == "all" else not every

    def leaves(self) -> Iterable[tuple[str, str, Mapping[str, Json]]]:
        """Those of all parts."""
        for part in self.parts:
            yield from part.leaves()


def compile_condition(document: Json, problems: list[Problem], path: str, depth: int = 0) -> Condition | None:
    """The condition, or None with the problems added."""
    if not isinstance(document, dict) or depth > MAX_DEPTH:
        problems.append(problem(path, "too_deep" if depth > MAX_DEPTH else "type", wanted=messages.AN_OBJECT))
        return None
    heads = [head for head in ("all", "any", "not", "question", "field") if head in document]
    if len(heads) != 1:
        problems.append(problem(path, "type", wanted=messages.SOMETHING_ELSE))
        return None
    if heads[0] in ("question", "field"):
        return _test(heads[0], document, problems, path)
    return _compound(heads[0], document, problems, path, depth)


def _compound(how: str, document: dict[str, Json], problems: list[Problem], path: str, depth: int) -> Condition | None:
    problems.extend(problem(path + pointer(other), "unknown_member") for other in document if other != how)
    inner = document[how]
    if how == "not":
        part = compile_condition(inner, problems, path + "/not", depth + 1)
        return Compound(how, (part,)) if part else None
    if not isinstance(inner, list) or not inner:
        problems.append(problem(f"{path}/{how}", "type", wanted=messages.A_LIST))
        return None
    parts = [compile_condition(each, problems, f"{path}/{how}/{i}", depth + 1) for i, each in enumerate(inner)]
    return Compound(how, tuple(part for part in parts if part))


def _test(head: str, document: dict[str, Json], problems: list[Problem], path: str) -> Condition | None:
    allowed = {name: fits for name, (_asked, fits) in TESTS.items()} if head == "question" else FIELD_TESTS
    before = len(problems)
    if not is_name(document[head]):
        problems.append(problem(f"{path}/{head}", "type", wanted=messages.A_NAME))
    tests = {name: wanted for name, wanted in document.items() if name != head}
    if not tests:
        problems.append(problem(path, "required"))
    for name, wanted in tests.items():
        if name not in allowed:
            problems.append(problem(path + pointer(name), "unknown_member"))
        elif not allowed[name](wanted):
            problems.append(problem(path + pointer(name), "type", wanted=messages.SOMETHING_ELSE))
    if len(problems) > before:
        return None
    return QuestionTest(document[head], tests) if head == "question" else FieldTest(document[head], tests)
