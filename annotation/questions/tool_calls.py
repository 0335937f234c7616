"""tool_calls: the calls that should be made of the tools in a field; or none, and why."""

from typing import Annotated, Any

from pydantic import Field

from annotation.questions import messages
from annotation.questions.arguments import argument_problems, in_schema_order
from annotation.questions.attributes import without_nulls
from annotation.questions.base import Around, Context, Json, Problem, Seen, pointer, problem
from annotation.questions.calls import call_problems, is_call, tool_named
from annotation.questions.options import hotkeys_in, lint_hotkeys, lint_keys, not_higher, not_lower, widened_list
from annotation.questions.prose import compose, trim
from annotation.questions.shapes import Key, Model, Option, is_key

NAME = "tool_calls"
FIELDS: frozenset[str] | None = frozenset({"items"})
TEXT = MANY = False
MEMBERS = ("calls", "accept", "no_call", "clarify")
LEFT_OUT = ""  # among the accepted values of an argument: it may be left out
OWN_KEYS = tuple("123456789n")  # of the editor: the tools in their order, and that nothing is called


class Config(Model):
    """Settings of tool calls. Without `parallel` a single call is made; `min`, `max` number of calls otherwise.

    `alternatives`: values that would be as right may be said for each argument. `no_call`: reasons for calling nothing, if that may be;
    `clarify`: then one may write what should be asked instead.
    """

    parallel: bool = False
    min: Annotated[int, Field(ge=1)] | None = None
    max: Annotated[int, Field(ge=1)] | None = None
    alternatives: bool = False
    no_call: list[Option] = []
    clarify: bool = False


class Call(Model):
    """A tool by its name, and what it is given."""

    name: str
    arguments: dict[str, Any]


class Value(Model):
    """`accept`: of each call, by argument, the other values that would be as right; "" stands for leaving it out.

    `no_call`: why there are none; `clarify`: what should be asked instead.
    """

    calls: list[Call]
    accept: list[dict[str, list[Any]]] | None = None
    no_call: Key | None = None
    clarify: str | None = None


# --- Normal form ----------------------------------------------------------------------------------------------------
def normalise(value: Json, _config: Config, context: Context) -> Json:
    """Arguments in the order of the tool's parameters, accepted values that add something, the question to be asked trimmed."""
    if not isinstance(value, dict):
        return value
    kept = without_nulls(value)
    if _shape(kept):
        return kept
    tools = _tools(context)
    kept["calls"] = [_ordered(call, tools) for call in kept["calls"]]
    if "accept" in kept and len(kept["accept"]) == len(kept["calls"]):
        kept["accept"] = [_others(*each, tools) for each in zip(kept["calls"], kept["accept"], strict=True)]
        kept["accept"] = kept["accept"] if any(kept["accept"]) else ""
    if "clarify" in kept:
        kept["clarify"] = trim(compose(kept["clarify"]))
    return {name: kept[name] for name in MEMBERS if name in kept and kept[name] != ""}


def _ordered(call: dict[str, Json], tools: list[Json]) -> dict[str, Json]:
    tool = tool_named(call["name"], tools) or {}
    return {"name": call["name"], "arguments": in_schema_order(call["arguments"], tool.get("parameters"))}


def _others(call: dict[str, Json], accept: dict[str, list[Json]], tools: list[Json]) -> dict[str, list[Json]]:
    """The accepted values but for the given one and for doubles, in the order of the parameters. What is left out already needs no say."""
    given, parameters = call["arguments"], (tool_named(call["name"], tools) or {}).get("parameters")
    others = {}
    for name, values in accept.items():
        known = [given.get(name, LEFT_OUT)]
        for value in values:
            known += [] if any(_same(value, each) for each in known) else [value]
        others[name] = [in_schema_order({name: each}, parameters)[name] for each in known[1:]]
    order = list(in_schema_order(dict.fromkeys(others), parameters))
    return {name: others[name] for name in order if others[name]}


def _same(a: Json, b: Json) -> bool:
    """Equal, and of one kind: true is not 1."""
    return bool(a == b) and isinstance(a, bool) == isinstance(b, bool)


def _tools(context: Context) -> list[Json]:
    return context.elements(context.question.on[0])


# --- What is wrong --------------------------------------------------------------------------------------------------
def validate(value: Json, config: Config, context: Context) -> list[Problem]:
    """Each call by itself, how many there are, and the reason for none."""
    found = _shape(value)
    if found:
        return found
    if "no_call" in value or "clarify" in value:
        return _no_call_problems(value, config)
    tools = _tools(context)
    for place, call in enumerate(value["calls"]):
        found.extend(each.under("calls", place) for each in call_problems(call, tools, "unknown_tool"))
    return found + _count_problems(len(value["calls"]), config) + _accept_problems(value, config, tools)


def _accept_problems(value: dict[str, Json], config: Config, tools: list[Json]) -> list[Problem]:
    """Each accepted value as if it had been given."""
    if "accept" not in value:
        return []
    if not config.alternatives:
        return [problem("/accept", "type", wanted=messages.NOTHING)]
    if len(value["accept"]) != len(value["calls"]):
        return [problem("/accept", "accept_length", count=len(value["calls"]))]
    found = []
    for place, (call, accept) in enumerate(zip(value["calls"], value["accept"], strict=True)):
        tool = tool_named(call["name"], tools) or {}
        for name, values in accept.items():
            for number, each in enumerate(values):
                wrong = _accepted_problems(name, each, tool.get("parameters"))
                found += [problem(pointer("accept", place, name, number), code) for code in wrong]
    return found


def _accepted_problems(name: str, value: Json, parameters: Json) -> list[str]:
    """Codes of what is wrong with a value as this argument; whatever else the call needs is not asked for here."""
    parameters = parameters if isinstance(parameters, dict) else {}
    needed = parameters.get("required", [])
    if value == LEFT_OUT and not (isinstance(needed, list) and name in needed):
        return []
    alone = {**parameters, "required": []}
    return ["bad_arguments"] if any(True for _ in argument_problems({name: value}, alone)) else []


def _shape(value: Json) -> list[Problem]:
    if not isinstance(value, dict):
        return [problem("", "type", wanted=messages.AN_OBJECT)]
    found = [problem(pointer(name), "type", wanted=messages.NOTHING) for name in value if name not in MEMBERS]
    if not is_key(value.get("no_call", "-")):
        found.append(problem("/no_call", "type", wanted=messages.A_KEY))
    if not isinstance(value.get("clarify", ""), str):
        found.append(problem("/clarify", "type", wanted=messages.A_STRING))
    if not _is_accept(value.get("accept", [])):
        found.append(problem("/accept", "type", wanted=messages.A_LIST))
    calls = value.get("calls")
    if not isinstance(calls, list):
        return [*found, problem("/calls", "type", wanted=messages.A_LIST)]
    wrong = [place for place, call in enumerate(calls) if not is_call(call) or "id" in call]
    return found + [problem(f"/calls/{place}", "type", wanted=messages.A_CALL) for place in wrong]


def _is_accept(accept: Json) -> bool:
    """A list of objects whose members are lists."""
    objects = isinstance(accept, list) and all(isinstance(each, dict) for each in accept)
    return objects and all(isinstance(values, list) for each in accept for values in each.values())


def _count_problems(count: int, config: Config) -> list[Problem]:
    if count > 1 and not config.parallel:
        return [problem("/calls/1", "parallel_not_allowed")]
    if config.min is not None and count < config.min:
        return [problem("/calls", "too_few", min=config.min)]
    if config.max is not None and count > config.max:
        return [problem("/calls", "too_many", max=config.max)]
    return []


def _no_call_problems(value: dict[str, Json], config: Config) -> list[Problem]:
    if "clarify" in value and not (config.clarify and "no_call" in value):
        return [problem("/clarify", "type", wanted=messages.NOTHING)]
    if not config.no_call:
        return [problem("/no_call", "no_call_not_allowed")]
    if value["calls"] or "accept" in value:
        return [problem("", "contradiction")]
    known = any(option.key == value["no_call"] for option in config.no_call)
    return [] if known else [problem("/no_call", "unknown_option")]


# --- What others ask of it ------------------------------------------------------------------------------------------
def answered(value: Json, _config: Config) -> bool:
    """No call and no reason for that is no answer."""
    return bool(value != {"calls": []})


def seen(value: Json, _config: Config) -> Seen:
    """The number of calls."""
    return Seen(len(value["calls"]), count=len(value["calls"]))


def lint(config: Config, _around: Around) -> list[Problem]:
    """Limits that fit together; keys and hotkeys of the reasons."""
    most = config.max if config.parallel else 1
    found = [*lint_keys(config.no_call, "no_call"), *lint_hotkeys(hotkeys_in(config.no_call, "no_call"), OWN_KEYS)]
    if most is not None and (config.min or 1) > most:
        found.append(problem("/min", "bad_scale"))
    if config.clarify and not config.no_call:
        found.append(problem("/clarify", "bad_reference"))
    return found


def suits(_config: Config, context: Context) -> list[Problem]:
    """Every item is a tool with a name, and no two have the same."""
    found, names = [], set()
    field = context.question.on[0]
    for place, tool in enumerate(context.elements(field)):
        name = tool.get("name") if isinstance(tool, dict) else None
        if not isinstance(name, str):
            found.append(problem(pointer(field, place, "name"), "required"))
        elif name in names:
            found.append(problem(pointer(field, place, "name"), "duplicate"))
        names.add(name)
    return found


def widened(old: Config, new: Config) -> bool:
    """At least the same answers."""
    limits = not_higher(old.min, new.min) and not_lower(old.max, new.max)
    return (
        limits
        and new.parallel >= old.parallel
        and new.alternatives >= old.alternatives
        and new.clarify >= old.clarify
        and widened_list(old.no_call, new.no_call)
    )
