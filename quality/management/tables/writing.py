"""CSV files out: whole or not at all."""

import csv
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TextIO

from quality.management.tables.reading import TableError


def check(path: Path, *sources: Path | None) -> None:
    """Could this file be written, before there is anything to write? Never over one of the sources. Raises TableError."""
    if path.is_dir() or not path.resolve().parent.is_dir():
        raise TableError(path, None, "cannot be written there. Name a file in a directory that exists.")
    if any(source and source.exists() and path.exists() and path.samefile(source) for source in sources):
        raise TableError(path, None, "this is also the file to read. Name another for the result.")


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Beside the file first, then in its place; pipes and devices are written to as they are. Raises TableError."""
    target = path.resolve()
    in_place = target.exists() and not target.is_file()
    beside = target if in_place else target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with beside.open("w", encoding="utf-8", newline="") as file:
            put(file, header, rows)
        if not in_place:
            beside.replace(target)
    except OSError as error:
        raise TableError(path, None, f"cannot be written ({error.strerror}). Name a file that can.") from error
    finally:
        if not in_place:
            beside.unlink(missing_ok=True)


def put(file: TextIO, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A line of names, then the rows."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
