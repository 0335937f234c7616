"""A bare page with the product's own style sheets, import map and content policy, for editors and viewers without a server behind them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote

from csp.constants import NONCE
from django.conf import settings
from django.template import engines

NONCE_VALUE = "bench"
HERE = Path(__file__).parent
MEDIA = settings.BASE_DIR / "annotation/formats/samples/media"
AXE = next((settings.BASE_DIR / "tests/vendor").glob("axe-core@*")) / "axe.min.js"
SHEETS = ("tokens", "base", "shell", "components", "workspace", "stage", "marking", "utilities")
PAGE = """{% load assets static %}<!doctype html>
<html lang="en" data-theme="light"><head><meta charset="utf-8"><title>Bench</title>
<meta name="mh-sprite" content="{% static 'icons/sprite.svg' %}">
{% for sheet in sheets %}<link rel="stylesheet" href="{% static 'css/'|add:sheet|add:'.css' %}">{% endfor %}
<style nonce="{{ request.csp_nonce }}">#main { display: grid; grid-template-columns: minmax(0, 1fr) 18rem; gap: 1.5rem; padding: 1.5rem; }
#panel { max-block-size: calc(100dvb - 3rem); overflow: auto; display: grid; gap: 1rem; align-content: start; }
#live-polite, #live-urgent { position: absolute; clip-path: inset(50%); }</style>
{% import_map %}</head>
<body>
<main id="main"><h1 class="visually-hidden">Bench</h1><div id="stage"></div>
<aside id="panel" aria-label="Panel"><div id="labels"></div><div id="questions"></div><div id="marks"></div></aside></main>
<div id="live-polite" role="status"></div><div id="live-urgent" role="alert"></div>
<script type="module" src="/bench.js"></script></body></html>"""


def policy() -> str:
    """The content policy of the settings, with one fixed nonce."""
    words = {NONCE: f"'nonce-{NONCE_VALUE}'"}
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    lines = (
        (name, [value] if isinstance(value, str) else value)
        for name, value in directives.items()
        if name != "report-uri"
    )
    return "; ".join(" ".join([name, *(words.get(value, value) for value in values)]) for name, values in lines)


class _Handler(SimpleHTTPRequestHandler):
    """`/` is the page, `/static/` the sources, `/media/` the pictures of the samples."""

    def do_GET(self) -> None:
        if self.path == "/":
            self._send(self.server.page.encode(), "text/html; charset=utf-8")  # type: ignore[attr-defined]
        else:
            super().do_GET()

    def _send(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", policy())
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def translate_path(self, path: str) -> str:
        path = unquote(path.partition("?")[0])
        for prefix, root in (("/static/", Path(settings.STATICFILES_DIRS[0])), ("/media/", MEDIA)):
            if path.startswith(prefix):
                return str(root / path.removeprefix(prefix))
        return str(HERE / path.lstrip("/"))

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def served() -> Iterator[str]:
    """The address of the page while the block runs."""
    sheets = [sheet for sheet in SHEETS if (Path(settings.STATICFILES_DIRS[0]) / f"css/{sheet}.css").is_file()]
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler))
    context = {"sheets": sheets, "request": SimpleNamespace(csp_nonce=NONCE_VALUE)}
    server.page = engines["django"].from_string(PAGE).render(context)  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
