"""Lists in pages by key: each page costs the same, however deep, and rows that come meanwhile shift nothing."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)
SIZE = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page; `next` and `previous` go into `?after=` and `?before=`, empty where the list ends."""

    rows: list[Row]
    sort: str
    next: str
    previous: str


def page(rows: QuerySet[Row], *, sort: str, after: str = "", before: str = "", size: int = SIZE) -> Page[Row]:
    """The page after, or before, the row with that public id; the first one for an empty or unknown id.

    `sort`: a column that is never null, `-` in front for downwards. Equal values are ordered by primary key.
    """
    column, backwards = sort.removeprefix("-"), bool(before) and not after
    down = sort.startswith("-") != backwards
    edge = QuerySet(rows.model).filter(public_id=after or before).values_list(column, "pk").first()
    ordered = rows.order_by(*(f"-{column}", "-pk") if down else (column, "pk"))
    if edge:
        ordered = ordered.filter(_beyond(column, "lt" if down else "gt", *edge))
    found = list(ordered[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_next, has_previous = (bool(edge), more) if backwards else (more, bool(edge))
    return Page(
        found,
        sort,
        found[-1].public_id if found and has_next else "",  # type: ignore[attr-defined]
        found[0].public_id if found and has_previous else "",  # type: ignore[attr-defined]
    )


def _beyond(column: str, side: str, value: object, pk: int) -> Q:
    if column == "pk":
        return Q(**{f"pk__{side}": pk})
    return Q(**{f"{column}__{side}": value}) | Q(**{column: value, f"pk__{side}": pk})


def chosen(given: str | None, offered: dict[str, str], default: str) -> tuple[str, str]:
    """The `?sort=` of an address among the offered {word: column}: the word as it stands, and the column to sort by."""
    word = given or default
    if word.removeprefix("-") not in offered:
        word = default
    sign = "-" if word.startswith("-") else ""
    return word, sign + offered[word.removeprefix("-")]
