"""Paths and blanks as Go's standard library reads them, which is how Docker reads Dockerfiles and ignore files."""

import posixpath

BLANKS = "\t\n\v\f\r \u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
"""What ``unicode.IsSpace`` says yes to; Python's ``str.strip`` also takes away U+001C to U+001F."""

BOM = b"\xef\xbb\xbf"


MOST_SHOWN = 200


def decode(raw: bytes) -> str:
    """UTF-8 without its byte order mark; bytes that are none are kept, as :func:`os.fsdecode` keeps them."""
    return raw.removeprefix(BOM).decode("utf-8", "surrogateescape")


def shown(text: str) -> str:
    """A text of a repository as part of a message: short, and without what is no Unicode."""
    text = text.encode("utf-8", "replace").decode()
    return text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN] + "…"


def clean(path: str) -> str:
    """``path.Clean``: the shortest path, ``.`` for none; two leading slashes are one, unlike :mod:`posixpath`."""
    shortest = posixpath.normpath(path) if path else "."
    return "/" + shortest.lstrip("/") if shortest.startswith("/") else shortest


def within(path: str) -> str:
    """A path as it is below a root that it cannot leave: no leading slash, ``""`` for the root itself."""
    return clean("/" + path)[1:]
