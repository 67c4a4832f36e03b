"""Whose keys a session may use without having them, where they go, and for what. Pure."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from berth_egress.names import Target, parse_target

MOST = 32
"""Credentials of one session, and a few more than that routes of each."""

MOST_ROUTES = 64
_SENTINEL = re.compile(r"[0-9a-f]{64}", re.ASCII)
_SECRET = re.compile(r"[\x21-\x7e]{0,8192}", re.ASCII)
_HEADER = re.compile(r"[a-z][a-z0-9-]{0,63}", re.ASCII)
_PREFIX = re.compile(r"(?:[A-Za-z]{1,20} )?", re.ASCII)
_BASE = re.compile(r"(?:/(?!\.)[A-Za-z0-9._~:-]+)*", re.ASCII)
_ROUTE = re.compile(r"(?:GET|POST) (?:/(?:\*|(?!\.)[A-Za-z0-9._~-]+)(?::[A-Za-z]+)?)+", re.ASCII)
_ONE = "[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,199}"
"""What a ``*`` of a route stands for: one name, which is no step upwards."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where requests with a key go. ``base`` is what stands before every path there."""

    target: Target
    tls: bool
    inside: bool
    base: str

    @property
    def host(self) -> str:
        """As it stands in a request."""
        return str(self.target).removesuffix(":443" if self.tls else ":80")


@dataclass(frozen=True, slots=True)
class Credential:
    """One key.

    Attributes:
        name: What people call it: the name of the variable that it was in.
        sentinel: SHA-256, in hex, of what the session shows in its place. Not even that is known here.
        key: The key itself; empty while nobody has given it.
        header: The header that it goes into.
        prefix: What stands before it there.
        origin: Where it goes, and nowhere else.
        base: What stands before every path in the session.
        routes: Method and path of what it may be used for; ``*`` is one name.
        authority: Certificates of the user's, in PEM, that are believed beside the system's.
    """

    name: str
    sentinel: str
    key: str = field(repr=False)
    header: str
    prefix: str
    origin: Origin
    base: str
    routes: tuple[re.Pattern[str], ...]
    authority: str = field(default="", repr=False)

    def path(self, method: str, path: str) -> str | None:
        """The path at the origin of a request in the session; None for what the key may not be used for."""
        rest = path.removeprefix(self.base)
        if rest == path and self.base:
            return None
        return self.origin.base + rest if any(route.fullmatch(f"{method} {rest}") for route in self.routes) else None


def digest(sentinel: bytes) -> str:
    """What is kept of a sentinel."""
    return hashlib.sha256(sentinel).hexdigest()


def read_credentials(wire: Mapping[str, Any]) -> tuple[Credential, ...]:
    """Reads what the host sends. Raises ``ValueError``, ``KeyError`` or ``TypeError`` on anything else."""
    listed: Sequence[Mapping[str, Any]] = wire.get("credentials", ())
    if len(listed) > MOST:
        raise ValueError("too many")
    authority = str(wire.get("authority", ""))
    return tuple(_credential(each, authority) for each in listed)


def _credential(wire: Mapping[str, Any], authority: str) -> Credential:
    routes: Sequence[str] = wire["routes"]
    if len(routes) > MOST_ROUTES:
        raise ValueError("too many")
    return Credential(
        name=str(wire["name"])[:100],
        sentinel=_checked(_SENTINEL, wire["sentinel"]),
        key=_checked(_SECRET, wire.get("key", "")),
        header=_checked(_HEADER, wire["header"]),
        prefix=_checked(_PREFIX, wire["prefix"]),
        origin=_origin(str(wire["origin"]), inside=wire.get("inside") is True),
        base=_checked(_BASE, wire["base"]),
        routes=tuple(re.compile(_pattern(_checked(_ROUTE, route)), re.ASCII) for route in routes),
        authority=authority,
    )


def _origin(url: str, *, inside: bool) -> Origin:
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError("no origin")
    tls = parts.scheme == "https"
    target = parse_target(parts.netloc, 443 if tls else 80)
    return Origin(target, tls, inside, _checked(_BASE, parts.path.rstrip("/")))


def _pattern(route: str) -> str:
    return re.escape(route).replace(r"\*", _ONE)


def _checked(pattern: re.Pattern[str], value: object) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError("not as agreed")
    return value
