"""What a session is to be, as it is asked for and as it is explained."""

from typing import Annotated, Literal

from pydantic import Field

from berth.protocol.model import Arguments, WireModel
from berth.protocol.session import Mode

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
    idle_limit: str | None = Field(default=None, description="Without a turn or an open question, such as `30m`.")
    output: int | str | None = Field(default=None, description="What it may print a second, such as `8m`.")
    keep_free: int | str | None = Field(default=None, description="What stays free on its disks, such as `1g`.")


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
