"""The real host process with an engine in memory: ``python -m tests.sharing.host_fake [FLAGS] DESCRIPTOR SOCKET``."""

import asyncio
import logging
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from berth.lsp.hosting.host_process import serve_host

if TYPE_CHECKING:
    from berth.host.host import Host


@asynccontextmanager
async def open_late() -> AsyncIterator["Host"]:
    from tests.lsp.fake_host import open_fake_host  # noqa: PLC0415 - as the real program does

    async with open_fake_host(frozenset(sys.argv)) as host:
        yield host


if __name__ == "__main__":
    if "--crash" in sys.argv:
        sys.exit("crashed as told")
    logging.basicConfig(level=logging.DEBUG)
    listener = socket.socket(fileno=int(sys.argv[-2]))
    sys.exit(asyncio.run(serve_host(listener, Path(sys.argv[-1]), open_late)))
