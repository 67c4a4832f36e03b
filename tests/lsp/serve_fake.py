"""The real server over the real stdio, with an engine in memory: ``python -m tests.lsp.serve_fake``.

Nothing heavy is imported before the host is opened, as in the real program. ``--print`` prints strays while it serves,
``--broken`` cannot open its host, ``--hang`` never closes it.
"""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from berth.lsp.serve import serve

if TYPE_CHECKING:
    from berth.host.host import Host


@asynccontextmanager
async def open_late() -> AsyncIterator["Host"]:
    from tests.lsp.fake_host import open_fake_host  # noqa: PLC0415 - what is imported when is what counts here

    async with open_fake_host(frozenset(sys.argv)) as host:
        yield host


if __name__ == "__main__":
    logging.basicConfig(level=logging.DEBUG if "--debug" in sys.argv else logging.INFO)
    sys.exit(asyncio.run(serve(open_late)))
