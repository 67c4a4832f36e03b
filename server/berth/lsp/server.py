"""The language server: what one conversation with one client consists of.

Everything that is imported from here is imported before ``initialize`` is answered, so it is free of pydantic, anyio
and docker. What needs them comes with :mod:`berth.lsp.attached`, as soon as the answer is out.
"""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from pygls.lsp.server import LanguageServer
from pygls.protocol import default_converter

from berth import __version__
from berth.lsp.chores import Chores
from berth.lsp.editor import Editor
from berth.lsp.protocol import Protocol
from berth.lsp.surroundings import Surroundings
from berth.lsp.transport.outlet import Outlet

if TYPE_CHECKING:
    from berth.lsp.attached import Attached


class Server(LanguageServer):
    """State of one conversation.

    Attributes:
        editor: The other end, as the parts of the conversation know it.
        greeted: ``initialize`` was answered.
        opening: Becomes the open host, or what kept it from opening; awaited through :meth:`attached`.
        leaving: Done when the conversation is over; its result is the exit status.
    """

    protocol: Protocol

    def __init__(self, outlet: Outlet, chores: Chores, surroundings: Surroundings) -> None:
        super().__init__("berth", __version__, protocol_cls=Protocol, converter_factory=default_converter)
        self.protocol.outlet = outlet
        self.editor = Editor(self.protocol, chores, surroundings)
        loop = asyncio.get_running_loop()
        self.greeted = asyncio.Event()
        self.leaving: asyncio.Future[int] = loop.create_future()
        self.opening: asyncio.Future[Attached] = loop.create_future()
        self.opening.add_done_callback(_notice)

    async def attached(self) -> "Attached":
        """The open host. Waits while it is being loaded; raises what kept it from opening."""
        return await asyncio.shield(self.opening)

    def when_attached(self, do: "Callable[[Attached], None]") -> None:
        """Does something with the host once it is open; never, where it cannot be opened."""
        self.editor.chores.spawn(self._when_attached(do))

    async def _when_attached(self, do: "Callable[[Attached], None]") -> None:
        try:
            attached = await self.attached()
        except Exception:  # noqa: BLE001 - whatever kept the host from opening was logged there
            return
        do(attached)

    def leave_as_told(self) -> None:
        """Ends the conversation with the status that the specification has: 0 after a ``shutdown``, 1 without."""
        self.leave(0 if self.protocol.is_shut else 1)

    def leave(self, status: int) -> None:
        """Ends the conversation; the first status counts."""
        if not self.leaving.done():
            self.leaving.set_result(status)


def _notice(opening: "asyncio.Future[Attached]") -> None:
    """Marks a failure as seen: it is logged where it happens, and nobody may ever ask for the host."""
    if not opening.cancelled():
        opening.exception()
