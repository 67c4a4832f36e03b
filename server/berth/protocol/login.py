"""``agent.login``: signing in to an agent."""

from pydantic import Field

from berth.protocol.model import Arguments, WireModel


class LoginArguments(Arguments):
    """Opens an agent's own login, or copies this machine's into the container's HOME."""

    workspace_folder: str | None = Field(
        default=None, description="Path or file URI; the connection's only workspace folder when absent."
    )
    agent: str | None = Field(default=None, description="Name of an agent; the profile's, else `berth.agent`.")
    profile: str | None = Field(default=None, description="Name of a profile; `docker.defaultProfile` when absent.")
    copy_: bool = Field(
        default=False,
        alias="copy",
        description="Copies the login that the agent has on this machine, and opens nothing.",
    )


class LoginResult(WireModel):
    """How to log in: the program and arguments for the editor's terminal, its title, and what to do there.

    With `copy`, `argv` is empty and `copied` names the files that were copied.
    """

    argv: tuple[str, ...]
    title: str
    note: str
    copied: tuple[str, ...] = ()
