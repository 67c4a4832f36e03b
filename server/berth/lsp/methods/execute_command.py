"""``workspace/executeCommand``: every ``agent.*`` command."""

from lsprotocol import types

from berth.lsp.protocol import Encoded
from berth.lsp.server import Server


async def execute_command(ls: Server, params: types.ExecuteCommandParams) -> Encoded:
    """Waits for the host and carries the command out."""
    return await (await ls.attached()).dispatch.run(params)
