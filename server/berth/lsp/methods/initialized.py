"""``initialized``: the client is ready for requests of ours."""

import logging

from lsprotocol import types

from berth.lsp.client import ClientRefused
from berth.lsp.configuration import SECTION
from berth.lsp.server import Server

logger = logging.getLogger(__name__)

REGISTER_SECONDS = 10.0
"""How long a client may take to register a capability; nothing waits for it."""


def initialized(ls: Server, params: types.InitializedParams) -> None:
    """Asks to be told of changed settings, where the client lets servers ask, and has them looked at."""
    del params  # LSP gives them no fields
    if ls.editor.offers.watch_configuration:
        ls.editor.chores.spawn(_watch_configuration(ls))
    ls.when_attached(lambda attached: attached.folders_changed())


async def _watch_configuration(ls: Server) -> None:
    method = types.WORKSPACE_DID_CHANGE_CONFIGURATION
    registration = types.Registration(
        id="berth-configuration",
        method=method,
        register_options=types.DidChangeConfigurationRegistrationOptions(section=SECTION),
    )
    try:
        params = types.RegistrationParams(registrations=[registration])
        await ls.editor.client.ask(types.CLIENT_REGISTER_CAPABILITY, params, within=REGISTER_SECONDS)
    except (TimeoutError, ClientRefused):
        logger.warning("The editor did not register for changes of its configuration.")
