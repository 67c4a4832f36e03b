"""One session as a client sees it."""

from enum import StrEnum
from typing import Literal

from berth.protocol.model import ErrorData, WireModel

Mode = Literal["container", "host"]
"""Where an agent runs: in a container, or as a plain process with all of the user's rights."""


Network = Literal["allowlist", "open", "none", "host"]
"""What a container may reach: the modes of ``berth.docker.network``."""


class State(StrEnum):
    """Where a session is. The allowed moves stand in ``berth.sessions.states``."""

    PLANNED = "planned"
    BUILDING = "building"
    STARTING = "starting"
    IDLE = "idle"
    WORKING = "working"
    WAITING = "waiting"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FAILED = "failed"


STATE_WORDS = {
    State.PLANNED: "Off",
    State.BUILDING: "Building image",
    State.STARTING: "Starting",
    State.IDLE: "Running",
    State.WORKING: "Running",
    State.WAITING: "Waiting for you",
    State.STOPPING: "Stopping",
    State.STOPPED: "Off",
    State.FAILED: "Error",
}
"""The word a person reads for each state, the same in every client."""


class OptionKind(StrEnum):
    """What choosing an option of a permission means. What an agent invents is ``other`` and never automatic."""

    ALLOW_ONCE = "allow_once"
    ALLOW_ALWAYS = "allow_always"
    REJECT_ONCE = "reject_once"
    REJECT_ALWAYS = "reject_always"
    OTHER = "other"


class Option(WireModel):
    """One answer that a question offers."""

    id: str
    name: str
    kind: OptionKind = OptionKind.OTHER


Ceiling = Literal["output", "disk", "processes"]
"""What holds a running session: what it prints a second, what it leaves on a disk, how many processes it has."""


class InputRequest(WireModel):
    """A question that waits for a person.

    ``detail`` is Markdown by Berth, already made safe. ``tool`` names the tool call a permission is about.
    ``fields`` is the JSON Schema of a form, ``url`` the page to visit, ``ceiling`` the one that was passed; each only
    for its own purpose.
    """

    request: str
    purpose: Literal["permission", "form", "url", "trust", "network", "ceiling"] = "permission"
    title: str
    detail: str = ""
    tool: str | None = None
    options: tuple[Option, ...] = ()
    fields: dict[str, object] | None = None
    url: str | None = None
    ceiling: Ceiling | None = None


class Choice(WireModel):
    """One value of an agent option."""

    value: str
    name: str
    description: str = ""


class AgentOption(WireModel):
    """Something of the agent that ``agent.setOption`` can change: its mode, its model, a config option.

    ``type`` is ``select`` (one of ``choices``) or ``boolean`` (``"true"`` or ``"false"``).
    """

    id: str
    name: str
    category: str = "other"
    type: Literal["select", "boolean"] = "select"
    value: str
    choices: tuple[Choice, ...] = ()
    description: str = ""


class Usage(WireModel):
    """What the conversation has used so far, as the agent says. Tokens; ``cost`` in ``currency``."""

    used: int | None = None
    size: int | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost: float | None = None
    currency: str | None = None


class Exit(WireModel):
    """How a container ended. ``code`` is the process's own; ``reason`` one sentence for people.

    ``last_lines`` are the last lines that the agent printed, where it did not end of its own will.
    """

    code: int | None = None
    out_of_memory: bool = False
    reason: str = ""
    last_lines: tuple[str, ...] = ()


class TurnInfo(WireModel):
    """The running turn, or the last one. ``state`` is None while it runs."""

    id: str
    prompt: str
    started_at: int
    state: Literal["complete", "cancelled", "error"] | None = None
    stop_reason: str | None = None


Health = Literal["starting", "healthy", "unhealthy"]
"""What the engine's checks say of a running container, where somebody asked for some (``--health-cmd``)."""


class SessionLimits(WireModel):
    """What a session's container may use at present: ``memory`` in bytes, swap included, ``cpus`` in cores."""

    memory: int
    cpus: float
    pids: int


class SessionInfo(WireModel):
    """Everything about a session that a list or a status bar shows. Always sent whole: replace, never merge.

    Times are Unix milliseconds. ``activity`` is a short phrase such as ``Editing hello.txt`` or ``Step 3 of 9``.
    ``mode`` ``host``: the agent is a plain process; there is neither image nor container, and the name says so.
    ``network`` is what its container may reach. ``seq`` is the number of the newest event. ``queued`` counts prompts
    that wait for the running turn. ``outdated``: the settings changed since it was started, and ``agent.rebuild``
    applies them.
    """

    id: str
    name: str
    workspace_folder: str
    profile: str | None = None
    agent: str
    mode: Mode = "container"
    state: State = State.PLANNED
    activity: str | None = None
    image: str | None = None
    container: str | None = None
    started_at: int
    turn: TurnInfo | None = None
    queued: int = 0
    input_needed: tuple[InputRequest, ...] = ()
    options: tuple[AgentOption, ...] = ()
    usage: Usage | None = None
    exit: Exit | None = None
    error: ErrorData | None = None
    ended_at: int | None = None
    limits: SessionLimits | None = None
    network: Network | None = None
    health: Health | None = None
    outdated: bool = False
    seq: int = 0
