"""Our JavaScript modules: the import map, and tags that load a file with its hash. `{% load assets %}`."""

import base64
import hashlib
import json
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from workforce.templatetags.ui import bcp47

register = template.Library()

KINDS = ("app", "ui", "pages", "editors", "viewers", "surfaces", "tools")
LOCK = "vendor/vendor.lock.json"
storage: Any = staticfiles_storage  # which one it is, the settings say


@register.simple_tag(takes_context=True)
def import_map(context: dict[str, Any], *kinds: str) -> SafeString:
    """The page's import map: `@mh/<kind>/<name>` of the kinds named (all without names) and every vendored module.

    `integrity` is written where the files are hashed; a file changed on its way is then not run.
    """
    request = context.get("request")
    nonce = str(getattr(request, "csp_nonce", ""))
    body = _body(kinds or KINDS, _paths() if settings.DEBUG else _paths_once())
    return format_html('<script type="importmap" nonce="{}">{}</script>', nonce, mark_safe(body))  # noqa: S308  our own file names


@lru_cache(maxsize=16)
def _body(kinds: tuple[str, ...], paths: tuple[str, ...]) -> str:
    """The map itself. Every page has one, and it is the same until files come or go."""
    modules = {f"@mh/{path[:-3]}": path for path in paths if path.split("/", 1)[0] in kinds} | _vendored()
    table: dict[str, dict[str, str]] = {"imports": {name: static(path) for name, path in modules.items()}}
    if hashes := {static(path): value for path in modules.values() if (value := integrity(path))}:
        table["integrity"] = hashes
    return json.dumps(table, separators=(",", ":")).replace("<", "\\u003c")


@register.simple_tag
def module(path: str) -> SafeString:
    """A `<script type="module">` for one of our files: `{% module "pages/annotation-projects.js" %}`."""
    return format_html('<script type="module" src="{}"{}></script>', static(path), _attribute(path))


@register.simple_tag
def vendored_script(specifier: str) -> SafeString:
    """A deferred classic `<script>` of the vendor lock: `{% vendored_script "htmx" %}`."""
    path = _lock()[f"classic:{specifier}"]
    return format_html('<script defer src="{}"{}></script>', static(path), _attribute(path))


@register.simple_tag
def strings() -> SafeString:
    """Tells i18n.js where the words of the page's language are; English needs none."""
    language = translation.get_language() or "en"
    path = f"i18n/{bcp47(language)}.json"
    if language == "en" or not finders.find(path):
        return SafeString("")
    return format_html('<link rel="preload" as="fetch" crossorigin id="mh-strings" href="{}">', static(path))


def _attribute(path: str) -> SafeString:
    value = integrity(path)
    return format_html(' integrity="{}" crossorigin="anonymous"', value) if value else SafeString("")


def integrity(path: str) -> str:
    """The sha384 of a collected file as browsers check it; empty where files are served from their sources."""
    return _integrity(path) if hasattr(storage, "hashed_files") else ""


@cache
def _integrity(path: str) -> str:
    with storage.open(storage.stored_name(path)) as file:
        return "sha384-" + base64.b64encode(hashlib.sha384(file.read()).digest()).decode()


def _paths() -> tuple[str, ...]:
    roots = [Path(root) for root in settings.STATICFILES_DIRS]
    files = (path.relative_to(root) for root in roots for kind in KINDS for path in (root / kind).glob("**/*.js"))
    return tuple(sorted(path.as_posix() for path in files))


_paths_once = cache(_paths)


def _vendored() -> dict[str, str]:
    """{specifier: path} of vendored ES modules, under `@mh/vendor/` and under their own name."""
    return {name: path for name, path in _lock().items() if not name.startswith("classic:")}


@cache
def _lock() -> dict[str, str]:
    found = finders.find(LOCK)
    packages = json.loads(Path(str(found)).read_text(encoding="utf-8"))["packages"] if found else {}
    table = {}
    for name, package in packages.items():
        for specifier, file in package.get("modules", {}).items():
            table[specifier] = table[f"@mh/vendor/{specifier}"] = f"vendor/{name}@{package['version']}/{file}"
        for specifier, file in package.get("scripts", {}).items():
            table[f"classic:{specifier}"] = f"vendor/{name}@{package['version']}/{file}"
    return table
