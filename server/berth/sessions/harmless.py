"""Makes an agent's text harmless as Markdown, whatever shows it.

What an agent says is hostile until proven otherwise. In prose, HTML is escaped and images are shown as text. In code,
which should stay as it is, only what would act is broken by an invisible character; so nothing depends on this side and
a Markdown reader agreeing where a code block ends. In both, links and reference definitions that would act are dead.
"""

import re

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SCHEMES = ("command", "vscode", "javascript", "data", "file")
# Possessive (`*+`), because giving back what was taken costs the square of a long run of blanks; and `^` stands for
# every line, so that many lines are made harmless at once.
_LIVE_LINK = re.compile(
    rf"(\]\([^\S\n]*+<?|^[^\S\n]*+<?|<)[^\S\n]*+({'|'.join(_SCHEMES)}):(?=\S)", re.IGNORECASE | re.MULTILINE
)
_DEFINITION = re.compile(r"^([ >\t]*+\[[^\]\n]{1,300}+\]):", re.MULTILINE)
_IMAGE = re.compile(r"!\[(?=[^\]\n]{0,300}+\][(\[])")
_ACTIVE = re.compile(
    r"<(?=/?(?:script|iframe|img|image|svg|math|video|audio|source|object|embed|link|meta|base|form|input|style)\b|a\s)",
    re.IGNORECASE,
)
_BREAK = "\u200c"
"""Zero width non-joiner: ``<`` and a name with it between are text, and look the same."""


def without_control(text: str) -> str:
    """The text without control, direction and zero-width characters; line ends and tabs stay."""
    return _CONTROL.sub("", text)


def prose(lines: str) -> str:
    """Lines of prose: no HTML, no images, no links that act."""
    lines = _links(without_control(lines))
    return lines.replace("![", "!\\[").replace("<", "&lt;")


def code(lines: str) -> str:
    """Lines of a code block, as they are but for what would act outside of one."""
    lines = _links(without_control(lines))
    if "![" in lines:
        lines = _IMAGE.sub(f"!{_BREAK}[", lines)
    return _ACTIVE.sub(f"<{_BREAK}", lines) if "<" in lines else lines


def _links(lines: str) -> str:
    if "]:" in lines:
        lines = _DEFINITION.sub(r"\1\\:", lines)
    folded = lines.casefold()
    if any(f"{scheme}:" in folded for scheme in _SCHEMES):  # looking for these first is six times as fast
        lines = _LIVE_LINK.sub(r"\1blocked:", lines)
    return lines
