"""The client's end of a connection to something that serves one in this process."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

SECONDS = 20.0
"""How long a conversation may take, and its server after it."""


@asynccontextmanager
async def client_of(
    serve: Callable[[socket.socket], Coroutine[Any, Any, None]],
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Speaks to ``serve``, which has to have ended soon after the client has left."""
    ours, theirs = socket.socketpair()
    theirs.settimeout(0.0)
    serving = asyncio.ensure_future(serve(theirs))
    reader, writer = await asyncio.open_connection(sock=ours)
    try:
        async with asyncio.timeout(SECONDS):
            yield reader, writer
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
        async with asyncio.timeout(SECONDS):
            await serving
