"""``workspace/executeCommand``: every ``agent.*`` command."""

from lsprotocol import types

from berth.errors import InvalidArguments
from berth.lsp.protocol import Encoded
from berth.lsp.server import Server
from berth.protocol.names import COMMANDS


async def execute_command(ls: Server, params: types.ExecuteCommandParams) -> Encoded:
    """Waits for the host and carries the command out.

    Raises:
        InvalidArguments: ``unknown-command``, or whatever :class:`berth.lsp.dispatch.Dispatch` raises.
    """
    if params.command not in COMMANDS:
        raise InvalidArguments("unknown-command", f"There is no command {params.command!r}.", "They begin with agent.")
    return await (await ls.attached()).dispatch.run(params)
