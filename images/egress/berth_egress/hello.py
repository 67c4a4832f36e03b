"""The name in a TLS ClientHello, read strictly (RFC 8446, 6066). Sans I/O."""

from collections.abc import Iterator

MOST = 65_536
"""Bytes of a ClientHello. Post-quantum key shares make some 2 KiB; no client sends more than a few."""

_HANDSHAKE, _CLIENT_HELLO = 22, 1
_SERVER_NAME, _ENCRYPTED_HELLO = 0, 0xFE0D
_MOST_OF_RECORD = 16_384


class BadHello(ValueError):
    """What arrived is no ClientHello that can be vetted. The text goes on the end of a sentence."""


class Fields:
    """Bytes that are taken from the front."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def __bool__(self) -> bool:
        return self._at < len(self._data)

    def take(self, count: int) -> bytes:
        """So many bytes. Raises ``BadHello``."""
        if count > len(self._data) - self._at:
            raise BadHello("its TLS greeting is cut off")
        self._at += count
        return self._data[self._at - count : self._at]

    def number(self, width: int) -> int:
        """A number of so many bytes."""
        return int.from_bytes(self.take(width), "big")

    def block(self, width: int) -> "Fields":
        """What a length of so many bytes announces."""
        return Fields(self.take(self.number(width)))


def is_tls(data: bytes) -> bool:
    """Whether the first bytes of a connection begin a TLS handshake."""
    return data[:1] == bytes([_HANDSHAKE])


def server_name(data: bytes) -> str | None:
    """The name of the server that a client greets, in lower case; empty when it names none. None: more is needed.

    Raises:
        BadHello: It can never become a greeting, is longer than :data:`MOST`, is in doubt (two names), or hides its
            name (Encrypted Client Hello).
    """
    message = b""
    for fragment in _fragments(data):
        message += fragment
        if len(message) >= 4:
            if message[0] != _CLIENT_HELLO:
                raise BadHello("its first message is not a TLS greeting")
            length = int.from_bytes(message[1:4], "big")
            if length > MOST:
                raise BadHello("its TLS greeting is too long")
            if len(message) == 4 + length:
                return _named(Fields(message[4:]))
            if len(message) > 4 + length:
                raise BadHello("something follows its TLS greeting")
    if len(data) > 2 * MOST:
        raise BadHello("its TLS greeting is too long")
    return None


def _fragments(data: bytes) -> Iterator[bytes]:
    """What TLS records carry; the last one only when it is whole."""
    at = 0
    while len(data) - at >= 1:
        if data[at] != _HANDSHAKE or (len(data) - at >= 2 and data[at + 1] != 3):
            raise BadHello("it does not begin with a TLS greeting")
        if len(data) - at < 5:
            return
        length = int.from_bytes(data[at + 3 : at + 5], "big")
        if not 0 < length <= _MOST_OF_RECORD:
            raise BadHello("its TLS greeting has a record of no possible length")
        if len(data) - at < 5 + length:
            return
        yield data[at + 5 : at + 5 + length]
        at += 5 + length


def _named(hello: Fields) -> str:
    hello.take(2 + 32)
    for width in (1, 2, 1):
        hello.block(width)
    if not hello:
        return ""
    extensions = hello.block(2)
    if hello:
        raise BadHello("its TLS greeting has bytes after its end")
    found: dict[int, Fields] = {}
    while extensions:
        kind = extensions.number(2)
        if kind in found:
            raise BadHello("its TLS greeting has an extension twice")
        found[kind] = extensions.block(2)
    if _ENCRYPTED_HELLO in found:
        raise BadHello("its TLS greeting hides the server's name (Encrypted Client Hello)")
    return _name(found[_SERVER_NAME]) if _SERVER_NAME in found else ""


def _name(extension: Fields) -> str:
    names = extension.block(2)
    kind, name = names.number(1), names.block(2)
    if kind != 0 or names or extension:
        raise BadHello("its TLS greeting has more than one server's name")
    text = name.take(len(name._data))  # noqa: SLF001 - the same class
    try:
        return text.decode("ascii").lower()
    except UnicodeDecodeError as error:
        raise BadHello("its TLS greeting has a server's name that is none") from error
