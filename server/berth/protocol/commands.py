"""What the commands about sessions take and answer."""

from typing import Annotated

from pydantic import Field, RootModel

from berth.protocol.model import Arguments, WireModel
from berth.protocol.plans import PlanArguments
from berth.protocol.session import SessionInfo

SessionId = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]
"""Opaque; may be chosen by the client. Letters, digits, ``_ . -``."""


class Position(WireModel):
    """A place in a document: line and character from 0, in the connection's negotiated position encoding."""

    line: Annotated[int, Field(ge=0)]
    character: Annotated[int, Field(ge=0)]


class Range(WireModel):
    """A stretch of a document; ``end`` is exclusive."""

    start: Position
    end: Position


class DocumentContext(Arguments):
    """A file or a part of it: read from the open buffer if there is one, else from disk."""

    uri: Annotated[str, Field(min_length=1)]
    range: Range | None = None


class DiagnosticsContext(Arguments):
    """The diagnostics of a document, as the editor last sent them with a code action."""

    diagnostics: Annotated[str, Field(min_length=1)]


class TextContext(Arguments):
    """Plain text."""

    text: str


ContextItem = DocumentContext | DiagnosticsContext | TextContext


class StartArguments(PlanArguments):
    """Starts a session and answers at once."""

    session: SessionId | None = Field(default=None, description="Id of the new session; made up when absent.")
    name: str | None = Field(default=None, max_length=80, description="What people call it.")
    prompt: str | None = Field(default=None, description="First prompt, sent when the agent is ready.")
    context: tuple[ContextItem, ...] = Field(default=(), description="What goes with the first prompt.")


class SessionArguments(Arguments):
    """Names one session."""

    session: SessionId


class PromptArguments(SessionArguments):
    """Sends a prompt; queued while a turn runs."""

    text: Annotated[str, Field(min_length=1)]
    context: tuple[ContextItem, ...] = ()


class PromptResult(WireModel):
    """The turn the prompt became. ``queued`` is its place in the queue, 0 when it runs now."""

    turn: str
    queued: int = 0


class RespondArguments(SessionArguments):
    """Answers a question: ``option`` (an option's id or kind), ``values`` (a form), or neither (cancel)."""

    request: str
    option: str | None = None
    values: dict[str, object] | None = None


class StopArguments(SessionArguments):
    """Stops the session by the ladder; the container stays and can be restarted."""

    grace: float | None = Field(
        default=None, ge=0, le=60, description="Seconds for each rung; those of `docker.stop` when absent."
    )


class RebuildArguments(SessionArguments):
    """Plans again, builds, replaces the container, resumes the conversation where the agent can."""

    no_cache: bool = False
    pull: bool = False


class RemoveArguments(SessionArguments):
    """Removes container and journal. ``force`` also ends a running session."""

    force: bool = False


class ReplayArguments(SessionArguments):
    """Asks for events again, from a number on."""

    from_: int = Field(alias="from", ge=1)
    limit: int = Field(default=10_000, ge=1, le=100_000)


class ReplayResult(WireModel):
    """Events in order. ``next`` is the number to ask for next; ``complete`` when there is none yet.

    ``first`` is the number of the first one: later than asked for where older events are no longer kept.
    """

    session: str
    first: int
    events: tuple[dict[str, object], ...]
    next: int
    complete: bool


class SnapshotResult(WireModel):
    """A whole session: its info, and the transcript as Markdown up to ``seq``."""

    info: SessionInfo
    transcript: str
    seq: int


class LogsArguments(SessionArguments):
    """Asks for raw output of the container; ``tail`` lines at most."""

    tail: int = Field(default=1000, ge=1, le=100_000)


class LogsResult(WireModel):
    """Raw output, oldest first, undecodable bytes replaced."""

    text: str


class ShellResult(WireModel):
    """The program and arguments that open a shell where the agent runs, for the editor's terminal."""

    argv: tuple[str, ...]


class SetOptionArguments(SessionArguments):
    """Changes a mode, model or config option of the agent."""

    option: str
    value: str


class TranscriptArguments(SessionArguments):
    """Writes the transcript as Markdown and, with ``show``, opens it in the editor."""

    show: bool = True


class TranscriptResult(WireModel):
    """Where the transcript is: a ``berth:`` or ``file:`` URI."""

    uri: str


class Check(WireModel):
    """One check of the doctor."""

    name: str
    ok: bool
    message: str
    hint: str = ""


class DoctorResult(WireModel):
    """Every check, in order. ``ok`` when all of them are."""

    ok: bool
    checks: tuple[Check, ...]


class SessionList(RootModel[tuple[SessionInfo, ...]]):
    """All sessions of the host, oldest first: a plain list on the wire."""


class Nothing(WireModel):
    """Nothing to say: the effect comes as events."""


class NoArguments(Arguments):
    """Takes nothing."""
