"""``shutdown`` and ``exit``: two messages, one goodbye. Nothing depends on either: see :mod:`berth.lsp.serve`."""

from collections.abc import Callable

from lsprotocol import types

from berth.lsp.protocol import Phase
from berth.lsp.server import Server


def shutdown(ls: Server, params: None) -> None:
    """No more requests; those in flight still get their answers."""
    del params
    ls.protocol.phase = Phase.SHUT


def exit_server(ls: Server, params: None) -> None:
    """The end: status 0 after a ``shutdown``, 1 without, as the specification says."""
    del params
    ls.leave_as_told()


METHODS: dict[str, Callable[..., None]] = {types.SHUTDOWN: shutdown, types.EXIT: exit_server}
