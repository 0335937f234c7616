"""Regular expressions of a project, held against whole texts. Pydantic's engine takes linear time: a pattern meets a stranger's text."""

from typing import Annotated

from pydantic import StringConstraints, TypeAdapter, ValidationError
from pydantic_core import SchemaError

Matcher = TypeAdapter[str]


def matcher(pattern: str) -> Matcher:
    """The pattern, for the whole text. Raises SchemaError if it is none."""
    return _compiled(rf"\A(?:{pattern})\z")


def _compiled(pattern: str) -> Matcher:
    return TypeAdapter(Annotated[str, StringConstraints(pattern=pattern)])


def compiles(pattern: str) -> bool:
    """By itself too: `a)|(b` would compile only inside our own brackets."""
    try:
        _compiled(pattern)
        matcher(pattern)
    except SchemaError:
        return False
    return True


def fits(value: str, wanted: Matcher) -> bool:
    """Whether the text has the form."""
    try:
        wanted.validate_python(value)
    except ValidationError:
        return False
    return True
