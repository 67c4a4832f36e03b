"""Hosts behind unix sockets, as callers see them."""

import os
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress

from berth.sharing.limits import BACKLOG
from berth.sharing.unix.handed_over import HandedOver
from berth.sharing.unix.peer import check_peer, peer_process
from berth.sharing.unix.socket_door import SocketDoor
from berth.sharing.unreachable import Unreachable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from subprocess import Popen


class Sockets:
    """See :class:`berth.sharing.transports.Transport`."""

    def dial(self, path: str, within: float) -> socket.socket | None:
        """See :class:`~berth.sharing.transports.Transport`. The other end is the same user's."""
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.settimeout(within)
            connection.connect(path)
            check_peer(connection)
        except (FileNotFoundError, ConnectionRefusedError):
            connection.close()
            return None
        except BaseException:
            connection.close()
            raise
        return connection

    def is_alive(self, path: str) -> bool:
        """See :class:`~berth.sharing.transports.Transport`."""
        probe = self.dial(path, within=1)
        if probe is not None:
            probe.close()
        return probe is not None

    def start(self, path: str, spawn: "Callable[[Sequence[str], Sequence[int]], Popen[bytes]]") -> None:
        """The socket listens before the host is there, so nobody has to wait for it to come up."""
        listener = _listen(path)
        try:
            child = spawn((path, str(listener.fileno())), (listener.fileno(),))
            child.returncode = 0  # nobody waits for it: it outlives us
        except OSError:
            os.unlink(path)
            raise
        finally:
            listener.close()

    def process(self, path: str) -> int | None:
        """See :class:`~berth.sharing.transports.Transport`."""
        connection = self.dial(path, within=1)
        if connection is None:
            return None
        with connection:
            return peer_process(connection)

    def streams(self) -> HandedOver:
        """See :class:`~berth.sharing.transports.Transport`."""
        return HandedOver()

    def door(self, path: str, descriptor: int | None) -> SocketDoor:
        """See :class:`~berth.sharing.transports.Transport`."""
        if descriptor is None:
            raise Unreachable("A host at a unix socket is given one that listens.")
        return SocketDoor(path, socket.socket(fileno=descriptor))


def _listen(path: str) -> socket.socket:
    with suppress(FileNotFoundError):  # a host that was killed left it
        os.unlink(path)
    listener = socket.socket(socket.AF_UNIX)
    try:
        listener.bind(path)
        os.chmod(path, 0o600)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise Unreachable(f"{path} cannot be made: {error.strerror}.", "Set BERTH_RUNTIME_DIR.") from None
    return listener
