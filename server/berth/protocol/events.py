"""What happened in a session: event bodies, and the envelope that numbers them.

A body says what happened. The session gives it a number, a time and its turn when it publishes it; on the wire the two
are one flat object ``{seq, at, turn?, kind, …}``. Bodies come from agents, the engine and the session itself; only the
session numbers them. Here are those of turns and talk; those of tools, of the container and of the workspace have files
of their own, and :data:`AnyEvent` has them all.
"""

from typing import Annotated, Literal

from pydantic import Field

from berth.protocol.container_events import (
    CeilingPassed,
    ContainerState,
    CredentialUsed,
    CredentialWithheld,
    HealthChanged,
    ImageProgress,
    IsolationProved,
    LimitsChanged,
    NetworkAllowed,
    NetworkBlocked,
    StopStep,
)
from berth.protocol.event_body import EventBody
from berth.protocol.model import ErrorData, WireModel
from berth.protocol.session import AgentOption, InputRequest, State, Usage
from berth.protocol.tool_events import ToolEnded, ToolStarted, ToolUpdated
from berth.protocol.workspace_events import FilesChanged, WritebackFound


class StateChanged(EventBody):
    """The session went from one state to another. ``why`` is a sentence where there is something to say."""

    kind: Literal["session.state"] = "session.state"
    from_: State = Field(alias="from")
    to: State
    why: str = ""
    error: ErrorData | None = None


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


class Noise(EventBody):
    """Output of the agent program that is not its protocol: kept, never interpreted. At most 16 KiB an event."""

    kind: Literal["noise"] = "noise"
    stream: Literal["stdout", "stderr"] = "stdout"
    text: str
    why: str = ""


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
    | CredentialUsed
    | CredentialWithheld
    | LimitsChanged
    | CeilingPassed
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
