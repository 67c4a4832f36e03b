"""``window/workDoneProgress/cancel``: the cancel button of a progress."""

from lsprotocol import types

from berth.lsp.server import Server


async def progress_cancel(ls: Server, params: types.WorkDoneProgressCancelParams) -> None:
    """Cancels the turn, or stops the session that is starting."""
    await (await ls.attached()).cancel_progress(params.token)
