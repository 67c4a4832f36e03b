r"""What is said before anything else: one line of header, then JSON. The answer is a line of JSON, or several.

``berth 1 <bytes>\n{"want": "serve", "version", "pid", "folder", "environment"}``, with the editor's standard input and
output as two descriptors beside the first byte. The host answers ``{"pid", "version"}``, and ``{"status"}`` when the
conversation is over. Other wants (``status``, ``stop``, ``retire``) bring nothing else and get one line.

The environment is in here: none of it is ever logged or written to disk.
"""

import json
from collections.abc import Mapping

NUMBER = 1
"""Of this format. A host refuses any other."""

MOST_BYTES = 8 * 1024 * 1024
"""Of the JSON. Linux gives a process up to 6 MiB of arguments and environment."""

LONGEST_HEADER = 32
"""Bytes of the first line."""


class BadPreamble(Exception):
    """Something other than a preamble came. Says in one sentence what, and never repeats any of it."""


def preamble(content: Mapping[str, object]) -> bytes:
    """The bytes of a preamble. What is not Unicode in the environment comes through unharmed."""
    body = json.dumps(content).encode()
    return b"berth %d %d\n%b" % (NUMBER, len(body), body)


def read_header(line: bytes) -> int:
    """How many bytes of JSON follow a first line.

    Raises:
        BadPreamble: It is none, of another format, or announces too much.
    """
    words = line.split(b" ")
    if len(words) != 3 or words[0] != b"berth" or not words[2].isdigit():
        raise BadPreamble("The first line is no preamble.")
    if words[1] != b"%d" % NUMBER:
        raise BadPreamble("The preamble has another format.")
    length = int(words[2])
    if length > MOST_BYTES:
        raise BadPreamble("The preamble is too long.")
    return length


def read_content(body: bytes) -> dict[str, object]:
    """What the JSON says.

    Raises:
        BadPreamble: It is no object.
    """
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise BadPreamble("The preamble is no object.")
    return content
