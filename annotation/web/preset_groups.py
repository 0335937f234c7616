"""The presets as a newcomer looks for them: by what people will do."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from annotation.domain.topics import MORE, TOPICS
from annotation.queries.tasks import excerpt
from annotation.questions.presets import Preset, all_presets

# What a project starts from that uses no preset.
BLANK: dict[str, Any] = {
    "language": "manyhands/1",
    "fields": [{"name": "text", "type": "text", "title": {"en": "Text"}}],
    "questions": [
        {
            "name": "answer",
            "type": "choice",
            "title": {"en": "What do you think?"},
            "config": {"options": [{"key": "yes", "title": {"en": "Yes"}}, {"key": "no", "title": {"en": "No"}}]},
        }
    ],
}


@dataclass(frozen=True, slots=True)
class Card:
    """A preset for somebody who chooses: what people see, what they are asked, how long it takes."""

    name: str
    title: str
    about: str
    example: str
    asks: list[str]
    minutes: float
    answers: int


@dataclass(frozen=True, slots=True)
class Group:
    """Presets that belong together."""

    title: Any
    icon: str
    cards: list[Card]


def groups() -> list[Group]:
    """All presets; one that no group names stands under More."""
    cards = {preset.name: _card(preset) for preset in all_presets()}
    named = [
        Group(topic.title, topic.icon, [cards.pop(name) for name in topic.presets if name in cards]) for topic in TOPICS
    ]
    return [group for group in [*named, Group(MORE.title, MORE.icon, list(cards.values()))] if group.cards]


def _card(preset: Preset) -> Card:
    return Card(
        name=preset.name,
        title=words(preset.title),
        about=words(preset.about),
        example="" if preset.schema["fields"][0]["type"] in ("image", "audio") else excerpt(preset.example["payload"]),
        asks=[words(question["title"]) for question in preset.schema["questions"]],
        minutes=preset.defaults["minutes"],
        answers=preset.defaults["answers"],
    )


def words(given: Any) -> str:
    """A title in the reader's language, else in English."""
    if isinstance(given, str):
        return given
    language = "zh-Hans" if (get_language() or "").startswith("zh") else "en"
    return str(given.get(language) or given.get("en", ""))
