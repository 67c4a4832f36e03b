"""``${NAME#pattern}`` and ``${NAME%pattern}``: a shell pattern taken off one end of a value, in bounded time."""

from collections.abc import Sequence

MOST_STEPS = 1_000_000
"""Pattern times value; more is no version number or path any more."""


def trimmed(value: str, pattern: str, *, sign: str) -> str:
    """The value without the match at its start (``#``) or end (``%``); a doubled sign takes the longest match.

    ``*`` is any text and ``?`` one character, also slashes; there are no bracket expressions, as in BuildKit.
    A value or pattern beyond :data:`MOST_STEPS` is left as it is.
    """
    longest = pattern.startswith(sign)
    tokens = _tokens(pattern[longest:])
    if len(tokens) * len(value) > MOST_STEPS:
        return value
    if sign == "%":
        tokens, value = tokens[::-1], value[::-1]
    ends = _ends(tokens, value)
    if ends:
        value = value[max(ends) if longest else min(ends) :]
    return value[::-1] if sign == "%" else value


def _tokens(pattern: str) -> list[str]:
    """``*`` and ``?`` are themselves; every other token is a backslash and the character that it stands for."""
    tokens: list[str] = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char == "\\" and at < len(pattern):
            char, at = "\\" + pattern[at], at + 1
        tokens.append(char if char in ("*", "?") or len(char) > 1 else "\\" + char)
    return tokens


def _ends(tokens: Sequence[str], value: str) -> set[int]:
    """Where a match that begins at the start can end."""
    ends = {0}
    for token in tokens:
        if not ends:
            break
        if token == "*":  # noqa: S105 - a wildcard, no password
            ends = set(range(min(ends), len(value) + 1))
        else:
            ends = {at + 1 for at in ends if at < len(value) and (token == "?" or value[at] == token[1])}  # noqa: S105 - no password
    return ends
