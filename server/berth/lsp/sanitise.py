"""Makes text that others wrote fit for an editor's message: one door for all of it.

Agents, images and repositories choose this text, and editors give it powers: VS Code turns ``[x](command:…)`` in a
message into a command one click away, terminals obey escape sequences, and invisible characters make one text look like
another.
"""

import re
import unicodedata

LIMIT = 300
"""Characters of the longest message."""

LINES_LIMIT = 4_000
"""Characters of a text of several lines: an error with the last lines of a build's step."""

_ESCAPES = re.compile(
    r"""
    (?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]                          # CSI: colours, cursor
    | (?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f]).*?(?:\x07|\x1b\\|\x9c|$)  # OSC, DCS, SOS, PM, APC up to their end
    | \x1b[ -/]*[0-~]                                         # all other escape sequences
    """,
    re.VERBOSE | re.DOTALL,
)
_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
_BLANK_LOOKING = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5")
"""Letters and marks by category that show nothing: Hangul fillers, the empty Braille cell, joiners."""

_SPACES = re.compile(r"\s+")
_LINK = re.compile(r"\]\s*(?=[(\[])")


def sanitise(text: str, *, limit: int = LIMIT) -> str:
    """One line of visible characters, without live links, at most ``limit`` characters long.

    Escape sequences, control, bidirectional, zero-width, private and unassigned characters are taken out, white space
    becomes single spaces, ``](`` is broken up so that no Markdown link is left.
    """
    visible = _SPACES.sub(" ", _ESCAPES.sub("", text[: limit * 20]))
    visible = "".join(character for character in visible if _is_visible(character))
    plain = _LINK.sub("] ", _SPACES.sub(" ", visible)).strip()  # what was taken out may have stood between two spaces
    return plain if len(plain) <= limit else plain[: limit - 1].rstrip() + "…"


def sanitise_lines(text: str, *, limit: int = LINES_LIMIT) -> str:
    """Lines of visible characters, each made safe on its own, at most ``limit`` characters together."""
    lines = [sanitise(line, limit=limit) for line in text[: limit * 20].splitlines()]
    whole = "\n".join(lines).strip("\n")
    return whole if len(whole) <= limit else whole[: limit - 1].rstrip() + "…"


def _is_visible(character: str) -> bool:
    return unicodedata.category(character) not in _INVISIBLE and character not in _BLANK_LOOKING
