"""verdicts: one walk over the elements of a field in their order, each judged; where it matters, the first fault among them."""

from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from annotation.questions import messages
from annotation.questions.attributes import without_nulls
from annotation.questions.base import Around, Context, Json, Problem, Seen, element_key, element_keys, pointer, problem
from annotation.questions.conditions import is_where
from annotation.questions.judged import Judged, JudgingSettings, element_problems, element_shape, tidied_element
from annotation.questions.options import hotkeys_in, lint_colours, lint_hotkeys, lint_keys, not_higher, widened_list
from annotation.questions.shapes import Model

NAME = "verdicts"
FIELDS: frozenset[str] | None = frozenset({"items", "chat", "table", "trajectory"})
TEXT = MANY = False


class Config(JudgingSettings):
    """Settings of verdicts. With `stop_at_first` nothing is asked behind an option with `stop`.

    `where`: only elements with these members. `first`: no first fault, the first in order, or the one that the person names.
    """

    measure: Literal["nominal", "ordinal", "interval"] = "nominal"
    where: dict[str, Annotated[list[str | float | bool | None], Field(min_length=1)]] = {}
    stop_at_first: bool = False
    first: Literal["none", "derived", "chosen"] = "none"

    @cached_property
    def stops(self) -> frozenset[str]:
        """Options that end the walk."""
        return frozenset(option.key for option in self.options if option.stop and self.stop_at_first)


class Value(Model):
    """`first`: the element with the first fault; left out if there is none."""

    items: list[Judged]
    first: str | None = None


# --- Normal form ----------------------------------------------------------------------------------------------------
def normalise(value: Json, config: Config, context: Context) -> Json:
    """In the order of the field, without what says nothing; the first fault is worked out where it is derived."""
    if not isinstance(value, dict):
        return value
    kept = without_nulls(value)
    if isinstance(kept.get("items"), list):
        kept["items"] = [without_nulls(each) if isinstance(each, dict) else each for each in kept["items"]]
    if _shape(kept):
        return kept
    place = {key: number for number, key in enumerate(element_keys(context.payload.get(context.question.on[0])))}
    items = [tidied_element(each, config, context) for each in kept["items"]]
    items.sort(key=lambda each: place.get(each["item"], len(place)))
    first = kept.get("first")
    if config.first == "derived":
        first = next((each["item"] for each in items if each["verdict"] in config.faults), None)
    return without_nulls({"items": items, "first": first})


# --- What is wrong --------------------------------------------------------------------------------------------------
def validate(value: Json, config: Config, context: Context) -> list[Problem]:
    """Each element by itself, the walk over them, and the first fault."""
    found = _shape(value)
    if found:
        return found
    for place, judged in enumerate(value["items"]):
        found.extend(each.under("items", place) for each in element_problems(judged, config, context))
    return found + _walk_problems(value["items"], config, context) + _first_problems(value, config, context)


def _shape(value: Json) -> list[Problem]:
    if not isinstance(value, dict):
        return [problem("", "type", wanted=messages.AN_OBJECT)]
    found = [
        problem(pointer(name), "type", wanted=messages.NOTHING) for name in value if name not in ("items", "first")
    ]
    if not isinstance(value.get("first", ""), str):
        found.append(problem("/first", "type", wanted=messages.A_KEY))
    items = value.get("items")
    if not isinstance(items, list):
        return [*found, problem("/items", "type", wanted=messages.A_LIST)]
    for place, judged in enumerate(items):
        found.extend(each.under("items", place) for each in element_shape(judged))
    return found


def _walk_problems(items: list[dict[str, Json]], config: Config, context: Context) -> list[Problem]:
    """Every element that is asked about is judged, once, and in order where order matters; none behind the end of the walk."""
    keys = asked_of(config, context)
    place = {key: number for number, key in enumerate(keys)}
    in_order = config.stop_at_first or config.first != "none"
    found: list[Problem] = []
    seen: set[str] = set()
    stopped = False
    for number, judged in enumerate(items):
        key, at = judged["item"], f"/items/{number}/item"
        if key not in place:
            found.append(problem(at, "unknown_item"))
            continue
        if key in seen:
            found.append(problem(at, "duplicate"))
        elif stopped:
            found.append(problem(at, "after_stop"))
        elif in_order and place[key] > len(seen):
            found.append(problem(at, "order", item=keys[len(seen)]))
        seen.add(key)
        stopped = stopped or judged["verdict"] in config.stops
    if not stopped:
        found.extend(problem("/items", "missing_item", item=key) for key in keys if key not in seen)
    return found


def asked_of(config: Config, context: Context) -> list[str]:
    """Keys of the elements that are to be judged."""
    elements = context.elements(context.question.on[0])
    return [element_key(each, place) for place, each in enumerate(elements) if is_where(each, config.where)]


def _first_problems(value: dict[str, Json], config: Config, context: Context) -> list[Problem]:
    first = value.get("first")
    if first is None:
        return []
    if config.first == "none":
        return [problem("/first", "type", wanted=messages.NOTHING)]
    if first not in asked_of(config, context):
        return [problem("/first", "unknown_item")]
    faults = {judged["item"] for judged in value["items"] if judged["verdict"] in config.faults}
    return [] if first in faults else [problem("/first", "first_mismatch")]


# --- What others ask of it ------------------------------------------------------------------------------------------
def answered(value: Json, _config: Config) -> bool:
    """Nothing judged is no answer."""
    return bool(value != {"items": []})


def seen(value: Json, config: Config) -> Seen:
    """The first fault, and the number of faults."""
    faults = sum(judged["verdict"] in config.faults for judged in value["items"])
    return Seen(value.get("first"), count=faults)


def own_keys(config: Config) -> list[str]:
    """Keys that the editor keeps for itself: `o` opens what is folded."""
    used = {
        "f": config.fix != "none",
        "r": config.reason != "none",
        "c": config.first == "chosen",
        "e": config.evidence is not None,
        "u": config.unsure,
        "o": True,
    }
    return [key for key, on in used.items() if on]


def lint(config: Config, around: Around) -> list[Problem]:
    """Keys, colours, hotkeys; a fault where a first one is wanted, an end where the walk is to stop; fields that fit."""
    found = [
        *lint_keys(config.options, "options"),
        *lint_colours(config.options, "options"),
        *lint_hotkeys(hotkeys_in(config.options, "options"), own_keys(config)),
        *lint_keys(config.reason_codes, "reason_codes"),
    ]
    if config.first != "none" and not config.faults:
        found.append(problem("/first", "bad_reference"))
    if config.stop_at_first and not config.stops:
        found.append(problem("/stop_at_first", "bad_reference"))
    return found + _lint_fields(config, around)


def _lint_fields(config: Config, around: Around) -> list[Problem]:
    found = []
    for member, name in (("tools", config.tools), ("evidence", config.evidence)):
        if name is None:
            continue
        field = around.fields.get(name)
        if field is None:
            found.append(problem(f"/{member}", "unknown_field"))
        elif not (field.kind.MARKABLE if member == "evidence" else field.type == "items"):
            found.append(problem(f"/{member}", "wrong_field_type", type=field.type))
    return found


def suits(config: Config, context: Context) -> list[Problem]:
    """At least one element to judge."""
    return [] if asked_of(config, context) else [problem(pointer(context.question.on[0]), "too_few", min=1)]


def widened(old: Config, new: Config) -> bool:
    """At least the same verdicts on the same elements, and nothing more that must be said of them."""
    alike = ("measure", "where", "stop_at_first", "first")
    if any(getattr(old, name) != getattr(new, name) for name in alike):
        return False
    reasons = new.reason in (old.reason, "optional") and not_higher(old.reason_min_chars, new.reason_min_chars)
    fixes = (old.fix in ("none", new.fix)) and new.fix_required <= old.fix_required and old.tools == new.tools
    more = new.unsure >= old.unsure and old.evidence in (None, new.evidence)
    lists = widened_list(old.options, new.options) and widened_list(old.reason_codes, new.reason_codes)
    return reasons and fixes and more and lists
