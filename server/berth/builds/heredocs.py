"""The heredocs that an instruction's line opens, as BuildKit's ``parser.ParseHeredoc`` finds them."""

import json
import re
from dataclasses import dataclass

_OPENING = re.compile(r"(\d*)<<(-?)\s*([^<]*)", re.ASCII)
_TAKERS = frozenset({"ADD", "COPY", "RUN"})
_PIECE = re.compile(
    r"""(?P<escaped>\\.) | (?P<quoted>'[^']*'|"[^"\\]*(?:\\.[^"\\]*)*") | (?P<blank>\s+)
      | <<[\t\r\ ]* | [^\s'"\\<]+ | < | (?P<open>.)""",
    re.DOTALL | re.VERBOSE,
)
_ESCAPED = re.compile(r"""\\(["$\\])""")
_FLAG = re.compile(r"--\S*\s+")


@dataclass(frozen=True, slots=True)
class Heredoc:
    """``name`` ends it; ``chomps`` (``<<-``) takes leading tabs away from every line."""

    name: str
    chomps: bool


def heredocs_of(keyword: str, rest: str) -> tuple[Heredoc, ...]:
    """In the order in which their contents follow. ``ONBUILD`` counts as the instruction that it holds."""
    if "<<" not in rest:
        return ()
    if keyword == "ONBUILD":
        keyword, _, rest = rest.lstrip().partition(" ")
        keyword = keyword.upper()
    if keyword not in _TAKERS or is_json_list(_without_flags(rest)):
        return ()
    return tuple(heredoc for word in _words(rest) if (heredoc := as_heredoc(word)))


def as_heredoc(word: str) -> Heredoc | None:
    """The heredoc that a word opens; None when it opens none."""
    match = _OPENING.fullmatch(word)
    if match is None:
        return None
    name = _unquoted(match[3])
    return Heredoc(name, match[2] == "-") if name else None


def is_json_list(text: str) -> bool:
    """Whether BuildKit would take the text as a JSON list of strings."""
    return json_list(text) is not None


def json_list(text: str) -> list[object] | None:
    """The list, or None where the text is no JSON list: then it is read as words."""
    if not text.lstrip().startswith("["):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, list) else None


def _without_flags(rest: str) -> str:
    at = 0
    while match := _FLAG.match(rest, at):
        at = match.end()
    return rest[at:]


def _words(line: str) -> list[str]:
    """Words with their quotes; blanks after ``<<`` belong to the word. None at all where a quote stays open."""
    words: list[str] = []
    word: list[str] = []
    for match in _PIECE.finditer(line):
        if match["open"] in ("'", '"'):
            return []
        if match["blank"]:
            words.append("".join(word))
            word.clear()
        else:
            word.append(match[0])
    return [*words, "".join(word)]


def _unquoted(word: str) -> str:
    """The word without quotes and escapes; empty where blanks outside of quotes make it two, or a quote stays open."""
    name: list[str] = []
    for match in _PIECE.finditer(word.strip()):
        if match["open"] in ("'", '"') or match["blank"]:
            return ""
        if match["quoted"]:
            name.append(_ESCAPED.sub(r"\1", match[0][1:-1]) if match[0][0] == '"' else match[0][1:-1])
        elif not match["open"]:
            name.append(match[0].removeprefix("\\"))
    return "".join(name)
