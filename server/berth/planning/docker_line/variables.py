"""The agent's variables as options, and which of them get their values from whoever runs the line."""

from collections.abc import Iterable, Iterator

from berth.planning.docker_line.option import Option
from berth.planning.plan import Variable


def variable_options(variables: Iterable[Variable]) -> Iterator[Option]:
    """``--env NAME=value`` for what Berth sets by itself, ``--env NAME`` for all others, which may be secrets."""
    for variable in variables:
        yield Option("env", f"{variable.name}={variable.value}" if is_own(variable) else variable.name)


def supplied_variables(variables: Iterable[Variable]) -> tuple[Variable, ...]:
    """Those whose values the line takes from the shell it is run in."""
    return tuple(variable for variable in variables if not is_own(variable))


def is_own(variable: Variable) -> bool:
    """Whether Berth made the value up from nothing that is anybody's: a path inside the container, a fixed word.

    Goes by the reason, whatever the name: what is found on the machine (``git config``) has a place beside its layer.
    """
    return variable.reason.layer == "built-in" and not variable.reason.place
