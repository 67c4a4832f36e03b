"""Lines ↔ JSON objects, for dialects that speak one object a line."""

import json
from typing import Any, NoReturn

from berth.agents.base import MAX_LINE_BYTES, MAX_NESTING
from berth.protocol.events import Noise

Frame = dict[str, Any]
"""A JSON object as it came, with nothing in it that cannot be encoded as UTF-8 JSON again."""

NOISE_CHARACTERS = 16 * 1024
"""How much of an unreadable line is kept. The whole of it is in the container's own log."""


def read_frame(line: bytes) -> Frame | Noise:
    """The object in a line, or why there is none. Lone surrogates in its strings become ``?``."""
    if len(line) > MAX_LINE_BYTES:
        return noise(line, f"a line of more than {MAX_LINE_BYTES} bytes")
    try:
        text = line.decode().strip("\ufeff \t\r")
        value, end = _DECODER.raw_decode(text)
    except UnicodeDecodeError:
        return noise(line, "not UTF-8")
    except (ValueError, RecursionError):
        return noise(line, "not JSON")
    if end != len(text):
        return noise(line, "more than one JSON value")
    if not isinstance(value, dict):
        return noise(line, "not a JSON object")
    return _checked(value, text, line)


def write_frame(frame: Frame) -> bytes:
    """One line of UTF-8.

    U+2028 and U+2029 are escaped, since Node's readline takes them for line ends; lone surrogates become ``?``.
    """
    text = json.dumps(frame, ensure_ascii=False, separators=(",", ":"))
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").encode("utf-8", "replace") + b"\n"


def noise(line: bytes, why: str) -> Noise:
    """A line that could not be read, as an event."""
    text = line[: 4 * NOISE_CHARACTERS].decode("utf-8", "replace")[:NOISE_CHARACTERS]
    return Noise(text=text, why=why)


def _checked(value: Frame, text: str, line: bytes) -> Frame | Noise:
    if text.count("{") + text.count("[") > MAX_NESTING and _deeper_than(MAX_NESTING, value):
        return noise(line, f"JSON nested more than {MAX_NESTING} deep")
    if "\\ud" in text or "\\uD" in text:
        return _without_lone_surrogates(value)
    return value


def _deeper_than(limit: int, value: object) -> bool:
    level = [value]
    for _ in range(limit):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return False
    return any(isinstance(child, dict | list) for child in level)


def _children(parent: object) -> list[object]:
    if isinstance(parent, dict):
        return [*parent.values()]
    return parent if isinstance(parent, list) else []


def _without_lone_surrogates(value: Frame) -> Frame:
    encoded = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    clean: Frame = json.loads(encoded)
    return clean


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


_DECODER = json.JSONDecoder(parse_constant=_refuse)
