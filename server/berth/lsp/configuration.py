"""The ``berth`` section of the editor's configuration, in every way that editors give it."""

import logging
from collections.abc import Mapping
from typing import Any

from lsprotocol import types

from berth.errors import SettingsError
from berth.lsp.client import Client, ClientRefused
from berth.lsp.offers import OWN_OPTIONS, Offers, own_options
from berth.settings.scopes import ScopedSection

logger = logging.getLogger(__name__)

SECTION = "berth"
"""One single top-level name: eglot answers null for dotted ones."""

PULL_SECONDS = 2.0
"""How long an editor may take to answer ``workspace/configuration`` before what it pushed counts."""


class Configuration:
    """Pulled for each folder where the editor can be asked; else what it pushed; else what came with ``initialize``."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._offers = Offers()
        self._pushed: object = None
        self._initial: object = None
        self._scoped: dict[str, ScopedSection] = {}

    def begin(self, params: Mapping[str, Any], offers: Offers) -> None:
        """Takes ``initializationOptions.berth`` of the raw ``initialize`` params, without our own options."""
        self._offers = offers
        self._initial = {key: value for key, value in own_options(params).items() if key not in OWN_OPTIONS} or None

    def push(self, settings: object) -> None:
        """The editor pushed its settings, in an object named after our section or with full names."""
        if isinstance(settings, dict) and settings:
            self._pushed = settings.get(SECTION, settings if _is_section(settings) else None)

    async def of(self, folder_uri: str) -> object:
        """The section for a folder, as :meth:`berth.host.connections.Connection.configuration` has it."""
        if self._offers.scopes:
            return await self._by_scope(folder_uri)
        pulled = await self._pull(folder_uri) if self._offers.configuration else None
        return next((given for given in (pulled, self._pushed, self._initial) if given is not None), None)

    async def _by_scope(self, folder_uri: str) -> ScopedSection:
        """The section by scope; the last one that was given where the editor is too busy to answer now."""
        section = _scoped(await self._pull(folder_uri))
        if section is not None:
            self._scoped[folder_uri] = section
        elif folder_uri not in self._scoped:
            raise SettingsError("bad-settings", "The editor did not answer for its settings.", "Try again.")
        return self._scoped[folder_uri]

    async def _pull(self, folder_uri: str) -> object:
        params = {"items": [{"scopeUri": folder_uri, "section": SECTION}]}
        try:
            answer = await self._client.ask(types.WORKSPACE_CONFIGURATION, params, within=PULL_SECONDS)
        except (TimeoutError, ClientRefused):
            logger.warning("The editor did not answer for its configuration.")
            return None
        return answer[0] if isinstance(answer, list) and answer else None


def _is_section(settings: Mapping[str, object]) -> bool:
    """Whether every setting is spelled with its full name, such as ``berth.agent``."""
    return all(name.startswith(f"{SECTION}.") for name in settings)


def _scoped(answer: object) -> ScopedSection | None:
    """The answer of a client that tells scopes apart; None when it is none."""
    scopes = answer.get("$scopes") if isinstance(answer, dict) else None
    if not isinstance(answer, dict) or not isinstance(scopes, dict):
        return None
    user, workspace, folder = (
        scope if isinstance(scope := scopes.get(name), dict) else {} for name in ("user", "workspace", "folder")
    )
    return ScopedSection(user, workspace, folder, trusted=answer.get("$trusted") is True)
