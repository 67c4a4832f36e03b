"""The real host process with an engine in memory: ``python -m tests.sharing.host_fake [FLAGS] DOOR [DESCRIPTOR]``."""

import argparse
import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from berth.lsp.hosting.host_process import serve_host
from berth.sharing.transports import transport_of

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
    parser = argparse.ArgumentParser()
    parser.add_argument("door")
    parser.add_argument("descriptor", type=int, nargs="?")
    options, _ = parser.parse_known_args()
    door = transport_of(options.door).door(options.door, options.descriptor)
    sys.exit(asyncio.run(serve_host(door, open_late)))
