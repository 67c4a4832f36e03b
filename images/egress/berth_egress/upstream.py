"""The proxy that the user's own network needs, and which hosts go past it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from berth_egress.names import Target, parse_host

MOST = 1000
"""Names that go past it."""


@dataclass(frozen=True, slots=True)
class Upstream:
    """A proxy that all that is let through goes through.

    Attributes:
        host: Its name or address.
        port: Its port.
        authorization: The header's value, or nothing.
        past: Names that are reached without it, with all names below them.
    """

    host: str
    port: int
    authorization: str = ""
    past: tuple[str, ...] = ()

    def takes(self, target: Target) -> bool:
        """Whether a target is reached through it. An address never is: it is listed for where it is."""
        if target.address is not None:
            return False
        return not any(target.host == name or target.host.endswith(f".{name}") for name in self.past)


def read_upstream(wire: Mapping[str, Any]) -> Upstream:
    """Reads what the host sends. Raises ``ValueError``, ``KeyError`` or ``TypeError`` on anything else."""
    url = urlsplit("//" + str(wire["at"]))
    past = tuple(map(str, wire.get("past", ())))
    if len(past) > MOST or any(parse_host(name) != name for name in past):
        raise ValueError("no names")
    return Upstream(str(url.hostname), int(url.port or 0), str(wire.get("authorization", "")), past)
