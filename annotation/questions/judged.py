"""One judged element of a question for verdicts: the settings, and what is said of the element."""

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field

from annotation.questions import evidence, messages
from annotation.questions.base import Context, Json, Problem, pointer, problem
from annotation.questions.calls import call_problems
from annotation.questions.prose import compose, trim
from annotation.questions.shapes import Key, Model, Name, Option, Options, is_key

MEMBERS = ("item", "verdict", "unsure", "reason", "codes", "fix", "evidence")


class JudgingSettings(Model):
    """What may be said of an element. Options with `error` are faults.

    `tools`: the field with the tools that a better call may use; `evidence`: the field that is quoted from.
    """

    options: Options
    reason: Literal["none", "optional", "on_error", "always"] = "none"
    reason_min_chars: Annotated[int, Field(ge=0)] | None = None
    reason_codes: list[Option] = []
    unsure: bool = False
    fix: Literal["none", "text", "call"] = "none"
    fix_required: bool = False
    tools: Name | None = None
    evidence: Name | None = None

    @cached_property
    def keys(self) -> frozenset[str]:
        """What an element may be judged as."""
        return frozenset(option.key for option in self.options)

    @cached_property
    def faults(self) -> frozenset[str]:
        """Options that are a fault."""
        return frozenset(option.key for option in self.options if option.error)

    @cached_property
    def codes(self) -> list[str]:
        """Reasons in short."""
        return [option.key for option in self.reason_codes]

    @cached_property
    def offered(self) -> frozenset[str]:
        """Members that a judged element may have."""
        asked = {
            "unsure": self.unsure,
            "reason": self.reason != "none",
            "codes": bool(self.reason_codes),
            "fix": self.fix != "none",
            "evidence": self.evidence is not None,
        }
        return frozenset({"item", "verdict"} | {name for name, on in asked.items() if on})


class Judged(Model):
    """One element with what is said of it."""

    item: Key
    verdict: Key
    unsure: Literal[True] | None = None
    reason: str | None = None
    codes: list[Key] | None = None
    fix: str | dict[str, Any] | None = None
    evidence: list[dict[str, Any]] | None = None


def tidied_element(judged: dict[str, Json], config: JudgingSettings, context: Context) -> dict[str, Json]:
    """Words trimmed, reasons in the order of the schema, quotes filled in; what says nothing is left out."""
    tidied = dict(judged)
    if "reason" in judged:
        tidied["reason"] = trim(compose(judged["reason"]))
    if "codes" in judged:
        place = {code: number for number, code in enumerate(config.codes)}
        tidied["codes"] = sorted(judged["codes"], key=lambda code: place.get(code, len(place)))
    if isinstance(judged.get("fix"), str):
        tidied["fix"] = trim(compose(judged["fix"]))
    if config.evidence is not None and "evidence" in judged:
        tidied["evidence"] = evidence.quoted(judged["evidence"], config.evidence, context)
    return {name: each for name, each in tidied.items() if each not in ("", [], False)}


def element_shape(judged: Json) -> list[Problem]:
    """What is wrong with its outline."""
    if not isinstance(judged, dict):
        return [problem("", "type", wanted=messages.AN_OBJECT)]
    found = [problem(pointer(name), "type", wanted=messages.NOTHING) for name in judged if name not in MEMBERS]
    unnamed = [name for name in ("item", "verdict") if not is_key(judged.get(name))]
    found.extend(problem(f"/{name}", "type", wanted=messages.A_KEY) for name in unnamed)
    if not isinstance(judged.get("unsure", False), bool):
        found.append(problem("/unsure", "type", wanted=messages.A_BOOLEAN))
    if not isinstance(judged.get("reason", ""), str):
        found.append(problem("/reason", "type", wanted=messages.A_STRING))
    codes = judged.get("codes", [])
    if not isinstance(codes, list) or not all(map(is_key, codes)):
        found.append(problem("/codes", "type", wanted=messages.A_LIST))
    return found + evidence.shape_problems(judged.get("evidence", []))


def element_problems(judged: dict[str, Json], config: JudgingSettings, context: Context) -> list[Problem]:
    """What is wrong with a well-formed one: the verdict, its reason, the better version, the evidence."""
    found = [problem(f"/{name}", "type", wanted=messages.NOTHING) for name in judged if name not in config.offered]
    if found:
        return found
    if judged["verdict"] not in config.keys:
        found.append(problem("/verdict", "unknown_option"))
    found += _reason_problems(judged, config) + _fix_problems(judged, config, context)
    if config.evidence is not None:
        found += evidence.anchor_problems(judged.get("evidence", []), config.evidence, context)
    return found


def _reason_problems(judged: dict[str, Json], config: JudgingSettings) -> list[Problem]:
    """A code is a reason too."""
    codes, reason = judged.get("codes", []), judged.get("reason")
    found = [
        problem(f"/codes/{place}", "unknown_option") for place, code in enumerate(codes) if code not in config.codes
    ]
    if len(set(codes)) < len(codes):
        found.append(problem("/codes", "duplicate"))
    wanted = config.reason == "always" or (config.reason == "on_error" and judged["verdict"] in config.faults)
    if wanted and not codes and not reason:
        found.append(problem("/reason", "reason_missing"))
    if reason and config.reason_min_chars is not None and len(reason) < config.reason_min_chars:
        found.append(problem("/reason", "too_short", min=config.reason_min_chars))
    return found


def _fix_problems(judged: dict[str, Json], config: JudgingSettings, context: Context) -> list[Problem]:
    fix = judged.get("fix")
    if fix is None:
        missing = config.fix_required and judged["verdict"] in config.faults
        return [problem("/fix", "fix_missing")] if missing else []
    if config.fix == "text":
        return [] if isinstance(fix, str) else [problem("/fix", "fix_type", wanted=messages.A_STRING)]
    tools = None if config.tools is None else context.elements(config.tools)
    return [each.under("fix") for each in call_problems(fix, tools)]
