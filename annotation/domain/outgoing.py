"""Requests to addresses that customers name: only to public hosts, to the very address that was checked, with limits."""

import http.client
import ipaddress
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from workforce.domain.refusal import Refusal

TIMEOUT_S = 20
PORTS = {"http": 80, "https": 443}
MOST_BYTES = 65_536


class UrlRefused(Refusal):
    """The address is not one that this installation will call."""

    code = "url_refused"
    message = _("This address cannot be called.")
    remedy = _("Use an http or https address on a public host.")


@dataclass(frozen=True, slots=True)
class Reply:
    """What the other side answered; `retry_after_s` if it asked for patience."""

    status: int
    retry_after_s: int | None


@dataclass(frozen=True, slots=True)
class Target:
    """A checked address: `ip` is what will be connected to, whatever the name says a moment later."""

    url: SplitResult
    ip: str
    port: int


def check(url: str) -> Target:
    """Resolve once and require every address to be global unicast. Raises UrlRefused with the reason.

    MANYHANDS_PRIVATE_TARGETS lifts the rule for the demo and the tests, whose receivers run on this machine.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError) as error:
        raise UrlRefused(reason="scheme") from error
    if not parts.hostname or parts.username or parts.password:
        raise UrlRefused(reason="host")
    if port not in PORTS.values() and not settings.PRIVATE_TARGETS:
        raise UrlRefused(reason="port")
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise UrlRefused(reason="unresolvable") from error
    addresses = {str(entry[4][0]) for entry in found}
    if not settings.PRIVATE_TARGETS and not all(_is_public(address) for address in addresses):
        raise UrlRefused(reason="private")
    return Target(parts, min(addresses), port)


def _is_public(address: str) -> bool:
    """Global unicast, also when an IPv4 address is wrapped into an IPv6 one (mapped, 6to4, NAT64)."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and ip in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return _is_public(str(inner))
    return ip.is_global and not ip.is_multicast


class _Pinned(http.client.HTTPConnection):
    """Connects to the checked address; TLS still proves the host's name."""

    def __init__(self, target: Target, *, timeout_s: float) -> None:
        super().__init__(target.url.hostname or "", target.port, timeout=timeout_s)
        self._target = target

    def connect(self) -> None:
        self.sock = socket.create_connection((self._target.ip, self._target.port), self.timeout)
        if self._target.url.scheme == "https":
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self._target.url.hostname)


def post(url: str, body: bytes, headers: dict[str, str], *, timeout_s: float = TIMEOUT_S) -> Reply:
    """POST without following redirects. Raises UrlRefused, OSError or http.client.HTTPException."""
    target = check(url)
    connection = _Pinned(target, timeout_s=timeout_s)
    try:
        path = (target.url.path or "/") + (f"?{target.url.query}" if target.url.query else "")
        connection.request(
            "POST", path, body, {"Content-Type": "application/json", "User-Agent": "Manyhands/1", **headers}
        )
        response = connection.getresponse()
        response.read(MOST_BYTES)
        after = response.getheader("Retry-After", "")
        return Reply(response.status, int(after) if after.isdigit() else None)
    finally:
        connection.close()
