"""The proxy that the user's own network needs, and what is reached without it, as the user's variables say. Pure."""

import re
from collections.abc import Iterator, Sequence

from berth.planning.forwarding import HOST_NAME
from berth.planning.plan import Variable
from berth.settings.network import parse_rule

_PROXIES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
_EXCEPTIONS = ("NO_PROXY", "no_proxy")


def upstream_proxy(variables: Sequence[Variable]) -> str:
    """Its URL; empty where there is none, or ``NO_PROXY`` is ``*``. What a workspace names is no such thing."""
    if "*" in _exceptions(variables):
        return ""
    return next(_values(variables, _PROXIES), "")


def past_upstream(variables: Sequence[Variable]) -> tuple[str, ...]:
    """The names in ``NO_PROXY``, as curl reads it: each with all names below it, whatever the port.

    Networks and addresses in it are left out: what is listed by its address never takes the proxy, and a name is no
    address before somebody has resolved it.
    """
    names = [_name(entry) for entry in _exceptions(variables)]
    return tuple(dict.fromkeys((HOST_NAME, *(name for name in names if name))))


def _exceptions(variables: Sequence[Variable]) -> list[str]:
    return [entry for value in _values(variables, _EXCEPTIONS) for entry in re.split(r"[,\s]+", value) if entry]


def _values(variables: Sequence[Variable], names: Sequence[str]) -> Iterator[str]:
    trusted = {variable.name: variable.value for variable in variables if variable.reason.trusted}
    return (trusted[name] for name in names if trusted.get(name))


def _name(entry: str) -> str:
    try:
        rule = parse_rule(entry.removeprefix("*").removeprefix("."))
    except ValueError:
        return ""
    return "" if rule.is_address else rule.host.removeprefix("*.")
