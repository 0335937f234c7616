"""Evidence: passages of a field that an answer quotes. Offsets are code points of the frozen source text, end exclusive."""

from collections.abc import Sequence

from annotation.questions import messages
from annotation.questions.attributes import without_nulls
from annotation.questions.base import Context, Json, Problem, pointer, problem
from annotation.questions.rating import is_whole, whole

MEMBERS = ("field", "item", "start", "end", "text")
Anchor = dict[str, Json]


def shape_problems(anchors: Json) -> list[Problem]:
    """What is wrong with the outline of a judged element's `evidence`."""
    if not isinstance(anchors, list) or not all(isinstance(anchor, dict) for anchor in anchors):
        return [problem("/evidence", "type", wanted=messages.A_LIST)]
    return [
        each.under("evidence", place)
        for place, anchor in enumerate(anchors)
        for each in _anchor_shape(without_nulls(anchor))
    ]


def _anchor_shape(anchor: Anchor) -> list[Problem]:
    unknown = [name for name in anchor if name not in MEMBERS]
    numbers = [name for name in ("start", "end") if not is_whole(whole(anchor.get(name))) or anchor[name] < 0]
    words = [name for name in ("field", "item", "text") if not isinstance(anchor.get(name, ""), str)]
    return [
        *(problem(pointer(name), "type", wanted=messages.NOTHING) for name in unknown),
        *(problem(f"/{name}", "type", wanted=messages.A_WHOLE_NUMBER) for name in numbers),
        *(problem(f"/{name}", "type", wanted=messages.A_STRING) for name in words),
    ]


def quoted(anchors: Sequence[Anchor], field: str, context: Context) -> list[Anchor]:
    """By place, each once, with the field and the quote filled in where they are left out."""
    found = {}
    for each in anchors:
        anchor = {"field": field, **without_nulls(each), "start": whole(each["start"]), "end": whole(each["end"])}
        source = _source(anchor, field, context)
        if source is not None and anchor["start"] < anchor["end"] <= len(source):
            anchor.setdefault("text", source[anchor["start"] : anchor["end"]])
        found[tuple(anchor.get(name) for name in MEMBERS)] = anchor
    return sorted(found.values(), key=lambda anchor: (anchor.get("item", ""), anchor["start"], anchor["end"]))


def anchor_problems(anchors: Sequence[Anchor], field: str, context: Context) -> list[Problem]:
    """Places that are not there, and quotes that are not what stands there."""
    found = []
    for place, anchor in enumerate(anchors):
        fault = _fault(anchor, field, context)
        if fault:
            found.append(fault.under("evidence", place))
    return found


def _fault(anchor: Anchor, field: str, context: Context) -> Problem | None:
    if anchor.get("field", field) != field:
        return problem("/field", "unknown_field")
    source = _source(anchor, field, context)
    if source is None:
        return problem("/item", "unknown_item")
    start, end = anchor["start"], anchor["end"]
    if not start < end <= len(source):
        return problem("", "bad_offset")
    quote = source[start:end]
    return None if anchor.get("text", quote) == quote else problem("/text", "quote_mismatch")


def _source(anchor: Anchor, field: str, context: Context) -> str | None:
    """The text that is quoted: of the field, or of its element."""
    kind = context.fields[field].kind if field in context.fields else None
    if kind is None:
        return None
    return kind.text(context.payload.get(field), anchor.get("item"))
