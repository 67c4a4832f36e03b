"""``$/cancelRequest`` and ``$/setTrace``: taken and not acted on.

Commands answer at once and change the world, so none is broken off in the middle; what runs for long is ended by
``agent.cancel`` and ``agent.stop``, or through the cancel button of its progress.
"""

from lsprotocol import types

from berth.lsp.server import Server


def ignore(ls: Server, params: object) -> None:
    """Nothing to do."""
    del ls, params


METHODS = {types.CANCEL_REQUEST: ignore, types.SET_TRACE: ignore}
