"""One task as a customer sends it: checked, and brought into the columns that are stored. Runs for every row of an import."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from json.encoder import encode_basestring as quoted
from typing import Any

from django.utils.dateparse import parse_datetime

from annotation.formats.uploads import Unreadable
from annotation.models import ServiceClass
from annotation.questions.answers import check_payload, media_of
from annotation.questions.base import Problem, pointer
from annotation.questions.schema import Schema, canonical
from annotation.questions.storage import storable
from workforce.models import Sensitive

OPTIONS = ("batch", "priority", "service_class", "deadline", "quality", "tags", "metadata", "requirements")
PLAIN = frozenset({"payload", "unique_id"})
MEMBERS = PLAIN | set(OPTIONS)
UNIQUE_ID_LENGTH = 255
METADATA_BYTES = 16_384
MOST_TAGS, TAG_LENGTH = 20, 60
MOST_SEATS = 100
NO_FILES: list[tuple[str, dict[str, Any]]] = []

Wrong = dict[str, Any]  # {pointer, code, detail}


@dataclass(frozen=True, slots=True)
class Options:
    """What a task may say beside its payload; None: as its batch and project say."""

    priority: int | None = None
    service_class: str = ServiceClass.STANDARD.value
    deadline: datetime | None = None
    seats: tuple[int, int] | None = None  # wanted at first, at most
    requirements: Mapping[str, Any] | None = None  # beside the project's own
    batch: str | None = None
    tags: tuple[str, ...] = ()
    metadata: str = "{}"


NO_OPTIONS = Options()


@dataclass(slots=True)
class Input:
    """A checked row. `body`: canonical JSON of the payload; `files`: media whose sizes are filled in from the media store.

    `wrong`: what keeps it from being stored.
    """

    row: int
    unique_id: str
    input_sha256: str
    payload: dict[str, Any]
    body: str
    options: Options
    wrong: list[Wrong]
    files: list[tuple[str, dict[str, Any]]]


def check(schema: Schema, given: Any, row: int) -> Input:
    """The row of this number; `wrong` says what keeps it from being stored."""
    if isinstance(given, Unreadable):
        return _refused(row, "", [wrong("", given.code, given.detail)])
    if type(given) is not dict:
        return _refused(row, "", [wrong("", "type", "A task is an object.")])
    found: list[Wrong] = []
    unique_id = _unique_id(given.get("unique_id"), found)
    stored, problems = check_payload(schema, given.get("payload"))
    if problems:
        found += in_words(problems)
    options = NO_OPTIONS if given.keys() <= PLAIN else _options(given, found)
    if found:
        return _refused(row, unique_id, found)
    body = canonical(stored)
    digest = sha256(_as_sent(given, stored, body)) if unique_id else ""
    files = list(media_of(schema, stored)) if schema.has_media else NO_FILES
    return Input(row, unique_id, digest, stored, body, options, found, files)


def _as_sent(given: dict[str, Any], stored: dict[str, Any], body: str) -> str:
    """Canonical JSON of the whole input. Of most of them all but the unique_id is known already: the payload was stored as it came."""
    if given.keys() == PLAIN and given["payload"] == stored:
        return f'{{"payload":{body},"unique_id":{quoted(given["unique_id"])}}}'
    return canonical(given)


def sha256(text: str) -> str:
    """In hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def wrong(at: str, code: str, detail: str) -> Wrong:
    """One thing that is wrong with an input."""
    return {"pointer": at, "code": code, "detail": detail}


def in_words(problems: Iterable[Problem]) -> list[Wrong]:
    """What blocks, of the problems of a payload."""
    return [wrong(f"/payload{each.path}", each.code, each.message) for each in problems if each.blocking]


def _refused(row: int, unique_id: str, found: list[Wrong]) -> Input:
    return Input(row, unique_id, "", {}, "", NO_OPTIONS, found, NO_FILES)


def _unique_id(value: Any, found: list[Wrong]) -> str:
    """Empty if there is none."""
    if value is None:
        return ""
    if isinstance(value, str) and 0 < len(value) <= UNIQUE_ID_LENGTH and storable(value):
        return value
    found.append(wrong("/unique_id", "type", "unique_id is a text of 1 to 255 characters."))
    return ""


def _options(given: Mapping[str, Any], found: list[Wrong]) -> Options:
    """Everything beside payload and unique_id."""
    found.extend(
        wrong(pointer(name) if storable(name) else "", "unknown_member", "A task has no such member.")
        for name, value in given.items()
        if name not in MEMBERS and value is not None
    )
    return Options(
        priority=_priority(given.get("priority"), found),
        service_class=_service_class(given.get("service_class"), found),
        deadline=_deadline(given.get("deadline"), found),
        seats=_seats(given.get("quality"), found),
        requirements=_requirements(given.get("requirements"), found),
        batch=_batch(given.get("batch"), found),
        tags=_tags(given.get("tags"), found),
        metadata=_metadata(given.get("metadata"), found),
    )


def _priority(value: Any, found: list[Wrong]) -> int | None:
    if value is None or (type(value) is int and 0 <= value <= 100):
        return value
    found.append(wrong("/priority", "out_of_range", "priority is a whole number from 0 to 100."))
    return None


def _service_class(value: Any, found: list[Wrong]) -> str:
    if value is None:
        return NO_OPTIONS.service_class
    if value not in ServiceClass.values:
        found.append(wrong("/service_class", "unknown_option", "service_class is urgent, standard, bulk or training."))
    return str(value)


def _deadline(value: Any, found: list[Wrong]) -> datetime | None:
    if value is None:
        return None
    try:
        at = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        found.append(wrong("/deadline", "type", "deadline is a time with its zone, like 2026-11-24T09:00:00Z."))
        return None
    return at


def _seats(value: Any, found: list[Wrong]) -> tuple[int, int] | None:
    """`quality: {overlap: {min, max}}`; when to stop in between is the project's confidence."""
    if value is None:
        return None
    overlap = value.get("overlap") if isinstance(value, dict) and value.keys() == {"overlap"} else None
    if not isinstance(overlap, dict) or not overlap.keys() <= {"min", "max"}:
        detail = "Of quality a task may set overlap with min and max; the rest is the project's."
        found.append(wrong("/quality", "unknown_member", detail))
        return None
    least = overlap.get("min", 1)
    most = overlap.get("max", least)
    if type(least) is not int or type(most) is not int or not 1 <= least <= most <= MOST_SEATS:
        found.append(wrong("/quality/overlap", "out_of_range", f"1 <= min <= max <= {MOST_SEATS}"))
        return None
    return least, most


def _requirements(value: Any, found: list[Wrong]) -> dict[str, Any] | None:
    """`{skills: [{skill, value?}], languages: [{tag, level?}], sensitive: [category]}`."""
    if value is None:
        return None
    keys = {"skills": ("skill", "value"), "languages": ("tag", "level")}
    if not isinstance(value, dict) or not value.keys() <= {*keys, "sensitive"}:
        found.append(wrong("/requirements", "type", "requirements has skills, languages and sensitive."))
        return None
    for kind in keys.keys() & value.keys():
        entries = value[kind]
        if not isinstance(entries, list) or not all(_is_requirement(each, *keys[kind]) for each in entries):
            detail = f"{kind} is a list of objects with {keys[kind][0]} and {keys[kind][1]}."
            found.append(wrong(f"/requirements/{kind}", "type", detail))
    sensitive = value.get("sensitive", [])
    if not isinstance(sensitive, list) or not all(each in Sensitive.values for each in sensitive):
        detail = f"sensitive is a list of: {', '.join(Sensitive.values)}."
        found.append(wrong("/requirements/sensitive", "unknown_option", detail))
    return value


def _is_requirement(entry: Any, name: str, level: str) -> bool:
    if not isinstance(entry, dict) or not entry.keys() <= {name, level}:
        return False
    return isinstance(entry.get(name), str) and storable(entry[name]) and type(entry.get(level, 0)) is int


def _batch(value: Any, found: list[Wrong]) -> str | None:
    if value is None or isinstance(value, str):
        return value
    found.append(wrong("/batch", "type", "batch is the id of a batch of this project."))
    return None


def _tags(value: Any, found: list[Wrong]) -> tuple[str, ...]:
    if value is None:
        return ()
    good = isinstance(value, list) and len(value) <= MOST_TAGS
    if not good or not all(isinstance(tag, str) and 0 < len(tag) <= TAG_LENGTH and storable(tag) for tag in value):
        found.append(wrong("/tags", "type", f"tags is a list of at most {MOST_TAGS} texts of 1 to {TAG_LENGTH}."))
        return ()
    return tuple(value)


def _metadata(value: Any, found: list[Wrong]) -> str:
    if value is None:
        return NO_OPTIONS.metadata
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) and storable(value) else ""
    if not text or len(text.encode()) > METADATA_BYTES:
        found.append(wrong("/metadata", "type", f"metadata is an object of at most {METADATA_BYTES} bytes."))
    return text
