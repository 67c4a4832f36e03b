"""What the proxy is told, and what it tells: JSON lines. Pure. The other side is ``images/egress``."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from berth.planning.credentials_plan import PlannedKey
from berth.planning.network_plan import NetworkPlan, PlannedHost

MOST_LINE = 64 * 1024
"""A longer line of the proxy's is none of its."""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that the proxy said. ``lane`` is empty where it is about the proxy itself."""

    event: str
    lane: str = ""
    host: str = ""
    port: int = 0
    why: str = ""
    order: str = ""
    name: str = ""
    held: bool = False
    count: int = 1


def set_order(lane: str, plan: NetworkPlan, *, hold: float, extra: tuple[PlannedHost, ...] = ()) -> dict[str, Any]:
    """All rules of one lane. They hold from the moment that it is answered."""
    return {
        "do": "set",
        "lane": lane,
        "allow": [host_order(host) for host in (*plan.allowed, *extra)],
        "deny": [host_order(host) for host in plan.denied],
        "private": [area.network for area in plan.private],
        "hold": hold,
        "credentials": [_credential(key) for key in plan.credentials.keys],
        "authority": plan.credentials.certificates,
        **({"upstream": {**_upstream(plan.upstream), "past": plan.past_upstream}} if plan.upstream else {}),
    }


def _credential(key: PlannedKey) -> dict[str, Any]:
    """One key. Without its value the proxy goes on with the one that it has."""
    return {
        "name": key.variable,
        "sentinel": key.sentinel,
        "key": key.key,
        "origin": key.url,
        "inside": key.inside,
        "base": key.base,
        "routes": key.routes,
        "header": key.header,
        "prefix": key.prefix,
    }


def host_order(host: PlannedHost) -> dict[str, Any]:
    """One host."""
    return {"host": host.host, "port": host.port, "opaque": host.opaque, "inside": host.inside}


def read_told(line: bytes) -> Told | None:
    """One line of the proxy's; None for what is none."""
    try:
        read = json.loads(line)
    except ValueError:
        return None
    if not isinstance(read, dict) or not isinstance(read.get("event"), str):
        return None
    return _told(read)


def _told(read: Mapping[str, Any]) -> Told:
    port, count = read.get("port"), read.get("count")
    return Told(
        event=read["event"],
        lane=str(read.get("lane", "")),
        host=str(read.get("host", ""))[:260],
        port=port if isinstance(port, int) else 0,
        why=str(read.get("escapes", read.get("door", read.get("why", ""))))[:100],
        order=str(read.get("order", "")),
        name=str(read.get("name", ""))[:100],
        held=read.get("held") is True,
        count=count if isinstance(count, int) else 1,
    )


def lacks_password(url: str) -> bool:
    """Whether a proxy's URL names somebody without a password, as a plan does that was read from disk."""
    parts = urlsplit(url if "://" in url else f"http://{url}")
    return parts.username is not None and parts.password is None


def _upstream(url: str) -> dict[str, str]:
    parts = urlsplit(url if "://" in url else f"http://{url}")
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    upstream = {"at": f"{host}:{parts.port or 3128}"}
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        upstream["authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    return upstream
