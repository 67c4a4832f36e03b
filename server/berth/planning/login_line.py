"""A throw-away container for an agent's own login: as hard as a session's, with HOME and without the workspace."""

import fnmatch
from dataclasses import replace

from berth.agents.logins import Login
from berth.planning.container_options import ContainerOptions, NetworkOptions
from berth.planning.docker_line.line import line_options
from berth.planning.docker_line.option import Option
from berth.planning.docker_line.variables import is_own
from berth.planning.forwarding import ALWAYS
from berth.planning.labels import LABEL
from berth.planning.plan import Mount, SessionPlan, Variable
from berth.planning.reasons import built_in


def login_plan(plan: SessionPlan, login: Login, *, image: str) -> SessionPlan:
    """The plan of a session as one for its agent's login. Pure.

    The workspace stays out of it, since agents read a repository's settings, and so do keys, which agents prefer to
    a login. Of what was asked for with flags, what leads to the network stays.
    """
    container, home = plan.container, plan.container.user.home
    network = container.options.network
    kept = NetworkOptions(
        network=network.network, dns=network.dns, dns_search=network.dns_search, dns_options=network.dns_options
    )
    return replace(
        plan,
        container=replace(
            container,
            image=image,
            workdir=home,
            mounts=tuple(mount for mount in container.mounts if _is_needed(mount, home)),
            labels={name: value for name, value in container.labels.items() if name != f"{LABEL}.session"},
            options=ContainerOptions(network=kept),
            asked=(),
        ),
        agent=replace(plan.agent, argv=login.argv, environment=_variables(plan, login)),
    )


def login_words(plan: SessionPlan) -> tuple[str, ...]:
    """What to tell the engine's client to run a login's plan in a terminal. Holds no secret. Pure."""
    options = [option for option in line_options(plan) if option.name not in ("log-driver", "log-opt", "pull")]
    # What is typed and shown there is nobody's to keep; and no registry is asked for an image of ours.
    options += [Option("log-driver", "none"), Option("pull", "never")]
    words = (word for option in options for word in option.words())
    return ("run", "--rm", "--interactive", "--tty", *words, plan.container.image, *plan.agent.argv)


def exec_words(plan: SessionPlan, container: str) -> tuple[str, ...]:
    """The same in a session's container that runs already. Pure."""
    variables = plan.agent.environment
    given = (f"{variable.name}={variable.value}" if is_own(variable) else variable.name for variable in variables)
    words = (word for variable in given for word in ("--env", variable))
    return ("exec", "--interactive", "--tty", "--workdir", plan.container.workdir, *words, container, *plan.agent.argv)


def _is_needed(mount: Mount, home: str) -> bool:
    """HOME, and what Berth itself puts below ``/etc``: names of the user, a CA."""
    own = mount.target.startswith("/etc/") and mount.reason.layer == "built-in"
    return own or (mount.type == "volume" and mount.target == home)


def _variables(plan: SessionPlan, login: Login) -> tuple[Variable, ...]:
    """What Berth sets by itself, and the terminal's own and proxies by name alone."""
    kept = [variable for variable in plan.agent.environment if is_own(variable) or _is_harmless(variable.name)]
    why = built_in("its login needs it in a container")
    return (*kept, *(Variable(name, value, why) for name, value in login.environment.items()))


def _is_harmless(name: str) -> bool:
    return any(fnmatch.fnmatchcase(name, glob) for glob in ALWAYS)
