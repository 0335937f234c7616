"""Topics: kinds of work as people look for them. A project's topic follows from the preset that it started from."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Topic:
    """`presets`: names, in the order in which they are shown."""

    key: str
    title: Any
    icon: str
    presets: tuple[str, ...] = ()


MORE = Topic("more", _("More"), "layers")
TOPICS = (
    Topic(
        "compare",
        _("Compare and rank"),
        "compare",
        ("pairwise", "preference", "preference_aspects", "ranking", "image_preference"),
    ),
    Topic(
        "sort",
        _("Sort and rate"),
        "tag",
        ("classify", "multi_label", "classify_scale", "message_review", "safety_review", "response_rating"),
    ),
    Topic("mark", _("Mark passages"), "mark", ("ner", "pii", "relations", "fact_spans", "mqm")),
    Topic("check", _("Check facts and sources"), "search", ("fact_check", "retrieval_relevance")),
    Topic(
        "steps",
        _("Judge step by step"),
        "list",
        ("step_labels", "trajectory_review", "rubric_grade", "rubric_review", "table_review", "tool_call"),
    ),
    Topic(
        "write",
        _("Write and edit"),
        "edit",
        ("sft_write", "rewrite", "critique_edit", "rubric_author", "expert_qa_author"),
    ),
    Topic("pictures", _("Pictures"), "image", ("object_detection",)),
    Topic("sound", _("Sound"), "play", ("transcribe",)),
    MORE,
)


def topic_of(preset: str) -> str:
    """The key of the topic that a preset belongs to."""
    return next((topic.key for topic in TOPICS if preset in topic.presets), MORE.key)
