#!/usr/bin/env python3
"""Words of the interface in other languages: collected from Python, templates and JavaScript, kept in one catalogue.

    .ci/messages.py --update   collect the words again; new ones are left empty for a translator
    .ci/messages.py --check    fail on a missing, fuzzy, misfilled or misworded translation, and on compiled files that are out of date
    .ci/messages.py --missing  print what has no translation yet, as JSON {English: [forms of the English]}
    .ci/messages.py --fill F   take translations from a JSON file {English: translation or [forms]}; `context|English` where
                               a message has a context

One `.po` serves both sides: Django reads the compiled `.mo`, browsers `static/i18n/<language>.json`.
"""

import argparse
import io
import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LANGUAGE, LOCALE, TAG = "zh_Hans", "zh_Hans_CN", "zh-Hans"
PO = ROOT / f"config/locale/{LANGUAGE}/LC_MESSAGES/django.po"
JSON = ROOT / f"static/i18n/{TAG}.json"
APPS = ("config", "workforce", "annotation", "quality")
KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop", "N_"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
STRING = r'"(?:[^"\\\n]|\\.)*"'
CALL = re.compile(rf"\bt\(\s*(?:({STRING})|\[\s*({STRING})\s*,\s*({STRING}),?\s*\])")
# Said by Django and allauth; their own catalogues lack these or say them less well.
BORROWED: tuple[Any, ...] = (
    "Incorrect code.",
    "Incorrect password.",
    "Invalid or expired key.",
    "Please type your current password.",
    "The email address and/or password you specified are not correct.",
    "This field is required.",
    "Too many failed login attempts. Try again later.",
    "You must type the same password each time.",
    (
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
)
ASKED = re.compile(r"(?<![\w.])t\(")
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
OTHERWISE = re.compile(r"您|(?<!标注)指南")  # the reader is 你, a guideline 标注指南
HOLE = re.compile(r"%(?:\(\w+\))?\d*[sd]|\{\w+\}")

Found = tuple[str, Any, str | None]  # where, msgid or (one, many), context


def collected() -> Iterator[Found]:
    """Every translatable string, in the order of the files."""
    for message in BORROWED:
        yield "Django and allauth", message, None
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield from _python(path, path.read_bytes())
    for path in sorted((ROOT / "templates").rglob("*.*")):
        source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        yield from _python(path, "\n".join(line.lstrip() for line in source.splitlines()).encode())
    for path in scripts():
        yield from _javascript(path)


def scripts() -> list[Path]:
    """Our modules that may ask for words; `i18n.js` is the one that answers."""
    kinds = ("app", "editors", "pages", "surfaces", "tools", "ui", "viewers")
    found = (path for kind in kinds for path in (ROOT / "static" / kind).rglob("*.js"))
    return sorted(path for path in found if path.name != "i18n.js")


def unreadable(path: Path, source: str) -> list[str]:
    """Calls of `t` whose words are not plain strings, so that no translator would ever see them."""
    calls = [match.start() for match in ASKED.finditer(source) if not CALL.match(source, match.start())]
    return [f"words must be plain strings: {_name(path)}:{source.count(chr(10), 0, place) + 1}" for place in calls]


def _python(path: Path, source: bytes) -> Iterator[Found]:
    for _line, message, _comments, context in extract("python", io.BytesIO(source), keywords=KEYWORDS):
        yield _name(path), message, context


def _javascript(path: Path) -> Iterator[Found]:
    for single, one, many in CALL.findall(path.read_text(encoding="utf-8")):
        yield _name(path), json.loads(single) if single else (json.loads(one), json.loads(many)), None


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def fresh() -> tuple[Catalog, set[str]]:
    """A catalogue of today's words without translations, and which of them a browser needs."""
    catalog = Catalog(locale=LOCALE, project="Manyhands", charset="utf-8", fuzzy=False)
    browser: set[str] = set()
    for where, message, context in collected():
        catalog.add(message, locations=[(where, None)], context=context)  # type: ignore[list-item]
        if where.startswith("static/"):
            browser.add(message if isinstance(message, str) else message[0])
    return catalog, browser


def stored() -> Catalog:
    """The catalogue as committed; empty before the first."""
    if not PO.exists():
        return Catalog(locale=LOCALE)
    with PO.open("rb") as file:
        return read_po(file, locale=LOCALE)


def current() -> tuple[Catalog, set[str]]:
    """Today's words with the translations that are stored for them."""
    catalog, browser = fresh()
    known = stored()
    catalog.header_comment = known.header_comment
    for message in catalog:
        old = known.get(message.id, message.context) if message.id else None
        if old is not None and "fuzzy" not in old.flags and old.pluralizable == message.pluralizable:
            message.string = old.string
    return catalog, browser


def rendered(catalog: Catalog, browser: set[str]) -> dict[Path, bytes]:
    """The three files."""
    po, mo = io.BytesIO(), io.BytesIO()
    catalog.creation_date = catalog.revision_date = LONG_AGO  # the files change with the words only
    write_po(po, catalog, sort_output=True, omit_header=False, width=120, include_lineno=False)
    write_mo(mo, catalog)
    words = {
        key(message)[0]: message.string
        for message in catalog
        if message.id and key(message)[0] in browser and filled(message)
    }
    table = json.dumps({"messages": dict(sorted(words.items()))}, ensure_ascii=False, indent=1) + "\n"
    head = re.compile(
        rb'^"(Project-Id-Version|POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Report-Msgid-Bugs-To'
        rb"|Language-Team):.*\n",
        re.MULTILINE,
    )
    return {PO: head.sub(b"", po.getvalue()), PO.with_suffix(".mo"): mo.getvalue(), JSON: table.encode()}


def key(message: Message) -> tuple[str, ...]:
    """The English of a message: one form or two."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def entry(message: Message) -> str:
    """The name of a message in a translator's JSON file."""
    return f"{message.context}|{key(message)[0]}" if message.context else key(message)[0]


def forms(message: Message) -> tuple[str, ...]:
    """The translation of a message, form by form."""
    return (message.string or "",) if not message.pluralizable else tuple(message.string or ())


def filled(message: Message) -> bool:
    """Whether every form is translated."""
    return bool(forms(message)) and all(forms(message))


def holes(text: str) -> set[str]:
    """The places of a text that are filled in later."""
    return {match[0] for match in HOLE.finditer(text)}


def problems(catalog: Catalog) -> list[str]:
    """What a translator must still do."""
    found = []
    for message in catalog:
        if not message.id:
            continue
        if not filled(message):
            found.append(f"not translated: {key(message)[0]!r} ({message.locations[0][0]})")
        elif any(holes(form) != holes(key(message)[-1]) for form in forms(message)):
            found.append(f"other places to fill in than the English: {key(message)[0]!r}")
        elif any(OTHERWISE.search(form) for form in forms(message)):
            found.append(f"not in the words at the top of the catalogue: {key(message)[0]!r}")
    return found


def fill(catalog: Catalog, table: dict[str, Any]) -> None:
    """Put translations into the catalogue; a plural needs a list of forms or one text for all."""
    for message in catalog:
        given = table.get(entry(message)) if message.id else None
        if given is None:
            continue
        if message.pluralizable:
            message.string = tuple(given) if isinstance(given, list) else (given,) * catalog.num_plurals
        else:
            message.string = given


def main() -> int:
    """The four ways to call it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    way = parser.add_mutually_exclusive_group(required=True)
    for name in ("update", "check", "missing"):
        way.add_argument(f"--{name}", action="store_true")
    way.add_argument("--fill", type=Path, metavar="F")
    chosen = parser.parse_args()
    catalog, browser = current()
    if chosen.missing:
        missing = {entry(message): key(message) for message in catalog if message.id and not filled(message)}
        print(json.dumps(missing, ensure_ascii=False, indent=1))
        return 0
    if chosen.fill:
        fill(catalog, json.loads(chosen.fill.read_text(encoding="utf-8")))
    files = rendered(catalog, browser)
    if not chosen.check:
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        print(f"{len(problems(catalog))} of {len(catalog)} still to do")
        return 0
    found = problems(catalog)
    for path in scripts():
        found += unreadable(path, path.read_text(encoding="utf-8"))
    found += [
        f"out of date, run .ci/messages.py --update: {_name(path)}"
        for path, content in files.items()
        if not path.exists() or path.read_bytes() != content
    ]
    print("\n".join(found) or f"{len(catalog)} messages, all translated")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
