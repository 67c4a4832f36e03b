"""The line of ``docker run`` as people copy it: quoted, a line for each option, with what must be known before."""

from collections.abc import Iterator

from berth.planning.docker_line.life import HEALTH_VARIABLE
from berth.planning.docker_line.line import ending, line_options, opening, program
from berth.planning.docker_line.option import Option
from berth.planning.docker_line.quoting import on_one_line, shell_word
from berth.planning.docker_line.variables import supplied_variables
from berth.planning.docker_line.volumes import volume_lines
from berth.planning.plan import SessionPlan
from berth.planning.plan_line import source


def docker_text(plan: SessionPlan) -> str:
    """A few lines of POSIX ``sh``. It can be shown to anybody.

    Variables and a health check's command are taken from the shell that runs it; comments say which, and where a
    session has them from. Volumes that do not exist yet are made first, for the plan's user.
    """
    options = line_options(plan)
    words = [" ".join(opening(plan)), *map(_option, options), " ".join(map(shell_word, ending(plan)))]
    return "\n".join([*_comments(plan, options), *volume_lines(plan), " \\\n  ".join(words)]) + "\n"


def _option(option: Option) -> str:
    if option.variable:
        return f'--{option.name} "${option.variable}"'
    return " ".join(map(shell_word, option.words()))


def _comments(plan: SessionPlan, options: tuple[Option, ...]) -> Iterator[str]:
    if plan.breaches:
        yield "# Berth does not start this by itself: see first what needs a yes, or is refused."
    if plan.image.recipe:
        yield f"# The image is made by Berth at the first start of a session: {plan.image.reference}."
    if plan.network.mode == "allowlist":
        yield "# A session reaches what is listed through a proxy that Berth starts. This line reaches nothing."
    if program(plan) == "podman" and "host-gateway" in plan.container.extra_hosts.values():
        yield "# Podman before 4.7 does not know host-gateway: leave that --add-host out there."
    if any(option.variable for option in options):
        yield f"# Set {HEALTH_VARIABLE} to the command of the health check first; it is not shown here."
    supplied = supplied_variables(plan.agent.environment)
    if supplied:
        yield "# Values are not shown. Set and export these variables first, as a session gets them:"
    width = max((len(variable.name) for variable in supplied), default=0)
    for variable in supplied:
        yield on_one_line(f"#   {variable.name:<{width}}  {source(variable.reason)}")
