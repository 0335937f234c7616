"""Guidelines as people read them: Markdown made into safe HTML, and what changed since somebody read them last."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from annotation.models import Guideline, ProjectContributor

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
# no pictures: the policy lets none in from other hosts
_TAGS = frozenset(("a", "blockquote", "br", "code", "em", "hr", "li", "ol", "p", "pre", "s", "strong", "ul"))
_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_TABLES = frozenset(("table", "tbody", "td", "th", "thead", "tr"))


@lru_cache(maxsize=256)
def rendered(markdown: str) -> SafeString:
    """Markdown as HTML that holds text, lists, tables and links, whatever was written."""
    html = nh3.clean(
        _MARKDOWN.render(markdown),
        tags=set(_TAGS | _HEADINGS | _TABLES),
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )
    return mark_safe(html)  # noqa: S308  cleaned


@dataclass(frozen=True, slots=True)
class Change:
    """A paragraph that was `added` or `removed`."""

    kind: str
    html: SafeString


def changes(before: str, now: str) -> list[Change]:
    """What differs between two versions, paragraph by paragraph, in reading order."""
    return list(_changes(_paragraphs(before), _paragraphs(now)))


def _paragraphs(text: str) -> list[str]:
    return [part.strip("\n") for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]


def _changes(before: list[str], now: list[str]) -> Iterator[Change]:
    for tag, start, end, start_now, end_now in SequenceMatcher(None, before, now, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from (Change("removed", rendered(part)) for part in before[start:end])
            yield from (Change("added", rendered(part)) for part in now[start_now:end_now])


@dataclass(frozen=True, slots=True)
class Shown:
    """The guideline of a project for one reader. `read`: the number they read last, 0 if none."""

    number: int
    html: SafeString
    note: str
    read: int
    changes: list[Change]

    @property
    def is_changed(self) -> bool:
        """Whether it has changed since this person read it."""
        return 0 < self.read < self.number


def shown(*, project_id: int, contributor_id: int) -> Shown:
    """The newest guideline, and how it differs from the one that the contributor has read. Two statements."""
    place = ProjectContributor.objects.filter(project=project_id, contributor=contributor_id).first()
    read = place.guideline_read if place else 0
    rows = {
        row.number: row for row in Guideline.objects.filter(project=project_id, number__gte=read).order_by("number")
    }
    if not rows:
        return Shown(0, SafeString(""), "", read, [])
    newest = rows[max(rows)]
    known = rows.get(read)
    differs = changes(known.body, newest.body) if known and known.number < newest.number else []
    return Shown(newest.number, rendered(newest.body), newest.note, read, differs)
