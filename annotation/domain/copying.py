"""COPY, PostgreSQL's fastest way in: an INSERT of the same rows takes several times as long."""

from collections.abc import Iterable

from django.db import connection

NULL = r"\N"


def copy_in(statement: str, lines: Iterable[str]) -> None:
    """Run `COPY … FROM STDIN` with these lines: columns between tabs, each line with its end. Raises IntegrityError."""
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write("".join(lines))


def json_column(text: str) -> str:
    """JSON as a column. It has no tabs or line breaks of its own, only backslashes."""
    return text.replace("\\", "\\\\") if "\\" in text else text


def text_column(text: str) -> str:
    """Any text as a column."""
    if text.isprintable() and "\\" not in text:
        return text
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def array_column(texts: Iterable[str]) -> str:
    """An array of texts as a column."""
    quoted = ",".join('"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' for text in texts)
    return text_column("{" + quoted + "}")
