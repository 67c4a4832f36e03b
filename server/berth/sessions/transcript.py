"""Events as a person reads them: Markdown that only ever grows, so that a file can be appended to as things happen.

What an agent says is made harmless (:mod:`berth.sessions.harmless`). Text is written line by line, a tool call when it
has ended.
"""

import re
import time
from collections.abc import Callable

from berth.protocol.container_events import IsolationProved, NetworkBlocked
from berth.protocol.event_body import EventBody
from berth.protocol.events import (
    InputRequested,
    InputResolved,
    Noise,
    Notice,
    PartDelta,
    PartStarted,
    StateChanged,
    ThoughtDelta,
    TurnEnded,
    TurnStarted,
)
from berth.protocol.session import Option, State
from berth.protocol.tool_events import DiffContent, TerminalContent, TextContent, ToolEnded
from berth.protocol.workspace_events import WritebackFound
from berth.sessions.diffs import unified
from berth.sessions.harmless import code, prose, without_control
from berth.sessions.writeback.sentence import headline

LINE_CHARACTERS = 300
"""Titles and sentences are cut there."""

CONTENT_LINES = 40
"""Longer output of a tool is cut in the transcript; the events have all of it."""

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})([^\n]*)$")
_MARKS = {"completed": "✓", "failed": "✗", "cancelled": "–"}


class Transcript:
    """Turns events into Markdown, piece by piece."""

    def __init__(self, workspace: str = "") -> None:
        """An empty transcript. Paths below ``workspace`` are shown relative to it."""
        self._workspace = workspace.rstrip("/") + "/"
        self._line: list[str] = []  # in pieces: joining an open line anew with each costs the square of its length
        self._thinking = False
        self._at = 0.0
        self._fence: str | None = None
        self._options: dict[str, tuple[Option, ...]] = {}
        self._writers: dict[type[EventBody], Callable[..., str]] = {
            StateChanged: self._state,
            TurnStarted: self._turn_started,
            TurnEnded: self._turn_ended,
            PartStarted: self._part,
            PartDelta: self._delta,
            ThoughtDelta: self._thought,
            ToolEnded: self._tool,
            InputRequested: self._asked,
            InputResolved: self._answered,
            Notice: self._notice,
            IsolationProved: self._proved,
            NetworkBlocked: self._blocked,
            Noise: self._noise,
            WritebackFound: self._written_back,
        }

    def add(self, body: EventBody, at: int) -> str:
        """The Markdown that this event adds; often nothing. ``at`` is when it happened, in Unix milliseconds."""
        self._at = at / 1000
        writer = self._writers.get(type(body))
        if writer is None:
            return ""
        return str(writer(body))

    def _close(self) -> str:
        """Ends the open line and code block, so that what follows is a block of its own."""
        line = "".join(self._line)
        rest = self._quote(self._safe(line)) + "\n" if line else ""
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
        return self._safe(whole)

    def _safe(self, lines: str) -> str:
        return prose(lines) if self._fence is None else code(lines)

    def _full_line(self, line: str) -> str:
        safe = self._safe(line)
        fence = _FENCE.match(without_control(line))
        if fence is not None:
            self._pass_fence(fence[1], fence[2])
        return self._quote(safe) + "\n"

    def _pass_fence(self, fence: str, rest: str) -> None:
        """Opens or closes a code block as CommonMark does: an info string has no backtick, a closing fence no text."""
        if self._fence is None:
            if fence[0] == "~" or "`" not in rest:
                self._fence = fence
        elif fence.startswith(self._fence) and not rest.strip():
            self._fence = None

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
        if body.to is State.BUILDING:  # its steps are events and progress; here they would bury the conversation
            return self._block(f"*{_one_line(body.why)}*")
        if body.to is State.STOPPED:
            return self._block(f"*Stopped. {_one_line(body.why)}*".replace(". *", ".*"))
        return ""

    def _turn_started(self, body: TurnStarted) -> str:
        clock = time.strftime("%H:%M", time.localtime(self._at))
        prompt = prose("\n".join(body.prompt.splitlines()))
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
        detail = f"\n\n{body.input.detail}" if body.input.detail else ""
        return self._block(f"**? {_one_line(body.input.title)}**" + (f" ({names})" if names else "") + detail)

    def _answered(self, body: InputResolved) -> str:
        options = self._options.pop(body.request, ())
        name = next((option.name for option in options if option.id == body.option), body.option or "cancelled")
        return self._block(f"*Answered: {_one_line(name)}{f' ({_one_line(body.by)})' if body.by else ''}*")

    def _notice(self, body: Notice) -> str:
        return self._block(f"*{body.severity.capitalize()}: {_one_line(body.message)}*")

    def _proved(self, body: IsolationProved) -> str:
        return self._block(f"*Tried before the agent was let go: {_one_line('; '.join(body.checks))}.*")

    def _blocked(self, body: NetworkBlocked) -> str:
        times = f", {body.count} times by now" if body.count > 1 else ""
        return self._block(f"*Kept from {_one_line(body.host)}:{body.port} ({_one_line(body.why)}){times}*")

    def _written_back(self, body: WritebackFound) -> str:
        lines = [
            f"- {_code_span(found.path.removeprefix(self._workspace))}: {_one_line(found.what)}"
            for found in sorted(body.findings, key=lambda found: found.severity != "warning")
        ]
        more = ["- Not everything could be looked at or listed."] if body.truncated else []
        return self._block("\n".join([f"**{_one_line(headline(body))}**\n", *lines, *more]))

    def _noise(self, body: Noise) -> str:
        """What an agent says on stderr is in its events and logs: every adapter chats there."""
        return self._block(f"Unreadable output:\n\n{_code(body.text, '')}") if body.stream == "stdout" else ""

    def _content(self, content: TextContent | DiffContent | TerminalContent) -> str:
        if isinstance(content, DiffContent):
            return _code(unified(content, content.path.removeprefix(self._workspace)), "diff")
        return _code(content.output if isinstance(content, TerminalContent) else content.text, "")


def _code(text: str, language: str) -> str:
    """A fenced block that its content cannot close, cut to a readable length."""
    lines = code(text).rstrip("\n").split("\n")
    if lines == [""]:
        return ""
    cut = [f"… {len(lines) - CONTENT_LINES} more lines"] if len(lines) > CONTENT_LINES else []
    longest = max((len(run) for run in re.findall(r"`+", text[:65_536])), default=2)
    fence = "`" * max(3, longest + 1)
    shown = "\n".join(line[:2_000] for line in [*lines[:CONTENT_LINES], *cut])
    return f"{fence}{language}\n{shown}\n{fence}"


def _code_span(text: str) -> str:
    """A path as code, which it cannot end."""
    return f"`{code(' '.join(text.split())[:LINE_CHARACTERS]).replace('`', chr(39))}`"


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return prose(line if len(line) <= LINE_CHARACTERS else f"{line[: LINE_CHARACTERS - 1]}…")
