"""What the launcher's failures mean to a person: in a container, or on the person's own machine."""

from berth.errors import AgentError, BerthError, EngineError, ImageError, WorkspaceError


class LaunchWords:
    """The words for a container."""

    def agent_missing(self, program: str) -> BerthError:
        """The program is not there."""
        hint = (
            "Install it in the image (its Dockerfile), choose another image, or leave the image out to use Berth's own."
        )
        return ImageError("agent-missing", f"The program {program!r} is not in the image.", hint)

    def not_writable(self, path: str) -> BerthError:
        """The workspace cannot be written."""
        hint = "Check who owns the folder, or choose the user that the container runs as."
        return WorkspaceError("workspace-not-writable", f"The agent's user cannot write in {path}.", hint)

    def not_sealed(self, path: str) -> BerthError:
        """What is mounted read-only can be written."""
        sentence = f"{path} is mounted read-only, and yet the agent's user could write it: the agent was not started."
        return EngineError("isolation-failed", sentence, "Check the engine: it did not do what it was asked for.")

    def has_powers(self, what: str) -> BerthError:
        """The container has more rights than it was given."""
        sentence = f"The container has {what}, which it was not given: the agent was not started."
        return EngineError("isolation-failed", sentence, "Check the engine, and the runtime that it uses.")

    def workdir_missing(self, path: str) -> BerthError:
        """The working folder cannot be entered."""
        hint = "Is the workspace shared with the engine's virtual machine, or on the engine's own machine?"
        return WorkspaceError("workspace-missing", f"The folder {path} does not exist inside the container.", hint)

    def payload_broken(self, _: str) -> BerthError:
        """What was written to the launcher did not arrive whole."""
        return AgentError("agent-exited", "The launcher did not get its whole payload.", "Start the session again.")

    def shell_missing(self) -> BerthError:
        """There is no shell to launch with."""
        hint = "Use an image with a POSIX shell, built for this machine's architecture."
        return ImageError("image-lacks-shell", "The image has no /bin/sh that runs, which the launcher needs.", hint)

    def never_started(self, exit_code: int | None, program: str) -> BerthError:
        """It ended before the program took over, and did not say why."""
        return AgentError("agent-exited", f"The container ended with {exit_code} before {program!r} was started.")


class HostLaunchWords(LaunchWords):
    """The words for a plain process. ``install`` begins the hint of how to get the program."""

    def __init__(self, install: str) -> None:
        self._install = install

    def agent_missing(self, program: str) -> BerthError:
        """See :meth:`LaunchWords.agent_missing`."""
        hint = f"{self._install}, start the editor where it is in the PATH, or run the agent in a container."
        return ImageError("agent-missing", f"The program {program!r} is not in the editor's PATH.", hint)

    def workdir_missing(self, path: str) -> BerthError:
        """See :meth:`LaunchWords.workdir_missing`."""
        return WorkspaceError("workspace-missing", f"The folder {path} is gone.", "Open an existing folder.")

    def never_started(self, exit_code: int | None, program: str) -> BerthError:
        """See :meth:`LaunchWords.never_started`."""
        return AgentError("agent-exited", f"The process ended with {exit_code} before {program!r} was started.")
