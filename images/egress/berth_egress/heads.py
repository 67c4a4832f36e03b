"""The head of a request to the proxy: CONNECT, or a plain request for an ``http`` URL. Pure.

Strict, so that no two readers of the same bytes can see different requests in them.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from berth_egress.names import BadName, Target, parse_target

MOST = 16_384
"""Bytes of a head."""

_REQUEST = re.compile(rb"([A-Z]{3,16}) ([\x21-\x7e]+) HTTP/1\.[01]")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\x20-\x7e\x80-\xff\t]*)")
_METHODS = frozenset({b"GET", b"HEAD", b"POST", b"PUT", b"PATCH", b"DELETE", b"OPTIONS"})
_LENGTH = re.compile(rb"0|[1-9][0-9]{0,14}")
_HOP_BY_HOP = frozenset(
    (
        *(b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"proxy-connection", b"te"),
        *(b"trailer", b"upgrade", b"host"),
    )
)
_LASTING = frozenset((b"connection", b"keep-alive", b"proxy-connection"))


Field = tuple[bytes, bytes]
"""A header: its name as it was written, and its value."""


class BadHead(ValueError):
    """A head that is refused, with the status to answer and the rest of a sentence that begins with "the request"."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


@dataclass(frozen=True, slots=True)
class Head:
    """What is asked for.

    ``forwarded`` is the head that goes on to the server, and ``length`` the bytes of body after it; both are nothing
    for CONNECT.
    """

    target: Target
    tunnel: bool
    path: str = ""
    forwarded: bytes = b""
    length: int = 0


def parse_head(data: bytes) -> Head:
    """Reads a head with its closing blank line.

    Raises:
        BadHead: Anything but the one way to write it: bare line feeds, folded lines, two lengths, a chunked body, a
            name that is spelled another way.
    """
    first, fields = split_head(data)
    request = _REQUEST.fullmatch(first)
    if request is None:
        raise BadHead(400, "does not begin with method, target and HTTP/1.1")
    method, target = request[1], request[2].decode("ascii")
    if method == b"CONNECT":
        return _tunnel(target, fields)
    if method not in _METHODS:
        raise BadHead(405, "has a method that is not let through")
    return _plain(method, target, fields)


def last_answer(head: bytes) -> bytes:
    """The head of a server's answer, which says now that the connection ends with it; what is no such head as it is.

    A connection carries one request. Servers that ignore ``Connection: close`` would have clients send another.
    """
    try:
        first, fields = split_head(head)
    except BadHead:
        return head
    if not first.startswith(b"HTTP/1."):
        return head
    kept = [b"%b: %b" % field for field in fields if field[0].lower() not in _LASTING]
    return b"\r\n".join([first, *kept, b"Connection: close"]) + b"\r\n\r\n"


def split_head(data: bytes) -> tuple[bytes, list[Field]]:
    """The first line of a head with its closing blank line, and its headers.

    Raises:
        BadHead: A line does not end in the one way, or is no header.
    """
    if not data.endswith(b"\r\n\r\n") or b"\r\n\r\n" in data[:-4]:
        raise BadHead(400, "has no end")
    first, *lines = data[:-4].split(b"\r\n")
    if any(b"\r" in line or b"\n" in line or b"\0" in line for line in (first, *lines)):
        raise BadHead(400, "has a line that ends in the wrong way")
    return first, [_field(line) for line in lines]


def _field(line: bytes) -> Field:
    match = _FIELD.fullmatch(line)
    if match is None:
        raise BadHead(400, "has a header that cannot be read")
    return match[1], match[2].rstrip(b" \t")


def _tunnel(text: str, fields: list[Field]) -> Head:
    names = [name.lower() for name, _ in fields]
    if b"content-length" in names or b"transfer-encoding" in names:
        raise BadHead(400, "has a body where there can be none")
    try:
        return Head(parse_target(text), tunnel=True)
    except BadName as error:
        raise BadHead(400, f"names {error}") from error


def _plain(method: bytes, url: str, fields: list[Field]) -> Head:
    if not url.lower().startswith("http://"):
        raise BadHead(400, "is not for an http URL")
    authority, slash, rest = url[7:].partition("/")
    if "?" in authority or "#" in url or "@" in authority:
        raise BadHead(400, "has a URL that is not plain")
    try:
        target = parse_target(authority, 80)
    except BadName as error:
        raise BadHead(400, f"names {error}") from error
    path = f"/{rest}" if slash else "/"
    if urlsplit(f"http://x{path}").netloc != "x":
        raise BadHead(400, "has a URL that is not plain")
    shown = str(target).removesuffix(":80")
    kept = [(name, value) for name, value in fields if name.lower() not in _dropped(fields)]
    lines = [
        b"%b %b HTTP/1.1" % (method, path.encode()),
        b"Host: " + shown.encode(),
        *(b"%b: %b" % field for field in kept),
        b"Connection: close",
    ]
    return Head(target, tunnel=False, path=path, forwarded=b"\r\n".join(lines) + b"\r\n\r\n", length=_length(fields))


def _dropped(fields: list[Field]) -> frozenset[bytes]:
    """Headers about this connection only, and those that ``Connection`` calls so."""
    named = b",".join(value for name, value in fields if name.lower() == b"connection")
    listed = frozenset(part.strip().lower() for part in named.split(b","))
    return _HOP_BY_HOP | (listed - {b"content-length", b"transfer-encoding"})


def _length(fields: list[Field]) -> int:
    if any(name.lower() == b"transfer-encoding" for name, _ in fields):
        raise BadHead(411, "has a body without a length")
    lengths = [value for name, value in fields if name.lower() == b"content-length"]
    if not lengths:
        return 0
    if len(lengths) > 1 or not _LENGTH.fullmatch(lengths[0]):
        raise BadHead(400, "has no one length of its body")
    return int(lengths[0])
