"""Lists to choose from: fixed in the schema, or supplied by an items field of the task."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Self

from pydantic import model_validator

from annotation.questions import messages
from annotation.questions.base import Around, Context, Json, Payload, Problem, element_key, pointer, problem
from annotation.questions.hotkeys import chord
from annotation.questions.prose import compose, trim
from annotation.questions.shapes import Labels, Model, Name, Option, Options, not_a, titles


class OptionSettings(Model):
    """`options` in the schema, or `options_from` an items field: exactly one of them."""

    options: Options | None = None
    options_from: Name | None = None
    other: bool = False
    shuffle: bool = False

    @model_validator(mode="after")
    def _one_of_them(self) -> "OptionSettings":
        if (self.options is None) == (self.options_from is None):
            raise not_a(messages.SOMETHING_ELSE)
        return self

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Place of each fixed key."""
        return {option.key: place for place, option in enumerate(self.options or ())}

    @cached_property
    def exclusive(self) -> frozenset[str]:
        """Keys that stand alone."""
        return frozenset(option.key for option in self.options or () if option.exclusive)


class MaybeLabels(Model):
    """`labels` in the schema, or `labels_from` an items field, or neither."""

    labels: Labels | None = None
    labels_from: Name | None = None

    @model_validator(mode="after")
    def _not_both(self) -> Self:
        if self.labels is not None and self.labels_from is not None:
            raise not_a(messages.SOMETHING_ELSE)
        return self

    @cached_property
    def label_keys(self) -> frozenset[str]:
        """The fixed keys."""
        return frozenset(label.key for label in self.labels or ())


class LabelSettings(MaybeLabels):
    """Exactly one of `labels` and `labels_from`."""

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if self.labels is None and self.labels_from is None:
            raise not_a(messages.SOMETHING_ELSE)
        return self


class Other(Model):
    """An answer in the contributor's own words."""

    other: str


def listed(payload: Payload, field: str) -> list[Option]:
    """The options that an items field supplies: key = item key, title = item title or content."""
    value = payload.get(field)
    elements = value if isinstance(value, list) else []
    return [_option(element, index) for index, element in enumerate(elements)]


def _option(element: Json, index: int) -> Option:
    title = element
    if isinstance(element, dict):
        title = element.get("title") or element.get("content")
    return Option.model_construct(key=element_key(element, index), title=title if isinstance(title, str) else "")


def options_of(config: OptionSettings, payload: Payload) -> Sequence[Option]:
    """The options of a question in a task."""
    return config.options if config.options is not None else listed(payload, config.options_from or "")


def labels_of(config: MaybeLabels, payload: Payload) -> Sequence[Option]:
    """The labels of a question in a task."""
    return config.labels if config.labels is not None else listed(payload, config.labels_from or "")


def index_of(config: OptionSettings, payload: Payload) -> Mapping[str, int]:
    """Place of each key that may be chosen."""
    if config.options is not None:
        return config.index
    return {option.key: place for place, option in enumerate(options_of(config, payload))}


def label_keys_of(config: MaybeLabels, payload: Payload) -> frozenset[str]:
    """The labels that may be used."""
    if config.labels is not None:
        return config.label_keys
    return frozenset(label.key for label in labels_of(config, payload))


def normalise_choice(value: Json, config: OptionSettings, context: Context) -> Json:
    """A key as it is; own words trimmed, or the key of the option that has them as its title."""
    if not isinstance(value, dict) or value.keys() != {"other"} or not isinstance(value["other"], str):
        return value
    words = trim(compose(value["other"]))
    for option in options_of(config, context.payload):
        if words in (titles(option.title) or [option.key]):
            return option.key
    return {"other": words}


def choice_problems(value: Json, config: OptionSettings, keys: Mapping[str, int]) -> list[Problem]:
    """What is wrong with one choice."""
    if isinstance(value, str):
        return [] if value in keys else [problem("", "unknown_option")]
    if not isinstance(value, dict) or "other" not in value:
        return [problem("", "type", wanted=messages.A_CHOICE)]
    found = [problem(pointer(name), "type", wanted=messages.NOTHING) for name in value if name != "other"]
    if not isinstance(value["other"], str):
        found.append(problem("/other", "type", wanted=messages.A_STRING))
    if found:
        return found
    if not config.other:
        return [problem("", "other_not_allowed")]
    return [] if value["other"] else [problem("/other", "required")]


def lint_listed(config: Any, member: str, around: Around) -> list[Problem]:
    """`options_from`, `labels_from`, `constraints_from` name an items field."""
    name = getattr(config, member)
    if name is None:
        return []
    field = around.fields.get(name)
    if field is None:
        return [problem(f"/{member}", "unknown_field")]
    return [] if field.type == "items" else [problem(f"/{member}", "wrong_field_type", type=field.type)]


def lint_keys(options: Sequence[Any] | None, member: str) -> list[Problem]:
    """Keys are unique."""
    found, seen = [], set()
    for place, option in enumerate(options or ()):
        if option.key in seen:
            found.append(problem(f"/{member}/{place}/key", "duplicate_key", key=option.key))
        seen.add(option.key)
    return found


def lint_colours(options: Sequence[Option] | None, member: str) -> list[Problem]:
    """No two options look the same."""
    found, seen = [], set()
    for place, option in enumerate(options or ()):
        if option.colour is not None and option.colour in seen:
            found.append(problem(f"/{member}/{place}/colour", "colour_clash", colour=option.colour))
        seen.add(option.colour)
    return found


def lint_hotkeys(hotkeys: Sequence[tuple[str, str | None]], builtin: Sequence[str] = ()) -> list[Problem]:
    """Keys of one question: free ones only, none twice. `hotkeys`: (path, key); `builtin`: the editor's own keys."""
    found, seen = [], set(builtin)
    for path, hotkey in hotkeys:
        if hotkey is None:
            continue
        spelling = chord(hotkey)
        if spelling is None:
            found.append(problem(path, "hotkey_reserved", hotkey=hotkey))
        elif spelling in seen:
            found.append(problem(path, "hotkey_collision", hotkey=hotkey))
        seen.add(spelling or "")
    return found


def hotkeys_in(options: Sequence[Any] | None, member: str) -> list[tuple[str, str | None]]:
    """(path, key) of each option."""
    return [(f"/{member}/{place}/hotkey", option.hotkey) for place, option in enumerate(options or ())]


def lint_options(config: OptionSettings, around: Around) -> list[Problem]:
    """What is wrong with a list of options."""
    return [
        *lint_listed(config, "options_from", around),
        *lint_keys(config.options, "options"),
        *lint_colours(config.options, "options"),
        *lint_hotkeys(hotkeys_in(config.options, "options")),
    ]


def suits_options(config: OptionSettings, context: Context) -> list[Problem]:
    """A task that supplies the options supplies at least two."""
    if config.options_from is None or len(context.elements(config.options_from)) > 1:
        return []
    return [problem(pointer(config.options_from), "too_few", min=2)]


def widened_list(old: Sequence[Option] | None, new: Sequence[Option] | None) -> bool:
    """Whether every old option is still there and means the same."""
    if old is None or new is None:
        return old is new
    now = {option.key: option for option in new}
    return all(each.key in now and _meaning(each) == _meaning(now[each.key]) for each in old)


def _meaning(option: Option) -> tuple[Any, ...]:
    return option.value, option.exclusive, option.abstain, option.error, option.stop


def widened_options(old: OptionSettings, new: OptionSettings) -> bool:
    """Whether every old choice may still be made."""
    same_source = old.options_from == new.options_from
    return same_source and widened_list(old.options, new.options) and new.other >= old.other


def not_lower(old: float | None, new: float | None) -> bool:
    """Whether an upper limit still lets everything through."""
    return new is None or (old is not None and new >= old)


def not_higher(old: float | None, new: float | None) -> bool:
    """Whether a lower limit still lets everything through."""
    return new is None or (old is not None and new <= old)
