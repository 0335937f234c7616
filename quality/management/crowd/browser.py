"""A browser without a screen: the cookies of one person, one kept connection, and the product's own addresses."""

import asyncio
import json
import ssl
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

PATIENCE_S = 30.0
NO_BODY = (204, 304)
CSRF = ("csrftoken", "__Host-csrf")


class SignInRefusedError(Exception):
    """The login form did not let the person in; the argument is the status of its answer."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body as an object; empty if it is none."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


class Browser:
    """One person's browser. Requests raise OSError or TimeoutError when the server is away; the caller decides to try again."""

    def __init__(self, address: str, *, cookies: dict[str, str] | None = None, source: str = "") -> None:
        """`address`: scheme, host and port; `source`: address of this machine to call from, any if empty."""
        parts = urlsplit(address)
        self._host, self._tls = parts.hostname or "localhost", parts.scheme == "https"
        self._port = parts.port or (443 if self._tls else 80)
        self._fixed = f"Host: {parts.netloc}\r\nOrigin: {parts.scheme}://{parts.netloc}\r\nReferer: {address}/\r\n"
        self._source = source
        if source:
            self._host = "127.0.0.1"  # the family of the address must be that of ours
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self.cookies = dict(cookies or {})

    async def get(self, path: str) -> Reply:
        """GET."""
        return await self._ask("GET", path, b"", "")

    async def send(self, path: str, body: dict[str, Any], *, method: str = "POST") -> Reply:
        """Send JSON with the CSRF token."""
        return await self._ask(method, path, json.dumps(body).encode(), "application/json")

    async def sign_in(self, email: str, password: str) -> None:
        """Fill in the login form. Raises SignInRefusedError."""
        page = await self.get("/accounts/login/")
        if page.status != 200:
            raise SignInRefusedError(page.status)
        form = urlencode({"login": email, "password": password})
        reply = await self._ask("POST", "/accounts/login/", form.encode(), "application/x-www-form-urlencoded")
        if reply.status != 302:
            raise SignInRefusedError(reply.status)

    async def close(self) -> None:
        """Let go of the connection."""
        streams, self._streams = self._streams, None
        if streams:
            streams[1].close()

    async def _ask(self, method: str, path: str, body: bytes, kind: str) -> Reply:
        """One exchange. A kept connection that the server has closed meanwhile is replaced once."""
        head = self._head(method, path, len(body), kind)
        reused = self._streams is not None
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await self._exchange(head + body)
        except (OSError, asyncio.IncompleteReadError) as error:
            await self.close()
            began = isinstance(error, asyncio.IncompleteReadError) and error.partial
            if reused and not began:
                async with asyncio.timeout(PATIENCE_S):
                    return await self._fresh(head + body)
            raise ConnectionError(str(error)) from error
        except TimeoutError:
            await self.close()
            raise

    async def _fresh(self, request: bytes) -> Reply:
        try:
            return await self._exchange(request)
        except (OSError, asyncio.IncompleteReadError) as error:
            await self.close()
            raise ConnectionError(str(error)) from error

    def _head(self, method: str, path: str, length: int, kind: str) -> bytes:
        lines = [f"{method} {path} HTTP/1.1\r\n{self._fixed}Content-Length: {length}\r\n"]
        if kind:
            lines.append(f"Content-Type: {kind}\r\n")
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()) + "\r\n")
            lines += [f"X-CSRFToken: {self.cookies[name]}\r\n" for name in CSRF if name in self.cookies]
        return ("".join(lines) + "\r\n").encode()

    async def _exchange(self, request: bytes) -> Reply:
        if self._streams is None:
            origin = (self._source, 0) if self._source else None
            tls = ssl.create_default_context() if self._tls else None
            self._streams = await asyncio.open_connection(self._host, self._port, ssl=tls, local_addr=origin)
        reader, writer = self._streams
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        if not head[0].startswith("HTTP/1."):  # a server that was killed in the middle of its answer
            raise ConnectionError(f"This is no answer: {head[0]!r}")
        status = int(head[0].split(" ", 2)[1])
        headers: dict[str, str] = {}
        for line in head[1:-2]:
            name, _colon, value = line.partition(":")
            if name.lower() == "set-cookie":
                self._keep(value.strip())
            headers[name.lower()] = value.strip()
        length = int(headers.get("content-length", 0))
        body = await reader.readexactly(length) if length and status not in NO_BODY else b""
        if headers.get("connection", "").lower() == "close":
            await self.close()
        return Reply(status, headers, body)

    def _keep(self, cookie: str) -> None:
        for name, morsel in SimpleCookie(cookie).items():
            self.cookies[name] = morsel.value
