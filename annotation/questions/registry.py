"""Which types there are. A new one: its module, and its name here."""

from collections.abc import Mapping

from annotation.questions import (
    choice,
    choices,
    number,
    preference,
    ranking,
    rating,
    records,
    regions,
    segments,
    spans,
    text,
    tool_calls,
    verdicts,
)
from annotation.questions.base import FieldType, QuestionType
from annotation.questions.fields import audio, chat, image, items, markdown, table, trajectory
from annotation.questions.fields import text as text_field

_QUESTIONS: tuple[QuestionType, ...] = (
    *(choice, choices, rating, number, text, preference, ranking),
    *(spans, regions, segments, verdicts, records, tool_calls),
)
_FIELDS: tuple[FieldType, ...] = (text_field, markdown, chat, image, audio, items, table, trajectory)

QUESTION_TYPES: Mapping[str, QuestionType] = {kind.NAME: kind for kind in _QUESTIONS}
FIELD_TYPES: Mapping[str, FieldType] = {kind.NAME: kind for kind in _FIELDS}
