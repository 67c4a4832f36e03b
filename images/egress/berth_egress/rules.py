"""What one session may reach. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from berth_egress.addresses import Network, parse_networks
from berth_egress.desk import Desk, read_desk
from berth_egress.names import Target, parse_host
from berth_egress.upstream import Upstream, read_upstream

MOST = 1000
"""Entries of one list."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One host.

    Attributes:
        host: A name, an address, or ``*.`` and a name: one label in front of it.
        port: The port.
        opaque: Not only TLS with the host's name in it may go there.
        inside: It may lead to an address that is not on the internet.
    """

    host: str
    port: int
    opaque: bool = False
    inside: bool = False

    def covers(self, target: Target) -> bool:
        """Whether a target is this one."""
        if target.port != self.port:
            return False
        if self.host.startswith("*."):
            return target.address is None and target.host.partition(".")[2] == self.host[2:]
        return target.host == self.host


Verdict = Literal["allowed", "denied", "unknown"]


@dataclass(frozen=True, slots=True)
class Rules:
    """What a session may reach.

    ``private`` are networks that names may lead to although they are not on the internet. ``hold`` is how many seconds
    a request for something unknown waits, for a person to say whether it is let through. ``desk`` leads to services of
    this machine's loopback address, where the host can.
    """

    allow: tuple[Entry, ...] = ()
    deny: tuple[Entry, ...] = ()
    private: tuple[Network, ...] = ()
    upstream: Upstream | None = None
    desk: Desk | None = None
    hold: float = 0.0

    def entry(self, target: Target) -> Entry | None:
        """The entry that lets a target through, the widest one."""
        found = [entry for entry in self.allow if entry.covers(target)]
        if not found or any(entry.covers(target) for entry in self.deny):
            return None
        opaque, inside = any(entry.opaque for entry in found), any(entry.inside for entry in found)
        return Entry(target.host, target.port, opaque, inside)

    def denies(self, target: Target) -> bool:
        """Whether a person said that it is never to be reached."""
        return any(entry.covers(target) for entry in self.deny)


def read_rules(wire: Mapping[str, Any]) -> Rules:
    """Reads what the host sends. Raises ``ValueError``, ``KeyError`` or ``TypeError`` on anything else."""
    upstream, desk = wire.get("upstream"), wire.get("desk")
    return Rules(
        allow=_entries(wire["allow"]),
        deny=_entries(wire["deny"]),
        private=parse_networks(wire.get("private", ())),
        upstream=read_upstream(upstream) if upstream else None,
        desk=read_desk(desk) if desk else None,
        hold=min(max(float(wire.get("hold", 0)), 0.0), 120.0),
    )


def read_entry(wire: Mapping[str, Any]) -> Entry:
    """Reads one entry; raises as :func:`read_rules` does."""
    host, port = str(wire["host"]), int(wire["port"])
    if parse_host(host.removeprefix("*.")) != host.removeprefix("*.") or not 0 < port < 65_536:
        raise ValueError("no host")
    return Entry(host, port, bool(wire.get("opaque")), bool(wire.get("inside")))


def _entries(wire: Sequence[Mapping[str, Any]]) -> tuple[Entry, ...]:
    if len(wire) > MOST:
        raise ValueError("too many")
    return tuple(map(read_entry, wire))
