"""Every error a person can meet, as one tree.

    BerthError                    internal-error: Berth's own mistake; request-refused: stopped by the last gate;
    │                             state-unsafe: others could change what Berth keeps
    ├── InvalidArguments          invalid-arguments, unknown-command: answered as InvalidParams (-32602)
    ├── SettingsError             bad-settings, unknown-profile, unknown-agent, bad-image, bad-build, bad-mount,
    │                             bad-env-file, reserved-variable, bad-docker-args, profile-exists, profile-in-use,
    │                             profile-elsewhere, settings-elsewhere, settings-unwritable, settings-unsaved,
    │                             settings-changed, bad-devcontainer, devcontainer-compose, key-unavailable
    ├── TrustError                policy-breach, untrusted-workspace
    ├── WorkspaceError            workspace-missing, workspace-not-a-folder, workspace-not-writable,
    │                             workspace-unsuitable
    ├── SessionError              unknown-session, session-exists, session-ended, start-cancelled, wrong-state,
    │                             host-ended, plan-changed, journal-unreadable, session-unreadable,
    │                             already-answered, unknown-request, unknown-option
    ├── EngineError               engine-unreachable, engine-permission, engine-too-old, engine-busy, engine-failed,
    │                             egress-failed, isolation-failed, name-taken, port-in-use, disk-full, container-gone,
    │                             volume-gone, unsupported, container-differs, engine-stopped
    ├── ImageError                image-not-found, image-not-allowed, registry-unreachable, build-failed,
    │                             agent-missing, image-lacks-shell, image-wrong-platform, bad-dockerfile, bad-context,
    │                             context-changed, devcontainer-cli-missing
    │   └── BuildFailed           those of a build's own, with the line of the Dockerfile and the last lines of the step
    └── AgentError                agent-exited, agent-silent, agent-refused, login-needed, out-of-memory, unsupported

Each carries a ``kind`` (a stable name that clients may switch on), a ``message`` (one sentence that names the thing)
and a ``hint`` (what to do). Adapters translate foreign exceptions at their own door; nothing below raises a bare
``Exception`` that a person would have to read.
"""

from dataclasses import dataclass


@dataclass(eq=False)
class BerthError(Exception):
    """An error for people.

    Attributes:
        kind: Stable name, lower case with hyphens.
        message: One sentence that names the thing that failed. Never holds a secret or a traceback.
        hint: What the reader can do about it; empty only when nothing can be done.
        docs: Anchor in the documentation, when there is one.
    """

    kind: str
    message: str
    hint: str = ""
    docs: str = ""

    def __str__(self) -> str:
        """The sentence, then the hint."""
        return f"{self.message} {self.hint}".strip()


class InvalidArguments(BerthError):
    """A command's argument has a field that cannot be used; ``message`` starts with the field's path."""


class SettingsError(BerthError):
    """Something the user or the workspace wrote in the settings cannot be understood or obeyed."""


class TrustError(BerthError):
    """Something stands in the settings that whoever wrote it may not decide."""


class WorkspaceError(BerthError):
    """The workspace folder cannot be used."""


class SessionError(BerthError):
    """A session cannot do what was asked of it."""


class EngineError(BerthError):
    """The container engine could not be reached or refused."""


class ImageError(BerthError):
    """An image could not be found, pulled, built or used."""


@dataclass(eq=False)
class BuildFailed(ImageError):
    """Something is wrong with a build, at a place that can be shown.

    Attributes:
        file: The Dockerfile as people call it: its path below the workspace; empty where no file is to blame.
        line: The line in it, from 1; 0 where it is not known.
        log: The last lines that the failing step printed, as the message shows them too.
    """

    file: str = ""
    line: int = 0
    log: tuple[str, ...] = ()


class AgentError(BerthError):
    """The agent program did not do its part."""
