"""Carries bytes between two sockets until both directions have ended.

By the loop's own calls: anyio's streams of unix sockets complain (4.16) when they are cancelled as something arrives.
"""

import asyncio
import socket
from collections.abc import Callable

import anyio

PIECE = 65_536


async def carry(one: socket.socket, other: socket.socket) -> None:
    """Each direction may end alone; one that breaks ends both."""
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_pour, one, other, tasks.cancel_scope.cancel)
        tasks.start_soon(_pour, other, one, tasks.cancel_scope.cancel)


async def _pour(source: socket.socket, sink: socket.socket, broken: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    try:
        while data := await loop.sock_recv(source, PIECE):
            await loop.sock_sendall(sink, data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        broken()
