"""Legend: what a question offers in one task, with the key and the colour of each option."""

from collections.abc import Sequence
from dataclasses import dataclass

from annotation.questions import segments, verdicts
from annotation.questions.base import Payload, Question
from annotation.questions.hotkeys import allocate, chord
from annotation.questions.marks import MarkSettings, hotkeys_beside
from annotation.questions.options import OptionSettings, labels_of, options_of
from annotation.questions.shapes import Option

SLOTS = 20  # colours of the label palette


@dataclass(frozen=True, slots=True)
class Entry:
    """An option or label. `hotkey` '' if all keys are used up; `colour` = palette slot 1-20."""

    option: Option
    hotkey: str
    colour: int


def legend(question: Question, payload: Payload) -> list[Entry]:
    """Options or labels in their order; none for a question without."""
    config = question.config
    if isinstance(config, OptionSettings):
        return _entries(options_of(config, payload), [])
    if isinstance(config, MarkSettings):
        taken = [chord(hotkey) for _path, hotkey in hotkeys_beside(config) if hotkey]
        return _entries(labels_of(config, payload), [each for each in taken if each])
    if isinstance(config, segments.Config):
        taken = [chord(tag.hotkey) for tag in config.tags if tag.hotkey]
        return _entries(labels_of(config, payload), [*segments.OWN_KEYS, *filter(None, taken)])
    if isinstance(config, verdicts.Config):
        return _entries(config.options, verdicts.own_keys(config))
    return []


def _entries(options: Sequence[Option], taken: Sequence[str]) -> list[Entry]:
    keys = allocate([option.hotkey for option in options], taken)
    return [Entry(option, key, colour) for option, key, colour in zip(options, keys, _colours(options), strict=True)]


def _colours(options: Sequence[Option]) -> list[int]:
    """Own slots kept; the others take the free ones in order, and start again when all are used."""
    own = {option.colour for option in options}
    free = [slot for slot in range(1, SLOTS + 1) if slot not in own] or list(range(1, SLOTS + 1))
    place = 0
    colours = []
    for option in options:
        if option.colour is None:
            colours.append(free[place % len(free)])
            place += 1
        else:
            colours.append(option.colour)
    return colours
