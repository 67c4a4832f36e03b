"""A request of a session that takes a key: read in one strict way, and written anew. Pure.

What is sent on is made of what was understood, so that no two readers can see different requests in the same bytes.
"""

import re
from dataclasses import dataclass

from berth_egress.credentials import Credential
from berth_egress.heads import BadHead, Field, split_head

MOST_HEAD = 32_768
MOST_BODY = 64 * 1024 * 1024
"""Bytes. The vendors' own limits are half of that."""

_REQUEST = re.compile(rb"(GET|POST) (/[A-Za-z0-9._~:/-]*)(?:\?([\x21-\x7e]*))? HTTP/1\.1")
_PAIR = re.compile(rb"([A-Za-z0-9_.$-]+)=((?:[A-Za-z0-9._~:,*+-]|%[2-9A-Fa-f][0-9A-Fa-f])*)")
_LENGTH = re.compile(rb"0|[1-9][0-9]{0,9}")
_HOST = re.compile(rb"(?:127\.0\.0\.1|localhost):19129")
_SHOWN = frozenset({b"authorization", b"x-api-key", b"x-goog-api-key", b"api-key"})
_SHOWN_IN_QUERY = b"key"
_LIKE_A_KEY = re.compile(rb"auth|token|key|cookie|secret|credential|password|signature|override|forwarded")
_DROPPED = frozenset(
    (
        *(b"host", b"connection", b"keep-alive", b"te", b"trailer", b"content-length", b"accept-encoding"),
        *(b"via", b"x-real-ip", b"x-original-url", b"x-rewrite-url", b"x-goog-user-project"),
    )
)
_REFUSED = (b"transfer-encoding", b"upgrade", b"expect", b"proxy-connection", b"http2-settings")


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked for. ``shown`` is what it shows in the place of a key."""

    method: str
    path: str
    query: bytes
    shown: bytes
    fields: tuple[Field, ...]
    length: int

    def forwarded(self, credential: Credential, path: str) -> bytes:
        """The head that goes to the credential's origin: nothing that is like a key in it but the key."""
        query = b"?" + self.query if self.query else b""
        lines = [
            b"%b %b%b HTTP/1.1" % (self.method.encode(), path.encode(), query),
            b"Host: " + credential.origin.host.encode(),
            *(b"%b: %b" % field for field in self.fields),
            f"{credential.header}: {credential.prefix}{credential.key}".encode(),
            b"Accept-Encoding: identity",
            *([b"Content-Length: %d" % self.length] if self.method == "POST" else []),
            b"Connection: close",
        ]
        return b"\r\n".join(lines) + b"\r\n\r\n"


def parse_ask(data: bytes) -> Ask:
    """Reads a head with its closing blank line.

    Raises:
        BadHead: Anything but the one way to write it.
    """
    first, fields = split_head(data)
    request = _REQUEST.fullmatch(first)
    if request is None:
        raise BadHead(400, "is not GET or POST with a plain path and HTTP/1.1")
    path = request[2].decode()
    if any(step in ("", ".", "..") for step in path[1:].split("/")):
        raise BadHead(400, "has a path that is not plain")
    values = _values(fields)
    query, in_query = _query(request[3] or b"")
    return Ask(
        method=request[1].decode(),
        path=path,
        query=query,
        shown=_shown(values, in_query),
        fields=tuple(field for field in fields if not _is_dropped(field[0].lower())),
        length=_length(request[1], values),
    )


def _values(fields: list[Field]) -> dict[bytes, bytes]:
    values = {name.lower(): value for name, value in fields}
    if len(values) != len(fields):
        raise BadHead(400, "has a header twice")
    if not _HOST.fullmatch(values.get(b"host", b"")):
        raise BadHead(400, "is for another host")
    if any(name in values for name in _REFUSED):
        raise BadHead(400, "has a header that is not let through")
    if values.get(b"connection", b"close").lower() not in (b"close", b"keep-alive"):
        raise BadHead(400, "names headers of its connection")
    return values


def _is_dropped(name: bytes) -> bool:
    """Whether a header stays here. Some servers take ``_`` for ``-``, so names with it are read as they would."""
    plain = name.replace(b"_", b"-")
    return plain in _DROPPED or _LIKE_A_KEY.search(plain) is not None


def _query(text: bytes) -> tuple[bytes, set[bytes]]:
    """The query without what is like a key, and what was shown in it."""
    kept, shown = [], set()
    for part in text.split(b"&") if text else ():
        pair = _PAIR.fullmatch(part)
        if pair is None:
            raise BadHead(400, "has a query that is not plain")
        if pair[1] == _SHOWN_IN_QUERY:
            shown.add(pair[2])
        elif not _LIKE_A_KEY.search(pair[1].lower()):
            kept.append(part)
    return b"&".join(kept), shown


def _shown(values: dict[bytes, bytes], in_query: set[bytes]) -> bytes:
    """What is shown in a key's place, once or several times; empty for none."""
    shown = {re.sub(rb"(?i)^bearer +", b"", values[name]) for name in _SHOWN if values.get(name)} | in_query
    if len(shown) > 1:
        raise BadHead(401, "shows two different keys")
    return shown.pop() if shown else b""


def _length(method: bytes, values: dict[bytes, bytes]) -> int:
    length = values.get(b"content-length")
    if length is None:
        if method == b"POST":
            raise BadHead(411, "has a body without a length")
        return 0
    if not _LENGTH.fullmatch(length) or (method == b"GET" and length != b"0"):
        raise BadHead(400, "has no one length of its body")
    if int(length) > MOST_BODY:
        raise BadHead(413, "has a body that is too long")
    return int(length)
