"""What is asked of a connection to a client."""

from collections.abc import AsyncIterator
from typing import Protocol

from berth.lsp.transport.outlet import Outlet


class Wire(Protocol):
    """Both directions. Each is opened once, and whoever opens it uses it up."""

    async def open_outlet(self) -> Outlet:
        """The writing end. Comes first."""
        ...

    def read_chunks(self) -> AsyncIterator[bytes]:
        """What the client sends, cut anywhere, until it closes its end. Never blocks the loop."""
        ...
