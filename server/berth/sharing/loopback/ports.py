"""Hosts behind ports, as callers see them."""

import socket
import time
from collections.abc import Callable, Sequence

from berth.sharing.loopback.copied import Copied
from berth.sharing.loopback.knocking import dial
from berth.sharing.loopback.note import is_alive, read_note
from berth.sharing.loopback.port_door import PortDoor, open_port
from berth.sharing.unreachable import Unreachable

STARTING_SECONDS = 30.0
"""How long a host may take to open its port, which is the first thing it does."""

LOOK_SECONDS = 0.005
"""How often the one who starts a host looks for its note."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from subprocess import Popen


class Ports:
    """See :class:`berth.sharing.transports.Transport`."""

    def dial(self, path: str, within: float) -> socket.socket | None:
        """See :class:`~berth.sharing.transports.Transport`. Both ends have proven themselves then."""
        return dial(path, within)

    def is_alive(self, path: str) -> bool:
        """See :class:`~berth.sharing.transports.Transport`."""
        return is_alive(path)

    def start(self, path: str, spawn: "Callable[[Sequence[str], Sequence[int]], Popen[bytes]]") -> None:
        """The host opens its port itself: a descriptor cannot be handed over everywhere."""
        before = _secret(path)
        child = spawn((path,), ())
        until = time.monotonic() + STARTING_SECONDS
        while _secret(path) == before and child.poll() is None:
            if time.monotonic() > until:
                child.kill()
                raise Unreachable(
                    "Berth's host did not come up in 30 seconds.", "Try again when the machine is less busy."
                )
            time.sleep(LOOK_SECONDS)
        child.returncode = 0  # nobody waits for it: it outlives us

    def process(self, path: str) -> int | None:
        """See :class:`~berth.sharing.transports.Transport`."""
        note = read_note(path)
        return note.pid if note is not None and is_alive(path) else None

    def streams(self) -> Copied:
        """See :class:`~berth.sharing.transports.Transport`."""
        return Copied()

    def door(self, path: str, descriptor: int | None) -> PortDoor:  # noqa: ARG002 - ports are opened, not inherited
        """See :class:`~berth.sharing.transports.Transport`."""
        return open_port(path)


def _secret(path: str) -> bytes | None:
    note = read_note(path)
    return None if note is None else note.secret
