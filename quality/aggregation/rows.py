"""Which rows of two answers are the same one, and how far their cells are alike."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotation.questions.columns import TEXTS
from quality.aggregation.votes import EPSILON, Config
from quality.agreement.strings import fold, trigram_share

NEAR = 0.8  # likeness of two texts that say the same
HALF = 0.5  # share of the cells that two rows have in common which no column tells apart


@dataclass(frozen=True, slots=True)
class Row:
    """A row made ready to be compared. cells: texts without case, width and space, by column; text: equal for equal rows."""

    cells: Mapping[str, Any]
    text: str


class Table:
    """The columns of a question: what is compared, and by which of them rows are recognised."""

    def __init__(self, config: Config) -> None:
        self.match: list[str] = list(config.get("match", ()))
        self.texts = {column["key"] for column in config["columns"] if column["type"] in TEXTS}

    def rows(self, value: Any) -> list[Row]:
        """The rows of an answer, in its order."""
        return [self._row(record["cells"]) for record in value["records"]]

    def _row(self, cells: Mapping[str, Any]) -> Row:
        folded = {key: fold(cell) if key in self.texts else cell for key, cell in cells.items()}
        return Row(folded, json.dumps(cells, ensure_ascii=False, sort_keys=True))

    def likeness(self, a: Row, b: Row) -> float:
        """How surely two rows are the same one, 0..1; 0 if they are not. By the columns that say so, or by all."""
        if not self.match:
            share = self.in_common(a, b)
            return share if share > HALF - EPSILON else 0.0
        near = [self._cell(key, a, b) for key in self.match]
        return sum(near) / len(near) if min(near) > NEAR - EPSILON else 0.0

    def in_common(self, a: Row, b: Row) -> float:
        """Share of the cells that are equal, texts nearly; of those that any of both has."""
        keys = a.cells.keys() | b.cells.keys()
        return sum(self._cell(key, a, b) > NEAR - EPSILON for key in keys) / len(keys) if keys else 1.0

    def _cell(self, key: str, a: Row, b: Row) -> float:
        mine, yours = a.cells.get(key), b.cells.get(key)
        if mine == yours:
            return 1.0
        if key in self.texts and isinstance(mine, str) and isinstance(yours, str):
            return trigram_share(mine, yours)
        return 0.0

    def aligned(self, mine: Sequence[Row], yours: Sequence[Row]) -> Iterator[tuple[Row, Row]]:
        """Pairs of rows that are the same one, each in one pair at most, the most alike first.

        What is equally alike goes by its words, so that neither the order of the rows nor which answer comes first makes a difference.
        """
        found = []
        for i, a in enumerate(mine):
            for j, b in enumerate(yours):
                alike = self.likeness(a, b)
                if alike > 0:
                    order = (-alike, -self.in_common(a, b), a.text != b.text, *sorted((a.text, b.text)))
                    found.append((order, i, j))
        taken: tuple[set[int], set[int]] = (set(), set())
        for _, i, j in sorted(found):
            if i not in taken[0] and j not in taken[1]:
                taken[0].add(i)
                taken[1].add(j)
                yield mine[i], yours[j]
