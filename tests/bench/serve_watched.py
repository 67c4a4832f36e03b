"""The real server with its loop watched: ``python -m tests.bench.serve_watched docker|fake``."""

import asyncio
import logging
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from berth.engine.base import Engine
from berth.engine.docker.engine import DockerEngine
from berth.host.host import Host
from berth.host.opening import open_host
from berth.host.places import StateFolder
from berth.lsp.serve import serve
from tests.bench.fake_printer import fake_printer
from tests.bench.stage import IMAGE
from tests.bench.watch import LoopWatch
from tests.fakes.engine import FakeEngine

ENGINES: dict[str, Callable[[], Engine]] = {
    "docker": lambda: DockerEngine(os.environ),
    "fake": lambda: FakeEngine({"perl": fake_printer}, images=(IMAGE,)),
}


@asynccontextmanager
async def watched_host() -> AsyncIterator[Host]:
    async with open_host(ENGINES[sys.argv[1]], StateFolder.of_user()) as host:
        watching = asyncio.create_task(LoopWatch().run())
        yield host
        watching.cancel()


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    sys.exit(asyncio.run(serve(watched_host)))
