"""Relations: lines between the marks of a question."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import Field

from annotation.questions import messages
from annotation.questions.base import Json, Problem, pointer, problem
from annotation.questions.shapes import Key, Model, Slot, Words, is_key


class RelationType(Model):
    """A kind of line between two marks. `from`, `to`: labels at its ends; without `directed` it may be written either way."""

    key: Key
    title: Words = ""
    source: Annotated[list[Key] | None, Field(alias="from")] = None
    to: list[Key] | None = None
    directed: bool = False
    hotkey: Annotated[str, Field(min_length=1, max_length=24)] | None = None
    colour: Slot | None = None

    def joins(self, source: Json, target: Json) -> tuple[bool, bool]:
        """Whether the labels fit at the start, and at the end."""
        return self.source is None or source in self.source, self.to is None or target in self.to


def relation_problems(
    relations: Sequence[Json], offered: Sequence[RelationType], labels: Mapping[str, str]
) -> list[Problem]:
    """What is wrong with the relations. `labels`: label of each mark by its id."""
    kinds = {kind.key: kind for kind in offered}
    found: list[Problem] = []
    before = set()
    for place, relation in enumerate(relations):
        faults = _relation_shape(relation) or _ends(relation, kinds, labels)
        if not faults:
            line = (relation["type"], relation["from"], relation["to"])
            faults = [problem("", "duplicate")] if line in before else []
            before.add(line)
        found.extend(each.under("relations", place) for each in faults)
    return found


def _relation_shape(relation: Json) -> list[Problem]:
    if not isinstance(relation, dict):
        return [problem("", "type", wanted=messages.AN_OBJECT)]
    allowed = ("id", "type", "from", "to", "attributes")
    found = [problem(pointer(name), "type", wanted=messages.NOTHING) for name in relation if name not in allowed]
    ends = ("type", "from", "to")
    found.extend(
        problem(f"/{name}", "type", wanted=messages.A_KEY) for name in ends if not isinstance(relation.get(name), str)
    )
    if not is_key(relation.get("id", "e")):
        found.append(problem("/id", "type", wanted=messages.A_KEY))
    attributes = relation.get("attributes", {})
    if not isinstance(attributes, dict) or any(isinstance(each, dict) for each in attributes.values()):
        found.append(problem("/attributes", "type", wanted=messages.AN_OBJECT))
    return found


def _ends(relation: dict[str, str], kinds: Mapping[str, RelationType], labels: Mapping[str, str]) -> list[Problem]:
    kind = kinds.get(relation["type"])
    if kind is None:
        return [problem("/type", "bad_relation")]
    source, target = relation["from"], relation["to"]
    if source == target:
        return [problem("", "bad_relation")]
    found = [problem(f"/{end}", "bad_relation") for end in ("from", "to") if relation[end] not in labels]
    if found:
        return found
    straight = kind.joins(labels[source], labels[target])
    if all(straight) or (not kind.directed and all(kind.joins(labels[target], labels[source]))):
        return []
    return [problem(f"/{end}", "bad_relation") for end, fits in zip(("from", "to"), straight, strict=True) if not fits]


def lint_ends(kind: RelationType, labels: frozenset[str] | None) -> list[Problem]:
    """Labels at the ends exist. `labels`: None if the task supplies them."""
    ends = (("/from", kind.source), ("/to", kind.to)) if labels is not None else ()
    return [problem(path, "bad_reference") for path, keys in ends if not set(keys or ()) <= (labels or set())]


def widened_relations(old: Sequence[RelationType], new: Sequence[RelationType]) -> bool:
    """Whether every old relation may still be drawn."""
    now = {each.key: each for each in new}
    return all(each.key in now and _widened_relation(each, now[each.key]) for each in old)


def _widened_relation(old: RelationType, new: RelationType) -> bool:
    ends = ((old.source, new.source), (old.to, new.to))
    wider = all(now is None or (before is not None and set(before) <= set(now)) for before, now in ends)
    return wider and old.directed == new.directed
