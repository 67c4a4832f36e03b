"""The lifetime of a host, as a block."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import anyio

from berth.engine.base import Engine
from berth.engine.process.processes import open_processes
from berth.host.host import Host
from berth.host.ownership import Ownership
from berth.host.places import StateFolder


@asynccontextmanager
async def open_host(make_engine: Callable[[], Engine], folder: StateFolder) -> AsyncIterator[Host]:
    """A host for as long as the block lasts.

    Leaving it ends no session's container, but every plain process and the containers that wait.
    """
    engine, ownership, host = make_engine(), Ownership(), None
    try:
        async with open_processes(folder.root) as processes, anyio.create_task_group() as tasks:
            host = Host(engine, processes, folder, tasks=tasks)
            host.ownership = ownership
            tasks.start_soon(host.adopt)
            try:
                yield host
            finally:
                await host.departures.close()
            tasks.cancel_scope.cancel()
    finally:
        ownership.release_all()
        with anyio.CancelScope(shield=True):
            if host is not None:
                await host.spares.aclose()
                await host.ways.aclose()
            await engine.aclose()
