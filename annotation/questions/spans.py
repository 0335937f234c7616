"""spans: marks on text, with attributes and relations. Offsets are code points of the frozen source text, end exclusive."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from annotation.questions import marks, messages, prose
from annotation.questions.base import Around, Context, Json, Problem, Seen, element_keys, problem
from annotation.questions.options import not_lower
from annotation.questions.rating import is_whole, whole
from annotation.questions.shapes import Model

NAME = "spans"
FIELDS: frozenset[str] | None = frozenset({"text", "markdown", "chat", "items"})
TEXT = MANY = True
MEMBERS = ("id", "label", "start", "end", "text", "field", "item", "attributes")


class Config(marks.MarkSettings):
    """Settings of spans. `max_chars` limits one span; blanks at its ends are trimmed unless it snaps to characters."""

    overlap: Literal["none", "different_labels", "any"] = "none"
    snap: Literal["character", "word"] = "word"
    max_chars: Annotated[int, Field(ge=1)] | None = None


class Span(Model):
    """A mark on a text; `text` is its quote."""

    id: str
    label: str
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]
    text: str
    field: str | None = None
    item: str | None = None
    attributes: dict[str, Any] | None = None


class Value(Model):
    """`none`: confirmed that there is nothing to mark."""

    spans: list[Span]
    relations: list[dict[str, Any]] | None = None
    none: Literal[True] | None = None


@dataclass(frozen=True, slots=True)
class _Target:
    """Where a span lies: `text` is None where the task has none; `place` orders by field, then item."""

    text: str | None
    place: tuple[int, int]
    fault: Problem | None = None


def normalise(value: Json, config: Config, context: Context) -> Json:
    """Blanks trimmed, quotes filled in, sorted, exact doubles dropped."""
    kept = marks.normalise_marks(value, "spans", config) if isinstance(value, dict) else None
    if kept is None:
        return value
    spans = [_whole_offsets(span) for span in kept["spans"]]
    if marks.outline_problems({**kept, "spans": spans}, "spans", MEMBERS) or any(map(_offset_problems, spans)):
        return {**kept, "spans": spans}
    targets = _Targets(context)
    placed = sorted((targets.trimmed(span, config) for span in spans), key=targets.order)
    return _without_doubles({**kept, "spans": placed})


def _whole_offsets(span: dict[str, Json]) -> dict[str, Json]:
    return {name: whole(each) if name in ("start", "end") else each for name, each in span.items()}


def _without_doubles(value: dict[str, Json]) -> dict[str, Json]:
    """Spans alike but for their ids become one; relations of the others move over to it."""
    kept: list[dict[str, Json]] = []
    first: dict[str, str] = {}
    moved: dict[str, str] = {}
    for span in value["spans"]:
        body = repr(sorted((name, each) for name, each in span.items() if name != "id"))
        if body in first and span["id"] != first[body]:
            moved[span["id"]] = first[body]
        else:
            first[body] = span["id"]
            kept.append(span)
    if not moved:
        return value
    result = {**value, "spans": kept}
    if isinstance(value.get("relations"), list):
        result["relations"] = [_moved(relation, moved) for relation in value["relations"]]
    return result


def _moved(relation: Json, moved: dict[str, str]) -> Json:
    if not isinstance(relation, dict):
        return relation
    ends = {
        end: moved.get(relation[end], relation[end]) for end in ("from", "to") if isinstance(relation.get(end), str)
    }
    return {**relation, **ends}


class _Targets:
    """The texts that the spans of one question may lie on."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.on = context.question.on
        self.own = self.on[0].startswith("@")
        self.items: dict[str, dict[str, int]] = {}

    def of(self, span: dict[str, Json]) -> _Target:
        """The text of a span, or the problem with the place that it names."""
        name = span.get("field")
        if name is None and len(self.on) == 1:
            name = self.on[0]
        if name not in self.on:
            return _Target(None, (len(self.on), 0), problem("/field", "unknown_field"))
        place = self.on.index(name)
        if self.own:
            own = self.context.values.get(name[1:])
            return self._plain(span, own if isinstance(own, str) else None, place)
        kind = self.context.fields[name].kind if name in self.context.fields else None
        if kind is None or not kind.KEYED:
            text = self.context.payload.get(name)
            return self._plain(span, text if isinstance(text, str) else None, place)
        item = span.get("item", self._item_of(name))
        number = self._numbers(name).get(item) if isinstance(item, str) else None
        if number is None:
            return _Target(None, (place, -1), problem("/item", "unknown_item"))
        return _Target(kind.text(self.context.payload.get(name), item), (place, number))

    def _plain(self, span: dict[str, Json], text: str | None, place: int) -> _Target:
        fault = problem("/item", "unknown_item") if "item" in span else None
        return _Target(text, (place, 0), fault)

    def _item_of(self, name: str) -> str | None:
        """Asked `per` item of the same field, the item goes without saying."""
        per = self.context.question.per
        return self.context.item if per is not None and per.field == name else None

    def _numbers(self, name: str) -> dict[str, int]:
        if name not in self.items:
            keys = element_keys(self.context.payload.get(name))
            self.items[name] = {key: number for number, key in enumerate(keys)}
        return self.items[name]

    def order(self, span: dict[str, Json]) -> tuple[Any, ...]:
        """Sort key: field, item, start, longer first, label."""
        return *self.of(span).place, span["start"], -span["end"], span["label"]

    def trimmed(self, span: dict[str, Json], config: Config) -> dict[str, Json]:
        """Without blanks at its ends, with its quote, and without a field that goes without saying; as it is if it does not fit."""
        target = self.of(span)
        start, end = span["start"], span["end"]
        if target.fault or target.text is None or not start < end <= len(target.text):
            return span
        quote = target.text[start:end]
        if span.get("text", quote) != quote:
            return span
        if config.snap == "word" and prose.trim(quote):
            start += len(quote) - len(quote.lstrip(prose.BLANKS))
            quote = prose.trim(quote)
        span = {**span, "start": start, "end": start + len(quote), "text": quote}
        if len(self.on) == 1:
            span.pop("field", None)
        return span


def _offset_problems(span: dict[str, Json]) -> list[Problem]:
    numbers = [name for name in ("start", "end") if not is_whole(span.get(name)) or span[name] < 0]
    words = [name for name in ("text", "field") if not isinstance(span.get(name, ""), str)]
    return [
        *(problem(f"/{name}", "type", wanted=messages.A_WHOLE_NUMBER) for name in numbers),
        *(problem(f"/{name}", "type", wanted=messages.A_STRING) for name in words),
    ]


def validate(value: Json, config: Config, context: Context) -> list[Problem]:
    """Offsets, quotes and overlap; and what every list of marks may get wrong."""
    found = marks.outline_problems(value, "spans", MEMBERS)
    if isinstance(value, dict) and isinstance(value.get("spans"), list):
        for place, span in enumerate(value["spans"]):
            if isinstance(span, dict):
                found.extend(each.under("spans", place) for each in _offset_problems(span))
    if found:
        return found
    targets = _Targets(context)
    placed = [(span, targets.of(span)) for span in value["spans"]]
    for place, (span, target) in enumerate(placed):
        found.extend(each.under("spans", place) for each in _place_problems(span, target, config, own=targets.own))
    found.extend(problem(f"/spans/{place}", "overlap") for place in _overlaps(placed, config))
    return found + marks.mark_problems(value, "spans", config, context)


def _place_problems(span: dict[str, Json], target: _Target, config: Config, *, own: bool) -> list[Problem]:
    if target.fault:
        return [target.fault]
    text, start, end = target.text or "", span["start"], span["end"]
    if not start < end <= len(text):
        changed = own and target.text is not None and start < end and "text" in span
        return [problem("", "text_changed" if changed else "bad_offset")]
    if span.get("text", text[start:end]) != text[start:end]:
        return [problem("/text", "text_changed" if own else "quote_mismatch")]
    too_long = config.max_chars is not None and end - start > config.max_chars
    return [problem("", "too_long", max=config.max_chars)] if too_long else []


def _overlaps(placed: list[tuple[dict[str, Json], _Target]], config: Config) -> Iterator[int]:
    """Places of spans that begin inside an earlier one of the same text (and label, where labels may overlap)."""
    if config.overlap == "any":
        return
    reach: dict[tuple[Any, ...], int] = {}
    order = sorted(
        range(len(placed)), key=lambda at: (placed[at][1].place, placed[at][0]["start"], -placed[at][0]["end"])
    )
    for at in order:
        span, target = placed[at]
        if target.fault:
            continue
        text = (target.place, span["label"]) if config.overlap == "different_labels" else (target.place,)
        if span["start"] < reach.get(text, 0):
            yield at
        reach[text] = max(reach.get(text, 0), span["end"])


def answered(_value: Json, _config: Config) -> bool:
    """An empty list says that nothing was found."""
    return True


def seen(value: Json, _config: Config) -> Seen:
    """The number of spans."""
    return marks.seen_marks(value, "spans")


def lint(config: Config, around: Around) -> list[Problem]:
    """Labels, attributes, relations."""
    return marks.lint_marks(config, around)


def suits(config: Config, context: Context) -> list[Problem]:
    """A task that supplies the labels supplies at least one."""
    return marks.suits_labels(config, context)


def widened(old: Config, new: Config) -> bool:
    """At least the same marks, in the same units."""
    order = ("none", "different_labels", "any")
    overlap = order.index(new.overlap) >= order.index(old.overlap)
    return overlap and not_lower(old.max_chars, new.max_chars) and marks.widened_marks(old, new)
