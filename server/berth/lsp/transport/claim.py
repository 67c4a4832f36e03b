"""Takes standard input and output for the wire alone."""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import FileIO

from berth.lsp.transport.outlet import Outlet
from berth.lsp.transport.stdio import open_outlet, read_chunks


@dataclass(frozen=True, slots=True)
class Claimed:
    """Two files as a :class:`~berth.lsp.transport.wire.Wire`, unbuffered. Child processes do not inherit them."""

    stdin: FileIO
    stdout: FileIO

    async def open_outlet(self) -> Outlet:
        """See :class:`~berth.lsp.transport.wire.Wire`."""
        return await open_outlet(self.stdout)

    def read_chunks(self) -> AsyncIterator[bytes]:
        """See :class:`~berth.lsp.transport.wire.Wire`."""
        return read_chunks(self.stdin)


def claim_stdio() -> Claimed:
    """Moves the wire away from descriptors 0 and 1, for good.

    From then on descriptor 0 is empty and descriptor 1 is standard error, for Python, for C libraries and for child
    processes alike, so that a stray ``print`` can neither eat nor corrupt a message.
    """
    wire = Claimed(FileIO(os.dup(0), "r"), FileIO(os.dup(1), "w"))
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(2 if _is_open(2) else nothing, 1)
    os.close(nothing)
    return wire


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True
