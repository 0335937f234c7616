"""Files that people upload: JSON lines, CSV with a header, or one of these in a zip beside its media. Rows come one at a time."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any

MOST_LINE = 2**20
MOST_MEMBERS = 100_000
MOST_RATIO = 100  # of what a zip unpacks to, to what it is
ROW_FILES = (".jsonl", ".ndjson", ".csv")
OPTIONS = ("unique_id", "batch", "priority", "service_class", "deadline")
PLAIN = ("text", "markdown")
BLANKS = " \t\r\n"  # of JSON
_DECODER = json.JSONDecoder()


class UnreadableFileError(ValueError):
    """The file as a whole is not one of ours; the message says why."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Stands for a row that is no task at all: a line that is no JSON, a cell too many."""

    code: str
    detail: str


NO_JSON = Unreadable("not_json", "The line is no JSON.")


@dataclass(frozen=True, slots=True)
class Upload:
    """An opened file. `fields`: type of each field of the project's schema, which a CSV's columns are matched with."""

    name: str
    content: IO[bytes]
    fields: Mapping[str, str]

    def rows(self) -> Iterator[Any]:
        """A task as the API takes it per row, or Unreadable. Raises UnreadableFileError."""
        name, content = self._row_file()
        text = io.TextIOWrapper(content, "utf-8-sig", newline="")
        try:
            yield from self._csv(text) if name.endswith(".csv") else _jsonl(text)
        except UnicodeDecodeError as error:
            raise UnreadableFileError(f"The file is not UTF-8: byte {error.start} of a block.") from error
        except csv.Error as error:
            raise UnreadableFileError(f"The CSV cannot be read: {error}.") from error

    def medium(self, path: str) -> bytes | None:
        """The bytes of a picture or recording in the zip; None if there is none of this path."""
        archive = self._zip()
        if archive is None or path not in archive.NameToInfo:
            return None
        info = archive.getinfo(path)
        if info.file_size > MOST_RATIO * max(info.compress_size, 1):
            return None
        return archive.read(info)

    def unknown_columns(self) -> list[str]:
        """Columns of a CSV that are neither a field nor an option of a task."""
        name, content = self._row_file()
        if not name.endswith(".csv"):
            return []
        header = next(csv.reader(io.TextIOWrapper(content, "utf-8-sig", newline="")), [])
        return [column for column in header if self._place(column) is None]

    def _row_file(self) -> tuple[str, IO[bytes]]:
        """The name and a fresh reader of the file that has the rows."""
        self.content.seek(0)
        archive = self._zip()
        if archive is None:
            return self.name.lower(), self.content
        names = [name for name in archive.namelist() if name.lower().endswith(ROW_FILES) and _is_plain(name)]
        if len(names) != 1 or len(archive.namelist()) > MOST_MEMBERS:
            raise UnreadableFileError("A zip needs exactly one .jsonl or .csv file beside its pictures.")
        return names[0].lower(), archive.open(names[0])

    def _zip(self) -> zipfile.ZipFile | None:
        if not self.name.lower().endswith(".zip"):
            return None
        try:
            return zipfile.ZipFile(self.content)
        except zipfile.BadZipFile as error:
            raise UnreadableFileError("The zip cannot be opened.") from error

    def _csv(self, text: IO[str]) -> Iterator[Any]:
        table = csv.reader(text, strict=True)
        header = next(table, [])
        places = [self._place(column) for column in header]
        for cells in table:
            if len(cells) > len(header):
                yield Unreadable("too_many_cells", "The row has more cells than the header.")
            elif cells:
                yield self._task(places, cells)

    def _place(self, column: str) -> tuple[str, str] | None:
        """Where a column goes: ("payload", field), ("metadata", name) or ("", option)."""
        name = column.strip()
        if name in self.fields or name.removeprefix("field.") in self.fields:
            return "payload", name.removeprefix("field.")
        if name.startswith("metadata."):
            return "metadata", name.removeprefix("metadata.")
        return ("", name) if name in OPTIONS else None

    def _task(self, places: list[tuple[str, str] | None], cells: list[str]) -> dict[str, Any]:
        task: dict[str, Any] = {"payload": {}}
        for place, cell in zip(places, cells, strict=False):
            if place is None or cell == "":
                continue
            group, name = place
            if group:
                task.setdefault(group, {})[name] = self._value(name, cell) if group == "payload" else cell
            else:
                task[name] = int(cell) if name == "priority" and cell.isdecimal() else cell
        return task

    def _value(self, name: str, cell: str) -> Any:
        """Lists and objects are written as JSON; text stays text."""
        if self.fields[name] in PLAIN or cell[0] not in "[{":
            return cell
        try:
            return json.loads(cell)
        except (ValueError, RecursionError):
            return cell


def _jsonl(text: IO[str]) -> Iterator[Any]:
    for line in text:
        if len(line) > MOST_LINE:
            yield Unreadable("too_large", f"A line has at most {MOST_LINE} characters.")
        elif not line.isspace():
            yield parsed(line)


def parsed(line: str | bytes) -> Any:
    """The value of a line of JSON, or Unreadable."""
    try:
        text = (line if isinstance(line, str) else line.decode()).removeprefix("\ufeff").strip(BLANKS)
        value, end = _DECODER.raw_decode(text)  # in half the time of `loads`, which looks for encodings first
    except (ValueError, RecursionError):
        return NO_JSON
    return value if end == len(text) else NO_JSON


def _is_plain(name: str) -> bool:
    """Not the shadow files of a Mac, nothing that climbs."""
    parts = PurePosixPath(name).parts
    return "__MACOSX" not in parts and ".." not in parts and not parts[-1].startswith(".")
