"""What a dialect is: one agent program's protocol as a machine without I/O.

The session feeds what the agent printed and tells what people want; the dialect answers with signals and with bytes for
the agent's stdin. Its invariants, held by property tests for every dialect:

* it never raises on what an agent prints, however broken: what cannot be read becomes
  :class:`~berth.protocol.events.Noise`;
* signals and output do not depend on how the input was sliced (only neighbouring text deltas may join differently);
* it decides nothing for a person: a permission is answered by :meth:`Dialect.respond` or not at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from berth.errors import BerthError
from berth.protocol.event_body import EventBody
from berth.protocol.session import Option

DialectName = Literal["acp", "claude", "lines"]

MAX_LINE_BYTES = 64 * 1024 * 1024
"""A longer line is cut and kept as noise: the largest real frame seen is a 5 MB tool result, and 32 MB must pass."""

MAX_NESTING = 200
"""A deeper JSON value is noise: pydantic cannot encode an event beyond 255, and real frames stay under 40."""


@dataclass(frozen=True, slots=True)
class Opening:
    """How a conversation begins. ``workspace`` is the absolute path inside the container.

    ``resume`` is the agent's own session id of an earlier conversation; the dialect resumes it where the agent can and
    otherwise starts afresh, saying so in a notice.
    """

    workspace: str
    resume: str | None = None


@dataclass(frozen=True, slots=True)
class ContextBlock:
    """Something that goes with a prompt.

    ``text`` is the content (of the open buffer where there is one). ``uri`` is what the agent should call it, None for
    plain text. ``title`` is for people. ``unsaved`` says that the content differs from the file on disk.
    """

    text: str
    title: str
    uri: str | None = None
    mime: str = "text/plain"
    unsaved: bool = False


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a person asks of the agent in one turn."""

    text: str
    context: Sequence[ContextBlock] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person answered. ``option`` None and ``values`` None: cancelled."""

    option: Option | None = None
    values: dict[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """The handshake is done and prompts are welcome. ``conversation`` is the agent's own session id.

    It comes a second time, with nothing but ``conversation`` changed, from an agent that names its conversation later
    than in the handshake (Claude's own protocol: with the first prompt). The newest one counts.
    """

    conversation: str | None
    resumable: bool
    resumed: bool = False
    agent_title: str = ""
    agent_version: str = ""


@dataclass(frozen=True, slots=True)
class TurnOver:
    """The running turn ended. ``stop_reason`` is the agent's own word."""

    state: Literal["complete", "cancelled", "error"]
    stop_reason: str = ""
    error: BerthError | None = None


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A question is closed without a person's answer: the agent withdrew it, or it was answered as cancelled."""

    request: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The handshake failed for good; the session fails with this error.

    Its kind is ``agent-refused``, ``login-needed`` or ``unsupported``.
    """

    error: BerthError


Signal = Ready | TurnOver | Withdrawn | Refused | EventBody
"""What a dialect tells the session. Event bodies are published as they are."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """What came of one call: signals in order, and bytes to write to the agent's stdin (may be empty)."""

    signals: Sequence[Signal] = field(default=())
    output: bytes = b""


class Dialect(Protocol):
    """One agent program's protocol. See the module for its invariants.

    Calls that make no sense in the present state (a second prompt during a turn, an answer to an unknown question)
    are the session's mistake and raise ``ValueError``; what the agent does wrong never raises.
    """

    def open(self, opening: Opening) -> Reaction:
        """Starts the handshake. Dialects without one answer with :class:`Ready` at once."""
        ...

    def prompt(self, prompt: Prompt) -> Reaction:
        """Starts a turn. Exactly one :class:`TurnOver` follows, from :meth:`receive` or :meth:`end`."""
        ...

    def cancel(self) -> Reaction:
        """Asks the agent to end the running turn, answering all open questions as cancelled. No effect between turns.

        The questions come back as :class:`Withdrawn`. :class:`TurnOver` follows when the agent has obeyed.
        """
        ...

    def respond(self, request: str, answer: Answer) -> Reaction:
        """Answers an open question."""
        ...

    def set_option(self, option: str, value: str) -> Reaction:
        """Changes a mode, model or config option.

        Raises:
            berth.errors.AgentError: ``unsupported``: the agent has no such option or value.
        """
        ...

    def receive(self, data: bytes) -> Reaction:
        """Takes what the agent printed on stdout, cut anywhere."""
        ...

    def end(self) -> Reaction:
        """The agent's stdout is over: a partial line becomes noise, a running turn ends as an error (``agent-exited``).

        A handshake that was under way stays unanswered: how the process ended says more than a dialect can.
        """
        ...
