"""Which editor's settings say whether a session is outdated, where several are attached with different ones."""

from collections.abc import Sequence
from pathlib import Path

from berth.host.connections import Connection
from berth.protocol.session import SessionInfo


class Judges:
    """One judge a session: whoever started or rebuilt it, since it was made of their settings and environment.

    While they are away, the one who has been there longest of those who have its folder open.
    """

    def __init__(self, connections: Sequence[Connection]) -> None:
        """``connections`` are those attached at any time, oldest first."""
        self._connections = connections
        self._appointed: dict[str, Connection] = {}

    def appoint(self, session: str, connection: Connection) -> None:
        """This connection has just started or rebuilt the session."""
        self._appointed[session] = connection

    def forget(self, session: str) -> None:
        """The session is gone."""
        self._appointed.pop(session, None)

    def may_judge(self, connection: Connection, session: SessionInfo) -> bool:
        """Whether this connection is the session's judge now."""
        appointed = self._appointed.get(session.id)
        if appointed is not None and appointed in self._connections:
            return connection is appointed
        folder = Path(session.workspace_folder)
        at_home = (each for each in self._connections if folder in each.folders())
        return connection is next(at_home, connection)
