"""Events as a person reads them: Markdown that only ever grows, so that a file can be appended to as things happen.

What an agent says is hostile until proven otherwise: HTML is escaped, ``command:`` links are dead text, control
characters are dropped. Text is written line by line, a tool call when it has ended.
"""

import re
import time
from collections.abc import Callable

from berth.protocol.events import (
    DiffContent,
    EventBody,
    ImageProgress,
    InputRequested,
    InputResolved,
    Noise,
    Notice,
    PartDelta,
    PartStarted,
    StateChanged,
    TerminalContent,
    TextContent,
    ThoughtDelta,
    ToolEnded,
    TurnEnded,
    TurnStarted,
)
from berth.protocol.session import Option, State
from berth.sessions.diffs import unified

STEP_CHARACTERS = 100
"""A longer build step is cut; recipes have commands of many lines."""

CONTENT_LINES = 40
"""Longer output of a tool is cut in the transcript; the events have all of it."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_FENCE = re.compile(r"^\s{0,3}(```+|~~~+)")
# Possessive (`*+`), because giving back what was taken costs the square of a long run of blanks; and `^` stands for
# every line, so that many lines are made safe at once.
_LIVE_LINK = re.compile(
    r"(\]\([^\S\n]*+<?|^[^\S\n]*+\[[^\]\n]*+\]:[^\S\n]*+<?|<)[^\S\n]*+(command|vscode|javascript|data|file):",
    re.IGNORECASE | re.MULTILINE,
)
_LIVE_SCHEMES = ("command:", "vscode:", "javascript:", "data:", "file:")
_MARKS = {"completed": "✓", "failed": "✗", "cancelled": "–"}


class Transcript:
    """Turns events into Markdown, piece by piece."""

    def __init__(self, workspace: str = "") -> None:
        """An empty transcript. Paths below ``workspace`` are shown relative to it."""
        self._workspace = workspace.rstrip("/") + "/"
        self._line: list[str] = []  # in pieces: joining an open line anew with each costs the square of its length
        self._thinking = False
        self._fence: str | None = None
        self._options: dict[str, tuple[Option, ...]] = {}
        self._writers: dict[type[EventBody], Callable[..., str]] = {
            StateChanged: self._state,
            ImageProgress: self._image,
            TurnStarted: self._turn_started,
            TurnEnded: self._turn_ended,
            PartStarted: self._part,
            PartDelta: self._delta,
            ThoughtDelta: self._thought,
            ToolEnded: self._tool,
            InputRequested: self._asked,
            InputResolved: self._answered,
            Notice: self._notice,
            Noise: self._noise,
        }

    def add(self, body: EventBody) -> str:
        """The Markdown that this event adds; often nothing."""
        writer = self._writers.get(type(body))
        if writer is None:
            return ""
        return str(writer(body))

    def _close(self) -> str:
        """Ends the open line and code block, so that what follows is a block of its own."""
        line = "".join(self._line)
        rest = self._quote(_safe(line, code=self._fence is not None)) + "\n" if line else ""
        if self._fence is not None:
            rest += self._quote(self._fence) + "\n"
        self._line, self._fence = [], None
        return rest

    def _quote(self, line: str) -> str:
        return f"> {line}" if self._thinking else line

    def _text(self, text: str) -> str:
        end = text.rfind("\n") + 1
        if not end:
            self._line.append(text)
            return ""
        whole = "".join((*self._line, text[:end]))
        self._line = [text[end:]]
        if self._thinking or "```" in whole or "~~~" in whole:
            return "".join(self._full_line(line) for line in whole[:-1].split("\n"))
        return _safe(whole, code=self._fence is not None)

    def _full_line(self, line: str) -> str:
        fence = _FENCE.match(line)
        inside = self._fence is not None
        if fence and not inside:
            self._fence = fence.group(1)
        elif fence and self._fence and fence.group(1).startswith(self._fence):
            self._fence = None
        return self._quote(_safe(line, code=inside)) + "\n"

    def _part(self, body: PartStarted) -> str:
        closed = self._close()
        self._thinking = body.of == "thought"
        return closed + ("\n> *Thinking*\n>\n" if self._thinking else "\n")

    def _delta(self, body: PartDelta) -> str:
        return self._text(body.text)

    def _thought(self, body: ThoughtDelta) -> str:
        return self._text(body.text)

    def _block(self, text: str) -> str:
        closed = self._close()
        self._thinking = False
        return f"{closed}\n{text}\n"

    def _state(self, body: StateChanged) -> str:
        if body.error:
            return self._block(f"**Error:** {_one_line(body.error.message)} {_one_line(body.error.hint)}".rstrip())
        if body.to is State.STOPPED:
            return self._block(f"*Stopped. {_one_line(body.why)}*".replace(". *", ".*"))
        return ""

    def _image(self, body: ImageProgress) -> str:
        if body.log is not None or body.current is None or body.cached:  # a cached step was told when it began
            return ""
        of = f"{body.current}/{body.total} " if body.total else ""
        return self._block(f"*Image {of}{_one_line(body.step, STEP_CHARACTERS)}*")

    def _turn_started(self, body: TurnStarted) -> str:
        clock = time.strftime("%H:%M")
        prompt = "\n".join(_safe(line, code=False) for line in body.prompt.splitlines())
        attached = "".join(f"\n- {_one_line(title)}" for title in body.context)
        return self._block(f"## You, {clock}\n\n{prompt}" + (f"\n\nWith:\n{attached}" if attached else ""))

    def _turn_ended(self, body: TurnEnded) -> str:
        seconds = f"{body.duration / 1000:.1f} s"
        if body.stop_reason == "never-sent":
            return self._block("*Not sent.*")
        if body.error:
            return self._block(f"**The turn failed after {seconds}:** {_one_line(body.error.message)}")
        words = "Done" if body.state == "complete" else body.state.capitalize()
        return self._block(f"*{words} in {seconds}*")

    def _tool(self, body: ToolEnded) -> str:
        mark = _MARKS.get(body.status, "·")
        pieces = [f"**{mark} {_one_line(body.title or body.family)}**"]
        pieces += [self._content(content) for content in body.content]
        return self._block("\n\n".join(piece for piece in pieces if piece))

    def _asked(self, body: InputRequested) -> str:
        self._options[body.input.request] = body.input.options
        names = " · ".join(_one_line(option.name) for option in body.input.options)
        return self._block(f"**? {_one_line(body.input.title)}**" + (f" ({names})" if names else ""))

    def _answered(self, body: InputResolved) -> str:
        options = self._options.pop(body.request, ())
        name = next((option.name for option in options if option.id == body.option), body.option or "cancelled")
        return self._block(f"*Answered: {_one_line(name)}{f' ({_one_line(body.by)})' if body.by else ''}*")

    def _notice(self, body: Notice) -> str:
        return self._block(f"*{body.severity.capitalize()}: {_one_line(body.message)}*")

    def _noise(self, body: Noise) -> str:
        """What an agent says on stderr is in its events and logs: every adapter chats there."""
        return self._block(f"Unreadable output:\n\n{_code(body.text, '')}") if body.stream == "stdout" else ""

    def _content(self, content: TextContent | DiffContent | TerminalContent) -> str:
        if isinstance(content, DiffContent):
            return _code(unified(content, content.path.removeprefix(self._workspace)), "diff")
        return _code(content.output if isinstance(content, TerminalContent) else content.text, "")


def _code(text: str, language: str) -> str:
    """A fenced block that its content cannot close, cut to a readable length."""
    lines = _CONTROL.sub("", text).rstrip("\n").split("\n")
    if lines == [""]:
        return ""
    cut = [f"… {len(lines) - CONTENT_LINES} more lines"] if len(lines) > CONTENT_LINES else []
    longest = max((len(run) for run in re.findall(r"`+", text[:65_536])), default=2)
    fence = "`" * max(3, longest + 1)
    shown = "\n".join(line[:2_000] for line in [*lines[:CONTENT_LINES], *cut])
    return f"{fence}{language}\n{shown}\n{fence}"


def _safe(lines: str, *, code: bool) -> str:
    """Lines without control characters and, outside code, without live HTML or links that act."""
    lines = _CONTROL.sub("", lines)
    if code:
        return lines
    folded = lines.casefold()
    if any(scheme in folded for scheme in _LIVE_SCHEMES):  # looking for these first is six times as fast
        lines = _LIVE_LINK.sub(r"\1blocked:", lines)
    return lines.replace("<", "&lt;")


def _one_line(text: str, most: int = 300) -> str:
    line = " ".join(text.split())
    return _safe(line if len(line) <= most else f"{line[: most - 1]}…", code=False)
