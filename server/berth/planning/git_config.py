"""Reads git's configuration files by ourselves: git would run what stands in them.

What git reads must not be missed here, so this follows its parser, and goes on where git would refuse the file.
"""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

_SECTION = re.compile(r'\[([A-Za-z0-9.-]+)(?:[ \t]+"((?:[^"\\\n]|\\.)*+)")?\]')
_KEY = re.compile(r"([A-Za-z][A-Za-z0-9-]*+)[ \t]*+(=?)")
_VALUE = re.compile(r'(?:[^"\\#;\n]|\\.|"(?:[^"\\\n]|\\.)*+"?)*+', re.DOTALL)
_PIECE = re.compile(r'\\(.)|"|[^"\\]++', re.DOTALL)
_REST = re.compile(r"[^\n]*+")
_SPACE = re.compile(r"\s*+")
_SHORT = re.compile(r"(?:[^/:@\s]++@)?([A-Za-z0-9.-]++):(?!//).*+")
_NAMED = {"n": "\n", "t": "\t", "b": "\b", "\n": ""}


def settings_of(text: str) -> Iterator[tuple[str, str]]:
    """Keys as ``git config --list`` names them (``core.hookspath``, ``filter.LFS.clean``), with their values.

    A key without ``=`` has the value ``true``. Never raises.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    section, position = "", _past(_SPACE, text, 0)
    while position < len(text):
        opening, key = _SECTION.match(text, position), _KEY.match(text, position)
        if opening:
            section, position = _named(opening), opening.end()
        elif key and key[2]:
            value = _VALUE.match(text, key.end())
            position = value.end() if value else key.end()
            yield f"{section}.{key[1].lower()}", _plain(value[0] if value else "")
        else:
            if key:
                yield f"{section}.{key[1].lower()}", "true"
            position = _past(_REST, text, position)
        position = _past(_SPACE, text, position)


def remote_hosts(settings: Iterable[tuple[str, str]]) -> Iterator[str]:
    """The hosts of all remotes' URLs, in lower case: ``https://HOST/…``, ``ssh://…``, ``me@HOST:…``. Never raises."""
    for key, url in settings:
        if key.startswith("remote.") and key.endswith(".url"):
            short = _SHORT.fullmatch(url)
            try:
                host = short[1] if short else urlsplit(url).hostname
            except ValueError:
                continue
            if host:
                yield host.lower()


def _named(opening: "re.Match[str]") -> str:
    part = None if opening[2] is None else re.sub(r"\\(.)", r"\1", opening[2])
    return opening[1].lower() + ("" if part is None else f".{part}")


def _plain(written: str) -> str:
    """A value without quotes and escapes; blanks round it do not count, those in quotes do."""
    pieces = []
    for piece in _PIECE.finditer(written.strip()):
        if piece[1] is not None:
            pieces.append(_NAMED.get(piece[1], piece[1]))
        elif piece[0] != '"':
            pieces.append(piece[0])
    return "".join(pieces)


def _past(pattern: "re.Pattern[str]", text: str, position: int) -> int:
    match = pattern.match(text, position)
    return match.end() if match else position
