"""The lanes of one proxy, and the orders that change them. No sockets."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from berth_egress.credentials import read_credentials
from berth_egress.lane import Lane
from berth_egress.rules import Rules, read_entry, read_rules

MOST_LANES = 256


class Lanes:
    """Every lane of one host. What happens is told through ``tell``."""

    def __init__(self, tell: Callable[[dict[str, object]], None]) -> None:
        self._tell = tell
        self._lanes: dict[str, Lane] = {}

    def __len__(self) -> int:
        return len(self._lanes)

    def obey(self, line: bytes) -> None:
        """Carries out one order, and says so. One that makes no sense changes nothing."""
        try:
            order = json.loads(line)
            lane = self.lane(str(order["lane"]))
            _ORDERS[order["do"]](lane, order)
        except (ValueError, KeyError, TypeError, AttributeError):
            self._tell({"event": "bad-order"})
            return
        if order["do"] == "drop":
            del self._lanes[lane.name]
        number = str(order.get("order", ""))[:64]
        self._tell({"event": "done", "lane": lane.name, "door": lane.door, "order": number})

    def lane(self, name: str) -> Lane:
        """The lane of this name, a new one where there is none. Raises ``ValueError`` when there are too many."""
        if name not in self._lanes:
            if len(self._lanes) >= MOST_LANES:
                raise ValueError("too many")
            self._lanes[name] = Lane(name, self._tell)
        return self._lanes[name]

    def open(self, name: str, escapes: str) -> Lane:
        """The lane whose holder has handed its door over; ``escapes`` is what it saw of other ways out."""
        self._tell({"event": "joined", "lane": name, "escapes": escapes})
        lane = self.lane(name)
        lane.door = escapes
        return lane


def _set(lane: Lane, order: Mapping[str, Any]) -> None:
    rules, credentials = read_rules(order), read_credentials(order)
    lane.change(rules)
    lane.entrust(credentials)


def _drop(lane: Lane, _: Mapping[str, Any]) -> None:
    lane.change(Rules())
    lane.entrust(())


def _allow_once(lane: Lane, order: Mapping[str, Any]) -> None:
    lane.allow_once(read_entry(order), min(float(order["seconds"]), 3600.0))


_ORDERS: Mapping[str, Callable[[Lane, Mapping[str, Any]], None]] = {
    "set": _set,
    "once": _allow_once,
    "drop": _drop,
}
