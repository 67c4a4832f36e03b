"""What happened in a session: event bodies, and the envelope that numbers them.

A body says what happened. The session gives it a number, a time and its turn when it publishes it; on the wire the two
are one flat object ``{seq, at, turn?, kind, …}``. Bodies come from agents, the engine and the session itself; only the
session numbers them.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from berth.protocol.model import ErrorData, WireModel
from berth.protocol.session import AgentOption, Exit, Health, InputRequest, SessionLimits, State, Usage


class EventBody(WireModel):
    """One thing that happened, not yet numbered."""

    kind: str


class StateChanged(EventBody):
    """The session went from one state to another. ``why`` is a sentence where there is something to say."""

    kind: Literal["session.state"] = "session.state"
    from_: State = Field(alias="from")
    to: State
    why: str = ""
    error: ErrorData | None = None


class ImageProgress(EventBody):
    """A step of a build or pull. ``current``/``total`` count steps, or layers of a pull.

    ``log`` is one line of the step's own output. ``bytesDone`` of ``bytesTotal`` have been fetched, where that is told.
    """

    kind: Literal["image.progress"] = "image.progress"
    step: str
    current: int | None = None
    total: int | None = None
    cached: bool = False
    log: str | None = None
    bytes_done: int | None = None
    bytes_total: int | None = None


class ContainerState(EventBody):
    """Something happened to the container; in mode ``host`` to the process, and then ``container`` is absent.

    ``spare``: with ``created``, it had been started ahead and waited for a session like this one. ``confinement``: with
    ``started``, what was seen of it before anything of the user's went in: limits as the engine has them, and what the
    kernel says of its first process.
    """

    kind: Literal["container.state"] = "container.state"
    status: Literal["created", "started", "paused", "unpaused", "exited", "removed"]
    container: str | None = None
    image_digest: str | None = None
    spare: bool | None = None
    exit: Exit | None = None
    confinement: Mapping[str, str] | None = None


class TurnStarted(EventBody):
    """A prompt was sent. ``context`` lists what went with it, by URI or title."""

    kind: Literal["turn.started"] = "turn.started"
    prompt: str
    context: tuple[str, ...] = ()


class TurnEnded(EventBody):
    """A turn is over. ``duration`` is in milliseconds."""

    kind: Literal["turn.ended"] = "turn.ended"
    state: Literal["complete", "cancelled", "error"]
    stop_reason: str = ""
    duration: int = 0
    error: ErrorData | None = None


class PartStarted(EventBody):
    """A new stretch of agent text or thought begins; its deltas follow under the same part id."""

    kind: Literal["part.started"] = "part.started"
    part: str
    of: Literal["message", "thought", "user"] = "message"


class PartDelta(EventBody):
    """More Markdown text of a part."""

    kind: Literal["part.delta"] = "part.delta"
    part: str
    text: str


class ThoughtDelta(EventBody):
    """More of what the agent thinks aloud."""

    kind: Literal["thought.delta"] = "thought.delta"
    part: str
    text: str


class TextContent(WireModel):
    """Text a tool was given or gave."""

    type: Literal["text"] = "text"
    text: str


class DiffContent(WireModel):
    """A change to one file. ``old`` is None for a new file. Paths are absolute, as on the host."""

    type: Literal["diff"] = "diff"
    path: str
    old: str | None = None
    new: str


class TerminalContent(WireModel):
    """Output of a command the agent ran. Missing ``exit_code``: still running."""

    type: Literal["terminal"] = "terminal"
    output: str
    exit_code: int | None = None


Content = Annotated[TextContent | DiffContent | TerminalContent, Field(discriminator="type")]


class Location(WireModel):
    """A place in a file; ``line`` counts from 0."""

    path: str
    line: int | None = None


ToolStatus = Literal[
    "streaming",
    "pending-confirmation",
    "running",
    "auth-required",
    "pending-result-confirmation",
    "completed",
    "failed",
    "cancelled",
]


class ToolCall(EventBody):
    """A tool call as far as it is known. ``tool`` is its id. Sent whole at each step, so a client replaces.

    ``family`` is what sort of tool it is (``read edit delete move search execute think fetch other``), ``raw_input``
    what the agent passed to it.
    """

    tool: str
    title: str = ""
    family: str = "other"
    status: ToolStatus = "running"
    locations: tuple[Location, ...] = ()
    content: tuple[Content, ...] = ()
    raw_input: object | None = None


class ToolStarted(ToolCall):
    """A tool call was announced."""

    kind: Literal["tool.started"] = "tool.started"


class ToolUpdated(ToolCall):
    """A tool call went on."""

    kind: Literal["tool.updated"] = "tool.updated"


class ToolEnded(ToolCall):
    """A tool call ended: completed, failed or cancelled."""

    kind: Literal["tool.ended"] = "tool.ended"


class InputRequested(EventBody):
    """A person is asked."""

    kind: Literal["input.requested"] = "input.requested"
    input: InputRequest


class InputResolved(EventBody):
    """A question was answered; ``option`` None: cancelled. ``by`` names the client, or why it was automatic."""

    kind: Literal["input.resolved"] = "input.resolved"
    request: str
    option: str | None = None
    by: str = ""
    automatic: bool = False


class PlanEntry(WireModel):
    """One item of the agent's to-do list."""

    content: str
    status: Literal["pending", "in_progress", "completed"] = "pending"
    priority: str = "medium"


class PlanUpdated(EventBody):
    """The agent's own to-do list, whole."""

    kind: Literal["plan.updated"] = "plan.updated"
    entries: tuple[PlanEntry, ...]


class UsageUpdated(EventBody):
    """What the conversation has used so far."""

    kind: Literal["usage"] = "usage"
    usage: Usage


class OptionsChanged(EventBody):
    """Modes, models and config options of the agent, whole."""

    kind: Literal["config"] = "config"
    options: tuple[AgentOption, ...]


class SlashCommand(WireModel):
    """A command the agent understands at the start of a prompt."""

    name: str
    description: str = ""


class CommandsChanged(EventBody):
    """The agent's slash commands, whole."""

    kind: Literal["commands"] = "commands"
    commands: tuple[SlashCommand, ...]


class Notice(EventBody):
    """Something a person should know that fits nowhere else."""

    kind: Literal["notice"] = "notice"
    severity: Literal["info", "warning", "error"] = "info"
    message: str


class FilesChanged(EventBody):
    """Paths that changed in the workspace during the turn, measured from the workspace; absolute, as on the host."""

    kind: Literal["files.changed"] = "files.changed"
    paths: tuple[str, ...]
    truncated: bool = False


class WritebackFinding(WireModel):
    """One thing that could run on the user's machine. ``path`` is absolute, as on the host; ``what`` goes on from it.

    ``warning``: git, an editor or a shell obeys it by itself; ``info``: language servers, linters and installers do.
    """

    path: str
    what: str
    severity: Literal["warning", "info"] = "warning"


class WritebackFound(EventBody):
    """What was written in the workspace and could run on the user's machine without anybody asking for it.

    ``during`` a turn, or ``between`` turns, when it may have been the person. ``truncated``: not all was looked at, or
    there is more.
    """

    kind: Literal["writeback.found"] = "writeback.found"
    findings: tuple[WritebackFinding, ...]
    during: Literal["turn", "between"] = "turn"
    truncated: bool = False


class StopStep(EventBody):
    """One rung of the stop ladder and what came of it."""

    kind: Literal["stop.step"] = "stop.step"
    step: Literal["cancel", "SIGINT", "SIGTERM", "SIGKILL"]
    outcome: Literal["ended", "still-running", "failed"]


class LimitsChanged(EventBody):
    """The session's container has other limits from now on."""

    kind: Literal["limits.changed"] = "limits.changed"
    limits: SessionLimits


class HealthChanged(EventBody):
    """What the engine's health check says of the container, where somebody asked for one."""

    kind: Literal["health"] = "health"
    health: Health


class Noise(EventBody):
    """Output of the agent program that is not its protocol: kept, never interpreted. At most 16 KiB an event."""

    kind: Literal["noise"] = "noise"
    stream: Literal["stdout", "stderr"] = "stdout"
    text: str
    why: str = ""


class IsolationProved(EventBody):
    """What was tried in the container before its agent was let go, and held. A check that fails ends the start."""

    kind: Literal["isolation.proved"] = "isolation.proved"
    checks: tuple[str, ...]


class NetworkAllowed(EventBody):
    """The session reached a host for the first time, through Berth's proxy."""

    kind: Literal["network.allowed"] = "network.allowed"
    host: str
    port: int


class NetworkBlocked(EventBody):
    """The session was kept from a host. ``count`` is how often by now; told at the 1st, 10th, 100th time and so on.

    ``why``: ``not-listed``; ``not-public``, the name leads to an address that is not on the internet; ``other-name``,
    the TLS greeting was for another host; ``not-tls``, something else than TLS was spoken, or TLS that hides its name.
    """

    kind: Literal["network.blocked"] = "network.blocked"
    host: str
    port: int
    why: str
    count: int = 1


class Raw(EventBody):
    """A well-formed message of the agent that Berth does not know."""

    kind: Literal["raw"] = "raw"
    frame: object


AnyEvent = Annotated[
    StateChanged
    | ImageProgress
    | ContainerState
    | TurnStarted
    | TurnEnded
    | PartStarted
    | PartDelta
    | ThoughtDelta
    | ToolStarted
    | ToolUpdated
    | ToolEnded
    | InputRequested
    | InputResolved
    | PlanUpdated
    | UsageUpdated
    | OptionsChanged
    | CommandsChanged
    | Notice
    | FilesChanged
    | WritebackFound
    | StopStep
    | IsolationProved
    | NetworkAllowed
    | NetworkBlocked
    | LimitsChanged
    | HealthChanged
    | Noise
    | Raw,
    Field(discriminator="kind"),
]
"""Every event body there is."""


class Stamp(WireModel):
    """What the session adds to a body. ``at`` is Unix milliseconds."""

    seq: int
    at: int
    turn: str | None = None
