"""What the launcher's failures mean to a person: in an image, or on the person's own machine."""

from dataclasses import dataclass

from berth.errors import AgentError, BerthError, ImageError, WorkspaceError

_INSTALL = "Install it in the image (its Dockerfile), choose another image, or leave the image out to use Berth's own."


@dataclass(frozen=True, slots=True)
class LaunchWords:
    """The words for one place.

    ``where`` says where the program is not, ``install`` is the hint about that. ``inside`` follows a folder that is
    missing, ``place`` is what lacks a shell.
    """

    where: str = "in the image"
    install: str = _INSTALL
    inside: str = "inside the container"
    place: str = "The image"

    def agent_missing(self, program: str) -> BerthError:
        """The program is not there."""
        return ImageError("agent-missing", f"The program {program!r} is not {self.where}.", self.install)

    def not_writable(self, path: str) -> BerthError:
        """The workspace cannot be written."""
        hint = "Check who owns the folder, or choose the user that the container runs as."
        return WorkspaceError("workspace-not-writable", f"The agent's user cannot write in {path}.", hint)

    def workdir_missing(self, path: str) -> BerthError:
        """The working folder cannot be entered."""
        hint = "Is the workspace shared with the engine's virtual machine, or on the engine's own machine?"
        return WorkspaceError("workspace-missing", f"The folder {path} does not exist {self.inside}.", hint)

    def payload_broken(self, _: str) -> BerthError:
        """What was written to the launcher did not arrive whole."""
        return AgentError("agent-exited", "The launcher did not get its whole payload.", "Start the session again.")

    def shell_missing(self) -> BerthError:
        """There is no shell to launch with."""
        hint = "Use an image with a POSIX shell, built for this machine's architecture."
        return ImageError(
            "image-lacks-shell", f"{self.place} has no /bin/sh that runs, which the launcher needs.", hint
        )


def words_on_host(install: str) -> LaunchWords:
    """The words for a plain process. ``install`` begins the hint of how to get the program."""
    return LaunchWords(
        where="in the editor's PATH",
        install=f"{install} and start the editor where it is in the PATH, or run the agent in a container.",
        inside="any more",
        place="This machine",
    )
