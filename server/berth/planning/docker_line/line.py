"""A plan as the argument list of ``docker run``. Pure."""

from collections.abc import Iterator

from berth.planning.docker_line.life import life_options
from berth.planning.docker_line.network import network_options
from berth.planning.docker_line.option import Option, options, said
from berth.planning.docker_line.privileges import privilege_options
from berth.planning.docker_line.resources import resource_options
from berth.planning.docker_line.storage import storage_options
from berth.planning.docker_line.variables import variable_options
from berth.planning.labels import LABEL
from berth.planning.plan import ContainerPlan, SessionPlan


def docker_line(plan: SessionPlan) -> tuple[str, ...]:
    """The arguments, from the program's name on, that make the container of a plan; none for a plan without one.

    Three things differ from what a session runs. The agent's program is the container's first program, with its
    variables in the create request: a session's launcher reads both from stdin, so that no inspect shows a value, and
    proves before it starts the agent that the workspace can be written. Variables are there by name alone and get
    their values from whoever runs the line, but for those that Berth sets by itself
    (:func:`berth.planning.docker_line.variables.variable_options`). And Berth's own labels are left out: with them the
    container would be taken for a session. There is no ``--tty``: agents speak a protocol on stdin and stdout, and a
    terminal would cut their long lines and echo them.

    What is not public (a health check's command) is in here as it stands: show
    :func:`berth.planning.docker_line.text.docker_text` to people.
    """
    return (*opening(plan), *(word for option in line_options(plan) for word in option.words()), *ending(plan))


def opening(plan: SessionPlan) -> tuple[str, ...]:
    """The words before the options. Docker's own program refuses ``keep-id``, so such a plan is one for Podman's."""
    return (program(plan), "run", "--rm", "--interactive")


def program(plan: SessionPlan) -> str:
    """The program that takes such a line."""
    return "podman" if plan.container.user.userns else "docker"


def image_options(plan: SessionPlan) -> tuple[Option, ...]:
    """An image that Berth builds is in no registry, and what somebody put there under its name is not it."""
    return (Option("pull", "never"),) if plan.image.recipe or plan.image.policy == "never" else ()


def line_options(plan: SessionPlan) -> tuple[Option, ...]:
    """Every option, in the order of what people look for first."""
    container = plan.container
    return (
        *image_options(plan),
        *_own(container),
        *storage_options(container),
        *resource_options(container),
        *network_options(container),
        *privilege_options(container),
        *life_options(container),
        *variable_options(plan.agent.environment),
        Option("entrypoint", ""),
    )


def ending(plan: SessionPlan) -> tuple[str, ...]:
    """The words after the options: the image, and the agent's command in place of the image's."""
    return (plan.container.image, *plan.agent.argv)


def _own(container: ContainerPlan) -> Iterator[Option]:
    user = container.user
    yield Option("user", f"{user.uid}:{user.gid}")
    yield from said("userns", user.userns or "")
    yield Option("workdir", container.workdir)
    yield from said("hostname", container.hostname)
    labels = container.labels.items()
    yield from options("label", (f"{k}={v}" for k, v in labels if k != LABEL and not k.startswith(f"{LABEL}.")))
