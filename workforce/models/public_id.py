"""Ids for the outside: a prefix and 26 characters of a UUIDv7. Keys inside are bigint and never leave the server."""

import os
import time
import uuid
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db import models
from django.db.models.expressions import Func

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base32: no i, l, o, u
DIGITS = str.maketrans(ALPHABET, "0123456789abcdefghijklmnopqrstuv")  # as int(…, 32) reads them
KNOWN = frozenset(ALPHABET)
LENGTH = 26
NOBODY = uuid.UUID(int=0)  # no row has it
PAIRS = [first + second for first in ALPHABET for second in ALPHABET]  # ten bits at a time
SHIFTS = tuple(range(120, -1, -10))
VERSION = bytes(byte & 0x0F | 0x70 for byte in range(256))  # RFC 9562: UUIDv7
VARIANT = bytes(byte & 0x3F | 0x80 for byte in range(256))
LETTERS = np.frombuffer(ALPHABET.encode(), np.uint8)


def encode(prefix: str, value: uuid.UUID) -> str:
    """`<prefix>_<26 characters>` of a UUID; sorts as the UUID does."""
    return f"{prefix}_{_text(value.int)}"


def _text(number: int) -> str:
    return "".join([PAIRS[number >> shift & 1023] for shift in SHIFTS])


def encode_many(digits: str) -> list[str]:
    """The 26 characters of each of many UUIDs, given as their hexadecimal digits one behind the other."""
    raw = np.frombuffer(bytes.fromhex(digits), np.uint8).reshape(-1, 16)
    bits = np.zeros((len(raw), 5 * LENGTH), np.uint8)
    bits[:, 2:] = np.unpackbits(raw, axis=1)
    values = bits.reshape(-1, LENGTH, 5) @ np.array([16, 8, 4, 2, 1], np.uint8)
    text = LETTERS[values].tobytes().decode()
    return [text[at : at + LENGTH] for at in range(0, len(text), LENGTH)]


def new_keys(count: int) -> list[str]:
    """As many new UUIDs in hexadecimal, ascending: an index takes them quicker in its order, and a COPY that leaves nothing to defaults."""
    head = f"{time.time_ns() // 1_000_000:012x}"
    rest = bytearray(os.urandom(10 * count))
    rest[0::10] = rest[0::10].translate(VERSION)
    rest[2::10] = rest[2::10].translate(VARIANT)
    digits = rest.hex()
    return sorted([head + digits[at : at + 20] for at in range(0, 20 * count, 20)])


def new_ids(prefix: str, count: int) -> list[tuple[str, str]]:
    """As many new ids, as PostgreSQL reads a UUID and as the outside sees it: for rows whose ids are needed before they are stored."""
    keys = new_keys(count)
    return [(key, f"{prefix}_{text}") for key, text in zip(keys, encode_many("".join(keys)), strict=True)]


def decode(prefix: str, text: str) -> uuid.UUID | None:
    """The UUID of a public id, or None if the text is not an id with this prefix."""
    head, _, tail = text.partition("_")
    if head != prefix or len(tail) != LENGTH or tail[0] > "7" or not KNOWN.issuperset(tail):
        return None
    return uuid.UUID(int=int(tail.translate(DIGITS), 32))


class NewPublicId(Func):
    """The database makes the UUIDv7 (`new_public_id()` of the first migration), also for rows that COPY brings."""

    function = "new_public_id"
    arity = 0


if TYPE_CHECKING:
    UUIDField = models.UUIDField[str, str]
else:
    UUIDField = models.UUIDField


class PublicIdField(UUIDField):
    """A unique UUIDv7 column that Python sees as `<prefix>_…`. Text that is no such id matches no row."""

    def __init__(self, prefix: str, **options: Any) -> None:
        self.prefix = prefix
        options.setdefault("unique", True)
        options.setdefault("editable", False)
        options.setdefault("db_default", NewPublicId())
        super().__init__(**options)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, _, options = super().deconstruct()
        return name, path, [self.prefix], options

    def from_db_value(self, value: uuid.UUID | None, *_: Any) -> str | None:
        return None if value is None else encode(self.prefix, value)

    def to_python(self, value: Any) -> Any:
        if value is None or isinstance(value, str):
            return value
        return encode(self.prefix, value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, str):
            return decode(self.prefix, value) or NOBODY
        return super().get_db_prep_value(value, connection, prepared)

    def get_prep_value(self, value: Any) -> Any:
        return value
