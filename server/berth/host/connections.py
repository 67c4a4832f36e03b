"""What the host asks of an editor, and tells it. The LSP face is one implementation."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from berth.host.findings import Finding
from berth.protocol.housekeeping import SessionStats
from berth.protocol.session import SessionInfo
from berth.sessions.published import Published


class Connection(Protocol):
    """One editor or terminal attached to the host. It comes and goes, and ends nothing but itself.

    ``name`` is for people (``Neovim 0.10.4``). ``environment`` is the editor's own, for forwarded variables.
    ``asks``: questions reach a person there.
    """

    name: str
    environment: Mapping[str, str]
    asks: bool

    def folders(self) -> tuple[Path, ...]:
        """The workspace folders open in the editor; empty when there is none."""
        ...

    async def configuration(self, folder: Path) -> object:
        """The ``berth`` section that the editor has for this folder, or None when it gives none.

        A raw object that the editor merged, from wherever it likes, a repository's files included: pulled, else what
        was pushed, else ``initializationOptions.berth``. Or a :class:`berth.settings.scopes.ScopedSection` from an
        editor whose own code says who wrote what, and whether the workspace is trusted. Bounded in time.

        Raises:
            BerthError: ``bad-settings``: an editor that tells scopes apart did not answer. What it may have pushed does
                not say who wrote it, nor whether the workspace may be read.
        """
        ...

    def document(self, uri: str) -> str | None:
        """The text of an open buffer; None when it is not open."""
        ...

    async def edit_document(self, uri: str, *, before: str, after: str) -> bool:
        """Changes an open document, and answers whether the editor did it. It is not saved by that.

        Nothing is asked of an editor that does not offer it, nor when the document no longer says what it said before.
        Bounded in time.
        """
        ...

    def excerpt(self, text: str, *, start: tuple[int, int], end: tuple[int, int]) -> str:
        """The stretch of a text between two positions (line, character) in the negotiated position encoding."""
        ...

    def diagnostics(self, uri: str) -> str:
        """The document's diagnostics as lines of text, as the editor last sent them; empty when there are none."""
        ...

    def problems(self, folder: Path, findings: Sequence[Finding]) -> None:
        """What is wrong in the settings files of a folder, instead of what was said before. Must return at once."""
        ...

    def watch(self, folder: Path, files: Collection[Path]) -> None:
        """The files that matter to a folder's settings, instead of those before. Must return at once.

        Those that are known by their names alone (:mod:`berth.settings.watched`) are among them.
        """
        ...

    async def show_document(self, session: str, path: Path) -> str:
        """Opens a session's transcript and answers the URI that it has for this editor."""
        ...

    def changed(self, info: SessionInfo) -> None:
        """A session changed. Must return at once."""
        ...

    def happened(self, session: str, event: Published) -> None:
        """A session published an event. Must return at once; whoever cannot keep up reads it again from the host."""
        ...

    def measured(self, stats: SessionStats) -> None:
        """What a session uses that this connection looks at. Must return at once; whoever cannot keep up misses it."""
        ...

    def removed(self, session: str) -> None:
        """A session is gone. Must return at once."""
        ...
