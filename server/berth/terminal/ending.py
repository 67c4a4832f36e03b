"""``berth stop`` and ``berth rm``."""

import asyncio
import json
import sys
from typing import Any

from berth.demo.client import Client, ServerLeft
from berth.protocol.names import SESSION
from berth.terminal.finding import Info, find
from berth.terminal.hosts import Start, joined_hosts

ENDED = frozenset({"stopped", "failed"})

STOP_SECONDS = 240.0
"""Three rungs of a minute are the longest ladder; the rest is the engine's."""


async def stop_session(start: Start, wanted: str, *, grace: float | None, as_json: bool) -> int:
    """Stops a session and waits until it has; answers the status."""
    async with joined_hosts(start) as hosts:
        host, info = await find(hosts, wanted)
        arguments: dict[str, Any] = {"session": info["id"]}
        if grace is not None:
            arguments["grace"] = grace
        if info["state"] not in ENDED:
            info = await host.client.command("agent.stop", arguments)
        async with asyncio.timeout(STOP_SECONDS):
            while info["state"] not in ENDED:
                info = await next_info(host.client, info["id"])
    sys.stdout.write(json.dumps(info, indent=2) + "\n" if as_json else f"{info['id']} is off.\n")
    return 0


async def remove_session(start: Start, wanted: str, *, force: bool) -> int:
    """Removes a session with its container and journal."""
    async with joined_hosts(start) as hosts:
        host, info = await find(hosts, wanted)
        await host.client.command("agent.remove", {"session": info["id"], "force": force})
    sys.stdout.write(f"{info['id']} is removed.\n")
    return 0


async def next_info(client: Client, session: str) -> Info:
    """What is told next of a session.

    Raises:
        ServerLeft: The host has ended.
    """
    while (heard := await client.heard.get()) is not None:
        if heard.method == SESSION and heard.params["id"] == session:
            return dict(heard.params)
    raise ServerLeft
