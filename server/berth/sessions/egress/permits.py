"""Which ports of this machine the proxy may be led to: what live sessions list, and nothing else. No sockets."""

import re
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from berth.planning.forwarding import HOST_NAME

MOST_WORDS = 64
"""Bytes of what the proxy says when it asks."""

_WORDS = re.compile(rb"([0-9a-f]{32}) ([1-9][0-9]{0,4})")


@dataclass(slots=True)
class _Permit:
    """One lane's. ``once`` has ports that are listed until a moment of the monotonic clock."""

    token: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    ports: frozenset[int] = frozenset()
    once: dict[int, float] = field(default_factory=dict)

    def holds(self, port: int) -> bool:
        """Whether a port is listed now."""
        return port in self.ports or time.monotonic() < self.once.get(port, 0.0)


class Permits:
    """Kept up with the orders that the proxy is given, so that both know the same rules."""

    def __init__(self) -> None:
        """Nothing is permitted."""
        self._lanes: dict[str, _Permit] = {}

    def note(self, order: Mapping[str, Any]) -> str:
        """Takes what an order (``set`` or ``once``) lists; answers the lane's token, by which it is known again."""
        permit = self._lanes.setdefault(str(order["lane"]), _Permit())
        if order["do"] == "set":
            permit.ports, permit.once = frozenset(_listed(order)), {}
        elif order["do"] == "once" and order["host"] == HOST_NAME:
            permit.once[order["port"]] = time.monotonic() + order["seconds"]
        return permit.token

    def forget(self, lane: str) -> None:
        """The lane is gone, and its token with it."""
        self._lanes.pop(lane, None)

    def port(self, words: bytes) -> int | None:
        """The port that is asked for, if the lane whose token is shown lists it now."""
        asked = _WORDS.fullmatch(words)
        if asked is None:
            return None
        token, port = asked[1].decode(), int(asked[2])
        return port if any(each.token == token and each.holds(port) for each in self._lanes.values()) else None


def _listed(order: Mapping[str, Any]) -> Iterator[int]:
    """Ports of this machine that a lane's rules let through, for the session itself or for the broker."""
    denied = {entry["port"] for entry in order["deny"] if entry["host"] == HOST_NAME}
    allowed = (entry["port"] for entry in order["allow"] if entry["host"] == HOST_NAME and entry["inside"])
    yield from (port for port in allowed if port not in denied)
    for credential in order["credentials"]:
        origin = urlsplit(credential["origin"])
        if credential["inside"] and origin.hostname == HOST_NAME:
            yield origin.port or (443 if origin.scheme == "https" else 80)
