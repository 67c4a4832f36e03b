"""Lets callers in who come through a unix socket, and takes over their editor's streams."""

import asyncio
import os
import socket
from dataclasses import replace
from io import FileIO

from berth.lsp.hosting.greeting import CHUNK, GREETING_SECONDS, Caller, caller_of, read_preamble
from berth.lsp.transport.claim import Claimed
from berth.sharing.preamble import BadPreamble
from berth.sharing.unix.peer import check_peer


class SocketEntrance:
    """See :class:`berth.lsp.hosting.entrances.Entrance`. The system says who the caller is."""

    async def greet(self, connection: socket.socket) -> Caller:
        """See :class:`berth.lsp.hosting.entrances.Entrance`."""
        check_peer(connection)
        descriptors: list[int] = []
        try:
            async with asyncio.timeout(GREETING_SECONDS):
                content = await read_preamble(lambda: _receive(connection, descriptors))
            caller = caller_of(content)
            return replace(caller, wire=_taken(descriptors)) if caller.want == "serve" else caller
        except TimeoutError:
            raise BadPreamble("The preamble took too long.") from None
        finally:
            for descriptor in descriptors:  # those that nobody took
                os.close(descriptor)


def _taken(descriptors: list[int]) -> Claimed:
    if len(descriptors) != 2:
        raise BadPreamble("Standard input and output did not come with the preamble.")
    return Claimed(FileIO(descriptors.pop(0), "r"), FileIO(descriptors.pop(0), "w"))


async def _receive(connection: socket.socket, descriptors: list[int]) -> bytes:
    """Some bytes, and the descriptors that came with them."""
    await _readable(connection)
    data, passed, _, _ = socket.recv_fds(connection, CHUNK, 4)
    for descriptor in passed:
        os.set_inheritable(descriptor, False)  # noqa: FBT003 - it takes no keywords
        descriptors.append(descriptor)
    return data


async def _readable(connection: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    ready: asyncio.Future[None] = loop.create_future()

    def can_read() -> None:
        if not ready.done():
            ready.set_result(None)

    loop.add_reader(connection, can_read)
    try:
        await ready
    finally:
        loop.remove_reader(connection)
