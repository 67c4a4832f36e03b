"""The commands that make volumes for the plan's user, as Berth does before a session's container is created."""

from collections.abc import Iterable, Iterator

from berth.planning.docker_line.line import image_options, program
from berth.planning.docker_line.option import Option
from berth.planning.docker_line.quoting import shell_word
from berth.planning.docker_line.storage import mount_value
from berth.planning.plan import Mount, SessionPlan


def volume_lines(plan: SessionPlan) -> Iterator[str]:
    """Lines of ``sh``: a command for each named volume, under a comment; none where there are no volumes.

    A fresh volume belongs to root, so it is given to the user, with what the image has in its place. One that is there
    already is left alone.
    """
    volumes = [mount for mount in plan.container.mounts if mount.type == "volume"]
    if volumes:
        yield "# Volumes that do not exist yet are made first, for the user of the container."
    for volume in volumes:
        inspect = f"{program(plan)} volume inspect {shell_word(volume.source)} >/dev/null 2>&1"
        yield f"{inspect} || {program(plan)} run --rm \\\n  " + " \\\n  ".join(_giving(plan, volume))


def _giving(plan: SessionPlan, volume: Mount) -> Iterator[str]:
    """The lines of the command that gives a volume to the user, from the options on."""
    user = plan.container.user
    confined = (Option("network", "none"), Option("user", "0:0"), Option("cap-drop", "ALL"), Option("cap-add", "CHOWN"))
    yield _joined(word for option in (*image_options(plan), *confined) for word in option.words())
    yield _joined(("--mount", mount_value(volume)))
    yield _joined(("--entrypoint", "chown", plan.container.image, f"{user.uid}:{user.gid}", volume.target))


def _joined(words: Iterable[str]) -> str:
    return " ".join(map(shell_word, words))
