"""One string into words, as a POSIX shell takes a command apart, without expanding or running anything."""

import re
import shlex

_QUOTED = re.compile(r"'[^']*'|\"(?:\\.|[^\"\\])*\"|\\.", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


def shell_words(text: str) -> list[str]:
    r"""The words: blanks part them, quotes and backslashes keep blanks, ``$``, ``*`` and the like are plain characters.

    Beyond :func:`shlex.split`, a backslash at a line's end joins the lines, and ``\$`` between double quotes is ``$``
    (POSIX 2.2.1 and 2.2.3).

    Raises:
        ValueError: A quote is not closed, or the text ends in a backslash.
    """
    try:
        return shlex.split(_QUOTED.sub(_plain, text))
    except ValueError:
        raise ValueError("has a quote that is not closed, or ends in a backslash") from None


def _plain(match: re.Match[str]) -> str:
    """A quoted piece in the words of ``shlex``."""
    piece = match[0]
    if piece[0] == "'":
        return piece
    special = "$`" if piece[0] == '"' else ""
    return _ESCAPE.sub(lambda one: "" if one[1] == "\n" else one[1] if one[1] in special else one[0], piece)
