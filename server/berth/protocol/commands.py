"""What each command takes and answers, and the table that dispatch, clients and docs are made from."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, Field, RootModel

from berth.protocol.login import LoginArguments, LoginResult
from berth.protocol.model import Arguments, WireModel
from berth.protocol.profiles import (
    AddProfileArguments,
    CopyProfileArguments,
    ProfileEdited,
    ProfilesArguments,
    ProfilesResult,
    RemoveProfileArguments,
    RenameProfileArguments,
    SetDefaultProfileArguments,
)
from berth.protocol.session import Mode, SessionInfo
from berth.protocol.trust import TrustArguments, TrustResult

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

EnvName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]


class ResourceArguments(Arguments):
    """What a session may use, as in the settings `docker.resources`; each limit replaces the settings' one."""

    memory: int | str | None = Field(default=None, description="Such as `4g`; a number is bytes.")
    cpus: float | str | None = Field(default=None, description="Such as `2` or `1.5`.")
    pids: int | None = Field(default=None, description="Processes and threads.")
    shm: int | str | None = Field(default=None, description="Size of `/dev/shm`, such as `1g`.")
    gpus: int | str | tuple[str, ...] | None = Field(
        default=None, description="`all`, a number, or a list of indexes or UUIDs."
    )
    time_limit: str | None = Field(default=None, description="Such as `90m` or `2h`.")


class PlanArguments(Arguments):
    """The fields that decide what a session will be. Everything is optional."""

    workspace_folder: str | None = Field(
        default=None, description="Path or file URI; the connection's only workspace folder when absent."
    )
    profile: str | None = Field(default=None, description="Name of a profile; `docker.defaultProfile` when absent.")
    agent: str | None = Field(default=None, description="Name of an agent; the profile's, else `berth.agent`.")
    image: str | None = Field(default=None, min_length=1, description="Image reference; wins over every setting.")
    dockerfile: str | None = Field(
        default=None, min_length=1, description="Dockerfile in the workspace; wins over every setting but `image`."
    )
    build: Literal["auto", "force", "never"] = Field(
        default="auto", description="Whether an image that Berth builds is built when it is absent or stale."
    )
    env: dict[EnvName, str] = Field(default_factory=dict, repr=False, description="Variables for this session only.")
    env_file: str | None = Field(default=None, description="Env file for this session, relative to the workspace.")
    forward_env: tuple[str, ...] = Field(default=(), description="Names to forward from the editor's environment.")
    docker_args: tuple[str, ...] = Field(
        default=(), max_length=1024, repr=False, description="Flags of `docker run`, after those of the profile."
    )
    mounts: tuple[Annotated[str, Field(min_length=1, max_length=4096)], ...] = Field(
        default=(), max_length=256, description="Mounts as in a profile's `volumes`, beside those of the profile."
    )
    resources: ResourceArguments | None = Field(default=None, description="What the session may use.")
    mode: Mode | None = Field(
        default=None, description="`host`: no container; else what was toggled for the workspace, else `berth.mode`."
    )


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

    grace: float | None = Field(default=None, ge=0, le=60, description="Seconds for each rung; 5 when absent.")


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
    """Events in order. ``next`` is the number to ask for next; ``complete`` when there is none yet."""

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


class PlanLine(WireModel):
    """One decision of a plan. ``value`` is already redacted; ``layer`` and ``place`` say where it came from."""

    what: str
    value: str
    layer: str
    place: str = ""
    why: str = ""


class PlanBreach(WireModel):
    """Something in a plan that whoever wrote it may not decide alone.

    ``level``: ``ask`` takes a person's yes; ``user`` may stand in the user's own settings only; ``policy`` is above a
    ceiling of ``berth.policy``. The last two are refused.
    """

    what: str
    value: str
    level: Literal["ask", "user", "policy"]
    layer: str
    place: str = ""
    why: str = ""


class PlanResult(WireModel):
    """A plan explained; nothing was started. No ``image`` in mode ``host``.

    ``trusted``: no yes is needed, or it was given already.
    """

    workspace_folder: str
    agent: str
    mode: Mode = "container"
    image: str | None = None
    lines: tuple[PlanLine, ...]
    notes: tuple[str, ...] = ()
    breaches: tuple[PlanBreach, ...] = ()
    trusted: bool = True
    command: str = Field(
        default="",
        description="Lines for a shell that make the same container with `docker run`; empty where there is none.",
    )
    markdown: str = Field(default="", description="All of this for people.")


class ToggleArguments(Arguments):
    """Says where agents of a workspace run from the next start on; remembered."""

    workspace_folder: str | None = Field(
        default=None, description="Path or file URI; the connection's only workspace folder when absent."
    )
    mode: Mode | None = Field(default=None, description="The other one than now when absent.")


class ToggleResult(WireModel):
    """Where agents of this workspace run from the next start on."""

    workspace_folder: str
    mode: Mode


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


@dataclass(frozen=True, slots=True)
class Command:
    """One row of the table. ``method`` is the method of ``berth.host.commands.Commands`` that carries it out."""

    name: str
    title: str
    method: str
    arguments: type[Arguments]
    result: type[BaseModel]


COMMAND_TABLE = (
    Command("agent.start", "Start a session", "start", StartArguments, SessionInfo),
    Command("agent.prompt", "Send a prompt", "prompt", PromptArguments, PromptResult),
    Command("agent.cancel", "Cancel the running turn", "cancel", SessionArguments, Nothing),
    Command("agent.respond", "Answer a question", "respond", RespondArguments, Nothing),
    Command("agent.stop", "Stop a session", "stop", StopArguments, SessionInfo),
    Command("agent.restart", "Restart the agent in its container", "restart", SessionArguments, SessionInfo),
    Command("agent.rebuild", "Rebuild the container", "rebuild", RebuildArguments, SessionInfo),
    Command("agent.remove", "Remove a session", "remove", RemoveArguments, Nothing),
    Command("agent.list", "List sessions", "list", NoArguments, SessionList),
    Command("agent.snapshot", "Show a whole session", "snapshot", SessionArguments, SnapshotResult),
    Command("agent.replay", "Repeat events", "replay", ReplayArguments, ReplayResult),
    Command("agent.plan", "Explain what would run", "plan", PlanArguments, PlanResult),
    Command("agent.profiles", "List profiles and templates", "profiles", ProfilesArguments, ProfilesResult),
    Command("agent.addProfile", "Add a profile to a settings file", "add_profile", AddProfileArguments, ProfileEdited),
    Command("agent.copyProfile", "Copy a profile", "copy_profile", CopyProfileArguments, ProfileEdited),
    Command("agent.renameProfile", "Rename a profile", "rename_profile", RenameProfileArguments, ProfileEdited),
    Command("agent.removeProfile", "Remove a profile", "remove_profile", RemoveProfileArguments, ProfileEdited),
    Command(
        "agent.setDefaultProfile",
        "Set the default profile",
        "set_default_profile",
        SetDefaultProfileArguments,
        ProfileEdited,
    ),
    Command("agent.logs", "Show raw output", "logs", LogsArguments, LogsResult),
    Command("agent.shell", "Open a shell", "shell", SessionArguments, ShellResult),
    Command("agent.setOption", "Change a mode or option", "set_option", SetOptionArguments, Nothing),
    Command("agent.transcript", "Show the transcript", "transcript", TranscriptArguments, TranscriptResult),
    Command("agent.trust", "Show or take back what workspaces were allowed", "trust", TrustArguments, TrustResult),
    Command("agent.login", "Log in to an agent", "login", LoginArguments, LoginResult),
    Command("agent.toggle", "Switch between container and host", "toggle", ToggleArguments, ToggleResult),
    Command("agent.doctor", "Check this machine", "doctor", NoArguments, DoctorResult),
)
"""Every command there is."""
