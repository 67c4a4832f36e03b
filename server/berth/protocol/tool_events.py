"""What an agent's tools do: their calls, and what those were given and gave."""

from typing import Annotated, Literal

from pydantic import Field

from berth.protocol.event_body import EventBody
from berth.protocol.model import WireModel


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
