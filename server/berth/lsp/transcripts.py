"""Transcripts in the editor: as a virtual document, else as a real file, else by their path."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

from lsprotocol import types

from berth.errors import SessionError
from berth.lsp.addresses import session_of, uri_of
from berth.lsp.client import ClientRefused
from berth.lsp.editor import Editor
from berth.lsp.recent import recent
from berth.lsp.sanitise import sanitise
from berth.protocol.commands import SnapshotResult

logger = logging.getLogger(__name__)

SHOW_SECONDS = 30.0
"""How long a client may take to show a document: it may ask the person first."""

REFRESH_SECONDS = 0.5
"""Seconds between two refreshes of an open virtual document."""

Snapshot = Callable[[str], Awaitable[SnapshotResult]]


class Transcripts:
    """Opens transcripts without ever waiting for the editor, which may fetch the content before it answers."""

    def __init__(self, editor: Editor, snapshot: Snapshot) -> None:
        self._editor = editor
        self._snapshot = snapshot
        self._seen: dict[str, int] = {}
        self._refreshing: set[str] = set()

    def show(self, session: str, path: Path) -> str:
        """Begins to open a session's transcript, and answers the URI that it has for this editor."""
        offers = self._editor.offers
        uri = uri_of(session) if offers.virtual_documents and offers.show_document else path.as_uri()
        if offers.show_document:
            self._editor.chores.spawn(self._show(uri, path))
        else:
            self._tell(path)
        return uri

    async def text(self, uri: str) -> str:
        """The content of a virtual document: the newest part of a long transcript.

        Raises:
            SessionError: ``unknown-session``.
        """
        session = session_of(uri)
        if session is None:
            raise SessionError("unknown-session", "The address names no session's transcript.")
        snapshot = await self._snapshot(session)
        self._seen[session] = snapshot.seq
        return recent(snapshot.transcript, session)

    def happened(self, session: str, seq: int) -> None:
        """Refreshes the session's virtual document, if the client has fetched it; at a readable pace."""
        if seq > self._seen.get(session, seq) and session not in self._refreshing:
            self._refreshing.add(session)
            self._editor.chores.spawn(self._refresh(session))

    def removed(self, session: str) -> None:
        """The session is gone; its document stays as it is."""
        self._seen.pop(session, None)

    async def _show(self, uri: str, path: Path) -> None:
        params = types.ShowDocumentParams(uri=uri, external=False, take_focus=True)
        try:
            answer = await self._editor.client.ask(types.WINDOW_SHOW_DOCUMENT, params, within=SHOW_SECONDS)
        except (TimeoutError, ClientRefused):
            answer = None
        if not isinstance(answer, dict) or answer.get("success") is not True:
            self._tell(path)

    def _tell(self, path: Path) -> None:
        message = sanitise(f"The transcript is in {path}", limit=4096)
        self._editor.client.notify(types.WINDOW_SHOW_MESSAGE, {"type": types.MessageType.Info, "message": message})

    async def _refresh(self, session: str) -> None:
        try:
            await asyncio.sleep(REFRESH_SECONDS)
            await self._editor.outlet.writable()
            params = types.TextDocumentContentRefreshParams(uri=uri_of(session))
            method = types.WORKSPACE_TEXT_DOCUMENT_CONTENT_REFRESH
            await self._editor.client.ask(method, params, within=SHOW_SECONDS)
        except (TimeoutError, ClientRefused):
            self._seen.pop(session, None)  # nobody has it open
        finally:
            self._refreshing.discard(session)
