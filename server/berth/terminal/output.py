"""``berth logs``."""

import sys

from berth.terminal.finding import find
from berth.terminal.hosts import Start, joined_hosts
from berth.terminal.plain import plain


async def print_logs(start: Start, wanted: str, *, lines: int) -> int:
    """Prints the last lines of what the container printed; as they are, unless a terminal would obey them."""
    async with joined_hosts(start) as hosts:
        host, info = await find(hosts, wanted)
        text = str((await host.client.command("agent.logs", {"session": info["id"], "tail": lines}))["text"])
    sys.stdout.write(plain(text) if sys.stdout.isatty() else text)
    return 0
